//! The PLAIN mechanism (RFC 4616).

use super::{Accounts, Step, prepared};

/// Names and passwords are compared prepared, as by every other way in: RFC 4616
/// section 2 recommends SASLprep, and so does RFC 5034 section 4 for whom the client
/// enters as, with whom it fails if that fails.
pub(super) fn step(response: &[u8], accounts: &dyn Accounts) -> Step {
    let Some(message) = Message::parse(response) else { return Step::Refuse };
    let Some((name, password)) = prepared(message.name.as_bytes()).zip(prepared(message.password.as_bytes())) else {
        return Step::Refuse;
    };
    let target = match message.authzid.map(|authzid| prepared(authzid.as_bytes())) {
        Some(None) => return Step::Refuse,
        Some(Some(authzid)) => Some(accounts.find_prepared(&authzid)),
        None => None,
    };
    let kept = accounts.find_prepared(&name);
    if kept.takes_password(&password) { Step::enter_as(&kept, target.as_ref()) } else { Step::Refuse }
}

/// The one message of PLAIN: `[authzid] NUL authcid NUL passwd`.
#[derive(PartialEq, Eq)]
struct Message<'a> {
    /// The authorization identity.
    authzid: Option<&'a str>,
    /// The authentication identity.
    name: &'a str,
    /// The password.
    password: &'a str,
}

impl<'a> Message<'a> {
    /// Reads the message. `None` when it is not in the form of RFC 4616 section 2.
    fn parse(response: &'a [u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(response).ok()?.split('\0');
        let (authzid, name, password) = (parts.next()?, parts.next()?, parts.next()?);
        let complete = parts.next().is_none() && !name.is_empty() && !password.is_empty();
        let authzid = Some(authzid).filter(|authzid| !authzid.is_empty());
        complete.then_some(Self { authzid, name, password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_rfc_4616() {
        let check = |response: &[u8], want: Option<(&str, &str, &str)>| {
            let got = Message::parse(response);
            let got = got.map(|message| (message.authzid.unwrap_or_default(), message.name, message.password));
            assert_eq!(got, want, "{response:?}");
        };
        check(b"\0tim\0tanstaaftanstaaf", Some(("", "tim", "tanstaaftanstaaf")));
        check(b"tim\0tim\0x", Some(("tim", "tim", "x")));
        check(b"\0tim\0 a b ", Some(("", "tim", " a b ")));
        check("\0jürgen\0pass\u{2603}".as_bytes(), Some(("", "jürgen", "pass\u{2603}")));
        check(b"Ursel\0Kurt\0xipj3plmq", Some(("Ursel", "Kurt", "xipj3plmq")));
        for response in
            [b"".as_slice(), b"tim", b"\0tim", b"\0tim\0", b"\0\0x", b"\0tim\0x\0", b"\0tim\0x\0y", b"\0t\xff\0x"]
        {
            check(response, None);
        }
    }
}
