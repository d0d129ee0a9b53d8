//! Known capabilities have the arguments that their RFC gives them.

use pop3_proto::capability::Capability;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capability-arguments",
    title: "Capabilities that are defined have the arguments that their definition gives them.",
    requirements: &[
        "rfc2449-6.3-sasl-lists-mechanisms",
        "rfc2449-6.1-top-no-arguments",
        "rfc2449-6.2-user-no-arguments",
        "rfc2449-6.4-resp-codes-no-arguments",
        "rfc2449-6.5-login-delay-syntax",
        "rfc2449-6.6-pipelining-no-arguments",
        "rfc2449-6.7-expire-syntax",
        "rfc2449-6.8-uidl-no-arguments",
        "rfc2449-6.9-implementation-has-token",
        "rfc2595-4-stls-no-arguments",
        "rfc3206-6-auth-resp-code-no-arguments",
        "rfc6856-2-utf8-argument",
        "rfc6856-3.1-lang-no-arguments",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// Tag, what stands behind it, and the requirement.
const DEFINED: [(&str, &str, &str); 13] = [
    ("AUTH-RESP-CODE", "nothing", "rfc3206-6-auth-resp-code-no-arguments"),
    ("EXPIRE", "a number of days or NEVER", "rfc2449-6.7-expire-syntax"),
    ("IMPLEMENTATION", "a token at least", "rfc2449-6.9-implementation-has-token"),
    ("LANG", "nothing", "rfc6856-3.1-lang-no-arguments"),
    ("LOGIN-DELAY", "a number of seconds", "rfc2449-6.5-login-delay-syntax"),
    ("PIPELINING", "nothing", "rfc2449-6.6-pipelining-no-arguments"),
    ("RESP-CODES", "nothing", "rfc2449-6.4-resp-codes-no-arguments"),
    ("SASL", "names of mechanisms", "rfc2449-6.3-sasl-lists-mechanisms"),
    ("STLS", "nothing", "rfc2595-4-stls-no-arguments"),
    ("TOP", "nothing", "rfc2449-6.1-top-no-arguments"),
    ("UIDL", "nothing", "rfc2449-6.8-uidl-no-arguments"),
    ("USER", "nothing", "rfc2449-6.2-user-no-arguments"),
    ("UTF8", "USER or nothing", "rfc6856-2-utf8-argument"),
];

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        for line in capabilities(turn).unwrap_or_default() {
            // The reader keeps a known tag as any other where its arguments are wrong.
            let Some(Capability::Other { tag, .. }) = Capability::parse(line) else { continue };
            // Ruling a-20: a list without mechanisms is left to scenarios.
            if line.eq_ignore_ascii_case(b"SASL") {
                continue;
            }
            let defined = DEFINED.iter().find(|(defined, ..)| tag.eq_ignore_ascii_case(defined));
            if let Some((tag, arguments, requirement)) = defined {
                let expected = format!("{tag} with {arguments} behind it");
                breaches.push(Breach::new(turn, turn.octets.start, expected, line).citing(requirement));
            }
        }
    }
    breaches
}
