//! What CAPA announces, and what is there.

use pop3_proto::language::Language;
use pop3_proto::server::{Availability, ServerConfig};
use pop3_server::ServerBuilder;
use pop3_server::sasl::Mechanism;

use crate::Failure;
use crate::args::{ServeArguments, Utf8Argument};

/// What `--withhold` and `--without` may name besides mechanisms.
const NAMED: [(&str, Place); 11] = [
    ("TOP", Place::Session(|session| &mut session.top)),
    ("UIDL", Place::Session(|session| &mut session.uidl)),
    ("USER", Place::Session(|session| &mut session.user)),
    ("RESP-CODES", Place::Session(|session| &mut session.resp_codes)),
    ("AUTH-RESP-CODE", Place::Session(|session| &mut session.auth_resp_code)),
    ("PIPELINING", Place::Session(|session| &mut session.pipelining)),
    ("UTF8", Place::Session(|session| &mut session.utf8)),
    ("LANG", Place::Session(|session| &mut session.lang)),
    ("CAPA", Place::Session(|session| &mut session.capa)),
    ("APOP", Place::Apop),
    ("SASL", Place::AllMechanisms),
];

/// Where a builder keeps whether something is there.
#[derive(Clone, Copy)]
enum Place {
    Session(fn(&mut ServerConfig) -> &mut Availability),
    Apop,
    AllMechanisms,
    Mechanism(Mechanism),
}

pub(super) fn capabilities(
    builder: ServerBuilder,
    mechanisms: &[Mechanism],
    arguments: &ServeArguments,
) -> Result<ServerBuilder, Failure> {
    let mut builder = builder.session(|session| {
        if let Some(user) = arguments.utf8 {
            session.utf8 = Availability::Offered;
            session.utf8_user = user == Some(Utf8Argument::User);
        }
        if let Some(tag) = &arguments.lang {
            session.lang = Availability::Offered;
            session.preferred_language = Language::matching(tag).unwrap_or(Language::English);
        }
        session.implementation.clone_from(&arguments.implementation);
    });
    let withheld = arguments.withhold.iter().map(|name| ("--withhold", name, Availability::Withheld));
    let left_out = arguments.without.iter().map(|name| ("--without", name, Availability::Absent));
    for (option, name, availability) in withheld.chain(left_out) {
        let name = name.to_ascii_uppercase();
        let place = place(option, &name)?;
        if let Some(why) = objection(&name, place, availability, mechanisms, arguments) {
            return Err(Failure::usage(format!("{option} {name}: {why}")));
        }
        builder = match place {
            Place::Session(field) => builder.session(|session| *field(session) = availability),
            Place::Apop => builder.apop(availability),
            Place::Mechanism(mechanism) => builder.mechanism(mechanism, availability),
            Place::AllMechanisms => {
                mechanisms.iter().fold(builder, |builder, mechanism| builder.mechanism(*mechanism, availability))
            }
        };
    }
    Ok(builder)
}

/// What is called so, or the user's error with all names.
fn place(option: &str, name: &str) -> Result<Place, Failure> {
    let listed = NAMED.iter().find(|(listed, _)| *listed == name).map(|(_, place)| *place);
    listed.or_else(|| Mechanism::from_name(name).map(Place::Mechanism)).ok_or_else(|| {
        let names = NAMED.map(|(name, _)| name).join(", ");
        Failure::usage(format!("{option} {name}: it takes {names}, or a mechanism"))
    })
}

/// Why something cannot be withheld or left out, and what to do.
fn objection(
    name: &str,
    place: Place,
    availability: Availability,
    mechanisms: &[Mechanism],
    arguments: &ServeArguments,
) -> Option<&'static str> {
    const TO_OFFER: &str = "it is not offered; name it with --mechanism too, or leave this out";
    const NOT_OFFERED: &str = "it is only there when an option asks for it; leave out that, or this";
    const UNDER_TLS: &str = "--plaintext-under-tls says when it is there; leave out one of the two";
    let is_withheld = availability == Availability::Withheld;
    let is_plaintext = match place {
        Place::Mechanism(mechanism) => mechanism.is_plaintext(),
        Place::AllMechanisms => mechanisms.iter().any(|mechanism| mechanism.is_plaintext()),
        Place::Session(_) | Place::Apop => name == "USER",
    };
    let is_in_both = [&arguments.withhold, &arguments.without]
        .iter()
        .all(|names| names.iter().any(|other| other.eq_ignore_ascii_case(name)));
    match (name, place) {
        _ if is_in_both => Some("it cannot be withheld and not be there; leave out one of the two"),
        _ if is_withheld && is_plaintext && arguments.plaintext_under_tls => Some(UNDER_TLS),
        ("CAPA", _) if is_withheld => Some("nothing announces it; --without CAPA leaves it out"),
        ("APOP", _) if is_withheld => {
            Some("the timestamp in the greeting announces it; --without APOP leaves out both")
        }
        ("PIPELINING", _) if !is_withheld => {
            Some("commands that come early are heard in any case; --withhold PIPELINING keeps it out of CAPA")
        }
        ("UTF8", _) if is_withheld && arguments.utf8.is_none() => Some("it is not offered; add --utf8"),
        ("LANG", _) if is_withheld && arguments.lang.is_none() => Some("it is not offered; add --lang"),
        ("UTF8" | "LANG", _) if !is_withheld => Some(NOT_OFFERED),
        (_, Place::Mechanism(mechanism)) if !mechanisms.contains(&mechanism) => Some(TO_OFFER),
        (_, Place::Mechanism(_) | Place::AllMechanisms) if !is_withheld && !arguments.mechanism.is_empty() => {
            Some(NOT_OFFERED)
        }
        _ => None,
    }
}
