//! The AUTH mechanisms.

use pop3_server::ServerBuilder;
use pop3_server::sasl::Mechanism;

use super::tls;
use crate::Failure;
use crate::args::ServeArguments;

/// What the arguments name, in this order, or what a server has that is not told.
pub(super) fn mechanisms(arguments: &ServeArguments) -> Result<Vec<Mechanism>, Failure> {
    if arguments.mechanism.is_empty() {
        return Ok(Mechanism::DEFAULT.to_vec());
    }
    let mut mechanisms = Vec::new();
    for name in &arguments.mechanism {
        let mechanism = mechanism(name)?;
        if !mechanisms.contains(&mechanism) {
            mechanisms.push(mechanism);
        }
    }
    Ok(mechanisms)
}

/// Offers these mechanisms with what each of them needs.
pub(super) fn offer(
    builder: ServerBuilder,
    mechanisms: &[Mechanism],
    arguments: &ServeArguments,
) -> Result<ServerBuilder, Failure> {
    let has = |mechanism| mechanisms.contains(&mechanism);
    match (has(Mechanism::Anonymous), &arguments.anonymous) {
        (true, None) => {
            return Err(Failure::usage("--mechanism ANONYMOUS: name the account that it opens with --anonymous NAME"));
        }
        (false, Some(_)) => return Err(Failure::usage("--anonymous is of no use without --mechanism ANONYMOUS")),
        _ => {}
    }
    if !has(Mechanism::OauthBearer) && !has(Mechanism::Xoauth2) && !arguments.token.is_empty() {
        return Err(Failure::usage("--token is of no use without --mechanism OAUTHBEARER or --mechanism XOAUTH2"));
    }
    if !has(Mechanism::External) && !arguments.certificate_name.is_empty() {
        return Err(Failure::usage("--certificate-name is of no use without --mechanism EXTERNAL"));
    }
    let under_tls =
        mechanisms.iter().find(|mechanism| mechanism.name().ends_with("-PLUS") || **mechanism == Mechanism::External);
    if let Some(mechanism) = under_tls.filter(|_| !tls::is_there(arguments)) {
        return Err(tls::needed(&format!("--mechanism {}", mechanism.name())));
    }
    if has(Mechanism::External) && arguments.client_ca.is_none() {
        return Err(Failure::usage(
            "--mechanism EXTERNAL: name the authorities of the clients' certificates with --client-ca FILE",
        ));
    }
    let builder = builder.mechanisms(mechanisms);
    let builder = if arguments.plaintext_under_tls { builder.plaintext_under_tls() } else { builder };
    Ok(match &arguments.anonymous {
        Some(name) => builder.anonymous(name),
        None => builder,
    })
}

/// The mechanism of this name, or the user's error with all names.
fn mechanism(name: &str) -> Result<Mechanism, Failure> {
    Mechanism::from_name(name).ok_or_else(|| {
        let names = Mechanism::ALL.map(Mechanism::name).join(", ");
        Failure::usage(format!("no mechanism is called `{name}`\n  help: there are {names}"))
    })
}
