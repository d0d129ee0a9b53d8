//! The client's messages (RFC 5802 section 7). The order of attributes is fixed;
//! extensions stand where the grammar has them and are passed over, but for `m`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sasl::gs2::{Header, sasl_name};

/// `client-first-message`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClientFirst<'a> {
    pub(super) header: Header<'a>,
    /// `client-first-message-bare` as sent.
    pub(super) bare: &'a str,
    /// Decoded and prepared.
    pub(super) name: String,
    pub(super) nonce: &'a str,
}

impl<'a> ClientFirst<'a> {
    /// Reads the message; `None` when it is not in the form.
    pub(super) fn parse(response: &'a [u8]) -> Option<Self> {
        let text = text(response)?;
        let (header, bare) = Header::parse(text)?;
        let mut attributes = bare.split(',');
        let name = sasl_name(attributes.next()?.strip_prefix("n=")?)?;
        let nonce = attributes.next()?.strip_prefix("r=")?;
        let printable = !nonce.is_empty() && nonce.bytes().all(|octet| octet.is_ascii_graphic());
        (printable && attributes.all(is_extension)).then_some(Self { header, bare, name, nonce })
    }
}

/// `client-final-message`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClientFinal<'a> {
    /// `client-final-message-without-proof` as sent.
    pub(super) without_proof: &'a str,
    /// What `c=` stands for.
    pub(super) channel_binding: Vec<u8>,
    pub(super) nonce: &'a str,
    pub(super) proof: Vec<u8>,
}

impl<'a> ClientFinal<'a> {
    /// Reads the message; `None` when it is not in the form.
    pub(super) fn parse(response: &'a [u8]) -> Option<Self> {
        let (without_proof, proof) = text(response)?.rsplit_once(",p=")?;
        let mut attributes = without_proof.split(',');
        let channel_binding = STANDARD.decode(attributes.next()?.strip_prefix("c=")?).ok()?;
        let nonce = attributes.next()?.strip_prefix("r=")?;
        let proof = STANDARD.decode(proof).ok()?;
        attributes.all(is_extension).then_some(Self { without_proof, channel_binding, nonce, proof })
    }
}

/// UTF-8 without NUL.
fn text(response: &[u8]) -> Option<&str> {
    std::str::from_utf8(response).ok().filter(|text| !text.contains('\0'))
}

/// Whether this is an `attr-val` that may be passed over. One of section 5.1 is
/// none: it stands in its own place, or, as for `m`, nowhere.
fn is_extension(attribute: &str) -> bool {
    let mut characters = attribute.chars();
    let named = characters.next().is_some_and(|name| name.is_ascii_alphabetic() && !"anmrcsipve".contains(name));
    named && characters.next() == Some('=') && characters.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_message() {
        let check = |message: &str, want: Option<(&str, &str, &str)>| {
            let got = ClientFirst::parse(message.as_bytes());
            let got = got.as_ref().map(|first| (first.header.text, first.name.as_str(), first.nonce));
            assert_eq!(got, want, "{message:?}");
        };
        check("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", Some(("n,,", "user", "fyko+d2lbbFgONRv9qkxdawL")));
        check("y,,n=user,r=x", Some(("y,,", "user", "x")));
        check("n,a=user,n=user,r=x", Some(("n,a=user,", "user", "x")));
        check("n,,n=a=2Cb=3D,r=x", Some(("n,,", "a,b=", "x")));
        check("n,,n=I\u{AD}X,r=x", Some(("n,,", "IX", "x")));
        check("n,,n=user,r=x,t=1,Z=a=b", Some(("n,,", "user", "x")));
        check("n,a=other,n=user,r=x", Some(("n,a=other,", "user", "x")));
        check("p=tls-exporter,,n=user,r=x", Some(("p=tls-exporter,,", "user", "x")));
        check("p=,,n=user,r=x", None);
        check("n,,m=x,n=user,r=x", None);
        check("n,,n=user,r=x,m=y", None);
        check("n,,r=x,n=user", None);
        check("n,,t=1,n=user,r=x", None);
        check("n,,n=user,t=1,r=x", None);
        check("n,,n=user,r=x,r=y", None);
        check("n,,n=user,r=x,", None);
        check("n,,n=user,r=x,t=", None);
        check("n,,n=user,r=x,tt=1", None);
        check("n,,n=user,r=", None);
        check("n,,n=user,r=a b", None);
        check("n,,n=user", None);
        check("n,,n=,r=x", None);
        check("n,,n=u=ser,r=x", None);
        check("n,,n=u\u{7}ser,r=x", None);
        check("n,,N=user,r=x", None);
        check("n=user,r=x", None);
        check("n,,n=user,r=x,t=\0", None);
        check("", None);
        assert_eq!(ClientFirst::parse(b"n,,n=us\xFFer,r=x"), None);
    }

    #[test]
    fn the_final_message() {
        let check = |message: &str, want: Option<(&str, &[u8], &str, &[u8])>| {
            let got = ClientFinal::parse(message.as_bytes());
            let got =
                got.as_ref().map(|last| (last.without_proof, &last.channel_binding[..], last.nonce, &last.proof[..]));
            assert_eq!(got, want, "{message:?}");
        };
        check("c=biws,r=x,p=AAE=", Some(("c=biws,r=x", b"n,,", "x", b"\0\x01")));
        check("c=biws,r=x,t=1,p=AAE=", Some(("c=biws,r=x,t=1", b"n,,", "x", b"\0\x01")));
        check("c=biws,r=x,m=1,p=AAE=", None);
        check("c=biws,r=x,p=AAE=,t=1", None);
        check("c=biws,r=x,p=AAE", None);
        check("c=biws,r=x,p=AAE=,p=AAE=", None);
        check("c=biw,r=x,p=AAE=", None);
        check("r=x,c=biws,p=AAE=", None);
        check("c=biws,p=AAE=", None);
        check("c=biws,r=x", None);
        check("p=AAE=", None);
        check("", None);
    }
}
