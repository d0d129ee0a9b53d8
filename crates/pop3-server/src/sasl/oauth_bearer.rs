//! The OAUTHBEARER mechanism (RFC 7628).

use super::gs2::{Flag, Header};
use super::token::{SEPARATOR, bearer, judge};
use super::{Accounts, Step};

/// What goes out when the token is wrong (section 3.2.2).
const ERROR: &str = r#"{"status":"invalid_token"}"#;

pub(super) fn step(response: &[u8], accounts: &dyn Accounts) -> Step {
    match Message::parse(response) {
        Some(message) => judge(message.authzid.as_deref(), message.token, ERROR, accounts),
        None => Step::Refuse,
    }
}

/// `gs2-header kvsep *kvpair kvsep` (section 3.1).
#[derive(Debug, PartialEq, Eq)]
struct Message<'a> {
    authzid: Option<String>,
    /// `None` when `auth` has no bearer token in it: clients ask in this way what
    /// token they need (section 4.3).
    token: Option<&'a str>,
}

impl<'a> Message<'a> {
    /// Reads the message; `None` when it is not in the form, or has no `auth`, or
    /// several. Keys that the RFC does not have are passed over.
    fn parse(response: &'a [u8]) -> Option<Self> {
        let (header, pairs) = std::str::from_utf8(response).ok()?.split_once(SEPARATOR)?;
        // No GS2 mechanism is defined for it (section 3.1), and hence no binding.
        let (Header { authzid, flag: Flag::Unsupported | Flag::Unused, .. }, "") = Header::parse(header)? else {
            return None;
        };
        let mut auth = None;
        let pairs = pairs.strip_suffix(SEPARATOR)?;
        // Without the separator of the last pair, it is no pair.
        let pairs = if pairs.is_empty() { "" } else { pairs.strip_suffix(SEPARATOR)? };
        for pair in pairs.split(SEPARATOR) {
            let (key, value) = pair.split_once('=')?;
            let form = !key.is_empty() && key.bytes().all(|octet| octet.is_ascii_alphabetic());
            if !form || !value.bytes().all(is_value) {
                return None;
            }
            match key {
                "auth" if auth.replace(value).is_some() => return None,
                "port" if !is_port(value) => return None,
                _ => {}
            }
        }
        Some(Self { authzid, token: bearer(auth?) })
    }
}

fn is_value(octet: u8) -> bool {
    matches!(octet, 0x21..=0x7E | b' ' | b'\t' | b'\r' | b'\n')
}

/// A decimal positive integer without leading zeros.
fn is_port(value: &str) -> bool {
    value.bytes().all(|octet| octet.is_ascii_digit()) && !value.starts_with('0') && !value.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_rfc_7628() {
        let check = |response: &str, want: Option<(Option<&str>, Option<&str>)>| {
            let got = Message::parse(response.replace('|', "\u{1}").as_bytes().to_vec().leak());
            assert_eq!(got.as_ref().map(|message| (message.authzid.as_deref(), message.token)), want, "{response:?}");
        };
        // The examples of sections 4.1 and 4.3.
        let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
        check(
            &format!("n,a=user@example.com,|host=server.example.com|port=587|auth=Bearer {token}||"),
            Some((Some("user@example.com"), Some(token))),
        );
        check("n,a=user@example.com,|host=server.example.com|port=143|auth=||", Some((Some("user@example.com"), None)));
        check("n,,|auth=Bearer x||", Some((None, Some("x"))));
        check("y,,|auth=bearer x||", Some((None, Some("x"))));
        check("n,,|unknown=thing|auth=Bearer x||", Some((None, Some("x"))));
        check("n,a=a=2Cb,|auth=Bearer x|host=||", Some((Some("a,b"), Some("x"))));
        check("n,,|auth=OAuth realm=\"x\"||", Some((None, None)));
        // The header of the example in section 4.4 is not in the form of section 3.1.
        check("n,user=someuser@example.com,|auth=Bearer x||", None);
        check("p=tls-unique,,|auth=Bearer x||", None);
        check("n,,|auth=Bearer x|", None);
        check("n,,|auth=Bearer x", None);
        check("n,,|auth=Bearer x|||", None);
        check("n,,|auth=Bearer x|auth=Bearer y||", None);
        check("n,,|AUTH=Bearer x||", None);
        check("n,,|host=a||", None);
        check("n,,||", None);
        check("n,,|", None);
        check("n,,auth=Bearer x||", None);
        check("n,,|port=0143|auth=Bearer x||", None);
        check("n,,|port=|auth=Bearer x||", None);
        check("n,,|k1=v|auth=Bearer x||", None);
        check("n,,|=v|auth=Bearer x||", None);
        check("n,,|auth=Bearer \u{E9}||", None);
        check("|", None);
        check("", None);
    }
}
