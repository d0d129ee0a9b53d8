//! What one play is about, and how its target is reached.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::scenario::{Chunking, Hook, Scenario, Step};
use pop3_spec::ruling::Chosen;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;

use crate::connection::Patience;
use crate::target::Methods;
use crate::tls::Trust;

/// How the target is reached.
#[derive(Clone)]
pub(crate) struct Access {
    /// The plain port.
    pub(crate) plain: Option<SocketAddr>,
    /// The port with implicit TLS.
    pub(crate) implicit: Option<SocketAddr>,
    /// TLS as a client.
    pub(crate) tls: Arc<ClientConfig>,
    /// Whom it trusts.
    pub(crate) trust: Trust,
    /// The name to check certificates against.
    pub(crate) tls_name: ServerName<'static>,
    /// Capabilities announced or claimed, upper case.
    pub(crate) capabilities: Rc<BTreeSet<String>>,
    /// Whether nobody is let in without TLS.
    pub(crate) refuses_clear: bool,
    /// How to log in where a scenario does not say how.
    pub(crate) methods: Methods,
    /// Deadlines and caps.
    pub(crate) patience: Patience,
    /// Factor for times that scenarios claim.
    pub(crate) time_scale: f64,
    /// How what is sent goes to the network, where a scenario does not say so.
    pub(crate) delivery: Delivery,
    /// Rounds that are played side by side at most, where a scenario has several.
    pub(crate) at_once: usize,
}

/// How a connection is opened where a step does not say how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// In the clear, where there is a plain port.
    Clear,
    /// Under TLS, by whichever way the target has.
    Protected,
}

/// An action on the target; in words, why it could not be done.
pub(crate) type Act<'a> = &'a dyn Fn(Hook) -> LocalBoxFuture<'a, Result<(), String>>;

/// What a play is about.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    /// How the target is reached.
    pub(crate) access: &'a Access,
    /// The scenario, for its levels and requirements.
    pub(crate) scenario: &'a Scenario,
    /// Rulings that are read otherwise than by default.
    pub(crate) rulings: &'a Chosen,
    /// The steps: the scenario's own, or those of its control.
    pub(crate) steps: &'a [Step],
    /// How a connection is opened where a step does not say how.
    pub(crate) opening: Opening,
    /// How octets are cut, where an axis of the scenario varies it.
    pub(crate) chunking: Option<Chunking>,
    /// Canonical octets of the mail in the maildrop.
    pub(crate) messages: &'a [Vec<u8>],
    /// Does something to the target.
    pub(crate) act: Act<'a>,
}
