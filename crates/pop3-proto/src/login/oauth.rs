//! OAUTHBEARER (RFC 7628), and XOAUTH2 that came before it.

use super::client::{Answer, too_many};
use super::deviation::LoginDeviation;
use super::failure::Unusable;
use super::method::Mechanism;
use super::prepare::sasl_name;

/// The separator of key and value pairs.
const SEPARATOR: char = '\u{1}';

/// Waiting for the outcome, or for an error first.
pub(super) struct Oauth {
    mechanism: Mechanism,
    refused: bool,
}

impl Oauth {
    pub(super) fn new(mechanism: Mechanism) -> Self {
        Self { mechanism, refused: false }
    }

    /// An error is answered so that the server can finish: OAUTHBEARER by `%x01`
    /// (section 3.2.3), XOAUTH2 by nothing.
    pub(super) fn answer(&mut self, challenge: &[u8], deviations: &mut Vec<LoginDeviation>) -> Answer {
        if self.refused {
            return Answer::GiveUp(too_many(self.mechanism));
        }
        self.refused = true;
        if self.mechanism != Mechanism::OauthBearer {
            return Answer::Say(Vec::new());
        }
        if !is_error(challenge) {
            deviations.push(LoginDeviation::ErrorNotJson);
        }
        Answer::Say(vec![1])
    }

    pub(super) fn accepted(&self) -> Option<LoginDeviation> {
        // Without an RFC, XOAUTH2 departs from none.
        let departs = self.refused && self.mechanism == Mechanism::OauthBearer;
        departs.then_some(LoginDeviation::AcceptedAfterError(self.mechanism))
    }
}

/// `gs2-header kvsep *kvpair kvsep` (RFC 7628 section 3.1).
pub(super) fn bearer(authzid: &str, token: &str) -> Result<Vec<u8>, Unusable> {
    // The identity is optional; without a name, the token says who it is.
    let authzid = match authzid {
        "" => String::new(),
        authzid => format!("a={}", sasl_name(authzid, "authorization identity")?),
    };
    Ok(format!("n,{authzid},{SEPARATOR}auth=Bearer {}{SEPARATOR}{SEPARATOR}", whole(token, "token")?).into_bytes())
}

pub(super) fn xoauth2(name: &str, token: &str) -> Result<Vec<u8>, Unusable> {
    let (name, token) = (whole(name, "name")?, whole(token, "token")?);
    Ok(format!("user={name}{SEPARATOR}auth=Bearer {token}{SEPARATOR}{SEPARATOR}").into_bytes())
}

fn whole<'a>(text: &'a str, what: &'static str) -> Result<&'a str, Unusable> {
    if text.contains(char::is_control) { Err(Unusable::NotInMessage(what)) } else { Ok(text) }
}

/// Whether this may be the object of section 3.2.2. No more is looked at than
/// makes a wrong claim impossible: braces, and the member that it must have.
fn is_error(challenge: &[u8]) -> bool {
    let text = challenge.trim_ascii();
    let braces = text.starts_with(b"{") && text.ends_with(b"}");
    braces && memchr::memmem::find(text, b"\"status\"").is_some()
}
