//! The PLAIN mechanism (RFC 4616).

use super::{Accounts, Step};

/// Names and passwords are taken as they are: section 2 leaves the preparation
/// to the server, "including none".
pub(super) fn step(response: &[u8], accounts: &dyn Accounts) -> Step {
    let Some(message) = Message::parse(response) else { return Step::Refuse };
    let kept = accounts.find(message.name);
    Step::enter_if(kept.is_shown_by(message.password.as_bytes(), kept.secret.as_bytes()), kept.name)
}

/// The one message of PLAIN: `[authzid] NUL authcid NUL passwd`.
#[derive(PartialEq, Eq)]
struct Message<'a> {
    /// The authentication identity.
    name: &'a str,
    /// The password.
    password: &'a str,
}

impl<'a> Message<'a> {
    /// Reads the message. `None` when it is not in the form of RFC 4616 section
    /// 2, or asks to act as somebody else, which no account here may.
    fn parse(response: &'a [u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(response).ok()?.split('\0');
        let (authzid, name, password) = (parts.next()?, parts.next()?, parts.next()?);
        let complete = parts.next().is_none() && !name.is_empty() && !password.is_empty();
        let own = authzid.is_empty() || authzid == name;
        (complete && own).then_some(Self { name, password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_rfc_4616() {
        let check = |response: &[u8], want: Option<(&str, &str)>| {
            let got = Message::parse(response).map(|message| (message.name, message.password));
            assert_eq!(got, want, "{response:?}");
        };
        check(b"\0tim\0tanstaaftanstaaf", Some(("tim", "tanstaaftanstaaf")));
        check(b"tim\0tim\0x", Some(("tim", "x")));
        check(b"\0tim\0 a b ", Some(("tim", " a b ")));
        check("\0jürgen\0pass\u{2603}".as_bytes(), Some(("jürgen", "pass\u{2603}")));
        check(b"Ursel\0Kurt\0xipj3plmq", None);
        for response in
            [b"".as_slice(), b"tim", b"\0tim", b"\0tim\0", b"\0\0x", b"\0tim\0x\0", b"\0tim\0x\0y", b"\0t\xff\0x"]
        {
            check(response, None);
        }
    }
}
