//! How the runner logs in, where a scenario does not say how.

use pop3_proto::apop;
use pop3_proto::capability::Capability;
use pop3_proto::login::{Mechanism, Method};
use serde::Deserialize;

/// The `login:` of a target file: how the runner logs in before the first
/// scenario, and where a scenario says `auth: any`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum LoginChoice {
    /// What the server shows: USER and PASS if it announces USER or no mechanism
    /// that could be used, else the first of those mechanisms, the safest first.
    #[default]
    Auto,
    /// This method and no other.
    Only(Method),
}

/// The methods that a target is known to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Methods {
    /// Where nothing was found out about TLS in particular.
    pub(crate) usual: Method,
    /// On a connection under TLS, where a server may announce more (RFC 5034 section 3).
    pub(crate) under_tls: Method,
}

/// Mechanisms for which name and password suffice, the safest first.
const BY_PASSWORD: [Mechanism; 5] =
    [Mechanism::ScramSha256, Mechanism::ScramSha1, Mechanism::CramMd5, Mechanism::Plain, Mechanism::Login];

/// The words of a target file.
const WORDS: [(&str, LoginChoice); 8] = [
    ("auto", LoginChoice::Auto),
    ("user-pass", LoginChoice::Only(Method::UserPass)),
    ("apop", LoginChoice::Only(Method::Apop)),
    ("plain", LoginChoice::Only(Method::Auth(Mechanism::Plain))),
    ("login", LoginChoice::Only(Method::Auth(Mechanism::Login))),
    ("cram-md5", LoginChoice::Only(Method::Auth(Mechanism::CramMd5))),
    ("scram-sha-1", LoginChoice::Only(Method::Auth(Mechanism::ScramSha1))),
    ("scram-sha-256", LoginChoice::Only(Method::Auth(Mechanism::ScramSha256))),
];

impl TryFrom<String> for LoginChoice {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let found = WORDS.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice);
        let known = WORDS.map(|(known, _)| known).join(", ");
        found.ok_or_else(|| format!("`login: {word}` is no way to log in; it is one of {known}"))
    }
}

impl LoginChoice {
    /// Whether a server that greeted so and has these lines of CAPA shows a way in. One
    /// without CAPA need not.
    pub(crate) fn shows_a_way(self, greeting: &[u8], capabilities: &[Vec<u8>]) -> bool {
        let user = || capabilities.iter().any(|line| line.eq_ignore_ascii_case(b"USER"));
        self != Self::Auto
            || capabilities.is_empty()
            || user()
            || self.method(greeting, capabilities) != Method::UserPass
    }

    /// The method for a server that greeted so and has these lines of CAPA.
    pub(crate) fn method(self, greeting: &[u8], capabilities: &[Vec<u8>]) -> Method {
        if let Self::Only(method) = self {
            return method;
        }
        let announced: Vec<Capability> = capabilities.iter().filter_map(|line| Capability::parse(line)).collect();
        let has = |tag: &str| announced.iter().any(|capability| capability.tag().eq_ignore_ascii_case(tag));
        if announced.is_empty() || has("USER") {
            return Method::UserPass;
        }
        let lists = |mechanism: &Mechanism| {
            let words = announced.iter().map(ToString::to_string).filter_map(|line| {
                line.split_once(' ')
                    .filter(|(tag, _)| tag.eq_ignore_ascii_case("SASL"))
                    .map(|(_, rest)| rest.to_owned())
            });
            words.into_iter().any(|words| words.split(' ').any(|word| word.eq_ignore_ascii_case(mechanism.name())))
        };
        match BY_PASSWORD.into_iter().find(lists) {
            Some(mechanism) => Method::Auth(mechanism),
            None if apop::timestamp(greeting).is_some() => Method::Apop,
            None => Method::UserPass,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_shows_decides() {
        let check = |greeting: &str, capabilities: &[&str], want: Method| {
            let lines: Vec<Vec<u8>> = capabilities.iter().map(|line| line.as_bytes().to_vec()).collect();
            assert_eq!(LoginChoice::Auto.method(greeting.as_bytes(), &lines), want, "{greeting} {capabilities:?}");
            let only = LoginChoice::Only(Method::Apop);
            assert_eq!(only.method(greeting.as_bytes(), &lines), Method::Apop);
        };
        check("+OK", &[], Method::UserPass);
        check("+OK <1@h>", &[], Method::UserPass);
        check("+OK <1@h>", &["TOP", "user", "SASL PLAIN"], Method::UserPass);
        check("+OK <1@h>", &["TOP", "sasl plain SCRAM-SHA-1 GSSAPI"], Method::Auth(Mechanism::ScramSha1));
        check("+OK", &["SASL GSSAPI LOGIN PLAIN"], Method::Auth(Mechanism::Plain));
        check("+OK <1@h>", &["SASL GSSAPI"], Method::Apop);
        check("+OK", &["TOP", "SASL GSSAPI"], Method::UserPass);
    }

    #[test]
    fn words_that_are_none_get_all_that_are() {
        assert_eq!(LoginChoice::try_from("scram-sha-256".to_owned()), Ok(WORDS[7].1));
        let error = LoginChoice::try_from("PLAIN".to_owned()).unwrap_err();
        assert_eq!(
            error,
            "`login: PLAIN` is no way to log in; it is one of auto, user-pass, apop, plain, login, cram-md5, scram-sha-1, scram-sha-256"
        );
    }
}
