//! How long, how often, how many.

use std::num::NonZeroUsize;
use std::time::Duration;

use pop3_server::{Limits, ServerBuilder};

use crate::args::ServeArguments;
use crate::terminal::Terminal;

/// The least that RFC 1939 section 3 allows an autologout timer.
const AUTOLOGOUT: u64 = 10 * 60;

pub(super) fn limits(mut builder: ServerBuilder, arguments: &ServeArguments, terminal: &Terminal) -> ServerBuilder {
    if let Some(seconds) = arguments.login_delay {
        builder = builder.login_delay(seconds.get());
    }
    if let Some(retention) = arguments.expire {
        builder = builder.expire(retention);
    }
    let defaults = Limits::default();
    builder = builder.limits(Limits {
        connections: arguments.max_connections.map_or(defaults.connections, NonZeroUsize::get),
        per_address: arguments.max_connections_per_address.map(NonZeroUsize::get).or(defaults.per_address),
    });
    builder.session(|session| {
        if let Some(seconds) = arguments.autologout {
            if seconds.get() < AUTOLOGOUT {
                terminal.note(&format!(
                    "note: with --autologout {seconds} clients are logged out before the {AUTOLOGOUT} seconds that RFC \
                     1939 section 3 gives them"
                ));
            }
            session.autologout = Duration::from_secs(seconds.get());
        }
        if let Some(failures) = arguments.failed_logins {
            session.failed_logins = failures.get();
        }
    })
}
