//! The header that SCRAM and OAUTHBEARER have from GS2 (RFC 5802 section 7).

use super::prepared;

/// `gs2-cbind-flag`: what the client says of channel binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag<'a> {
    /// `n`: it has none.
    Unsupported,
    /// `y`: it has, and believes that the server has none.
    Unused,
    /// `p=`: the exchange is bound by this type.
    Used(&'a str),
}

/// `gs2-cbind-flag "," [authzid] ","`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// As sent, last comma included.
    pub(super) text: &'a str,
    pub(super) flag: Flag<'a>,
    /// The authorization identity, decoded and prepared.
    pub(super) authzid: Option<String>,
}

impl<'a> Header<'a> {
    /// Reads the header; what is behind it comes second. `None` when it is not in
    /// the form.
    pub(super) fn parse(message: &'a str) -> Option<(Self, &'a str)> {
        let mut parts = message.splitn(3, ',');
        let (flag, authzid, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let flag = match flag {
            "n" => Flag::Unsupported,
            "y" => Flag::Unused,
            _ => Flag::Used(flag.strip_prefix("p=").filter(|name| is_binding_name(name))?),
        };
        let authzid = match authzid.strip_prefix("a=") {
            Some(name) => Some(sasl_name(name)?),
            None if authzid.is_empty() => None,
            None => return None,
        };
        Some((Self { text: message.strip_suffix(rest)?, flag, authzid }, rest))
    }
}

/// `cb-name`
fn is_binding_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b".-".contains(&octet))
}

/// A `saslname`, decoded and prepared. `=` stands before `2C` or `3D` and nothing
/// else (RFC 5802 section 5.1), in upper case, as that section has them.
pub(super) fn sasl_name(encoded: &str) -> Option<String> {
    let mut pieces = encoded.split('=');
    let mut name = pieces.next()?.to_owned();
    for piece in pieces {
        let (plain, rest) = match (piece.strip_prefix("2C"), piece.strip_prefix("3D")) {
            (Some(rest), _) => (',', rest),
            (None, Some(rest)) => ('=', rest),
            (None, None) => return None,
        };
        name.push(plain);
        name.push_str(rest);
    }
    if encoded.contains(',') { None } else { prepared(name.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_equals_signs_in_names() {
        let check = |encoded, want: Option<&str>| assert_eq!(sasl_name(encoded).as_deref(), want, "{encoded:?}");
        check("user", Some("user"));
        check("a=2Cb=3Dc", Some("a,b=c"));
        check("=3D2C", Some("=2C"));
        check("=2C", Some(","));
        check("a=", None);
        check("a=2", None);
        check("a=2c", None);
        check("a=3d", None);
        check("a=2E", None);
        check("a,b", None);
        check("", None);
        check("\u{AD}", None);
        check("a\0", None);
    }

    #[test]
    fn the_header() {
        let check = |message, want: Option<(&str, Flag<'_>, Option<&str>, &str)>| {
            let got = Header::parse(message);
            let got = got.as_ref().map(|(header, rest)| (header.text, header.flag, header.authzid.as_deref(), *rest));
            assert_eq!(got, want, "{message:?}");
        };
        let (n, y) = (Flag::Unsupported, Flag::Unused);
        check("n,,n=user,r=x", Some(("n,,", n, None, "n=user,r=x")));
        check("y,a=b=2Cc,", Some(("y,a=b=2Cc,", y, Some("b,c"), "")));
        check("p=tls-unique,,n=user", Some(("p=tls-unique,,", Flag::Used("tls-unique"), None, "n=user")));
        check("p=x.1-Y,a=b,", Some(("p=x.1-Y,a=b,", Flag::Used("x.1-Y"), Some("b"), "")));
        check("p=,,", None);
        check("p,,", None);
        check("p=tls_unique,,", None);
        check("p=tls unique,,", None);
        check("P=tls-unique,,", None);
        check("n=tls-unique,,", None);
        check("n,a=,", None);
        check("n,b,", None);
        check("n,user=x,", None);
        check("N,,", None);
        check("F,n,,", None);
        check(",,", None);
        check("n,", None);
        check("", None);
    }
}
