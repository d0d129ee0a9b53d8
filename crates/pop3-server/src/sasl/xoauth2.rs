//! The XOAUTH2 mechanism: no RFC has it, and OAUTHBEARER has taken its place.

use super::token::{SEPARATOR, bearer, judge};
use super::{Accounts, Step, prepared};

/// What goes out when the token is wrong.
const ERROR: &str = r#"{"status":"401","schemes":"bearer","scope":"mail"}"#;

pub(super) fn step(response: &[u8], accounts: &dyn Accounts) -> Step {
    match parse(response) {
        Some((name, token)) => judge(Some(&name), Some(token), ERROR, accounts),
        None => Step::Refuse,
    }
}

/// Name and token of `user=name ^A auth=Bearer token ^A ^A`, in this order and
/// without more.
fn parse(response: &[u8]) -> Option<(String, &str)> {
    let text = std::str::from_utf8(response).ok()?;
    let mut parts = text.strip_prefix("user=")?.split(SEPARATOR);
    let (name, auth) = (parts.next()?, parts.next()?);
    let token = bearer(auth.strip_prefix("auth=")?)?;
    let ends = [parts.next(), parts.next(), parts.next()] == [Some(""), Some(""), None];
    if ends { Some((prepared(name.as_bytes())?, token)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_auth() {
        let check = |response: &str, want: Option<(&str, &str)>| {
            let got = parse(response.as_bytes());
            assert_eq!(got.as_ref().map(|(name, token)| (name.as_str(), *token)), want, "{response:?}");
        };
        check("user=a@b.example\u{1}auth=Bearer ya29.x\u{1}\u{1}", Some(("a@b.example", "ya29.x")));
        check("user=a\u{1}auth=bearer x\u{1}\u{1}", Some(("a", "x")));
        check("user=a\u{1}auth=Bearer x\u{1}", None);
        check("user=a\u{1}auth=Bearer x\u{1}\u{1}\u{1}", None);
        check("user=a\u{1}auth=Bearer x", None);
        check("user=a\u{1}auth=Bearer \u{1}\u{1}", None);
        check("user=a\u{1}auth=Basic x\u{1}\u{1}", None);
        check("user=\u{1}auth=Bearer x\u{1}\u{1}", None);
        check("auth=Bearer x\u{1}user=a\u{1}\u{1}", None);
        check("user=a\u{1}host=b\u{1}auth=Bearer x\u{1}\u{1}", None);
        check("", None);
        assert_eq!(parse(b"user=\xFF\x01auth=Bearer x\x01\x01"), None);
    }
}
