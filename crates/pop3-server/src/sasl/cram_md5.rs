//! The CRAM-MD5 mechanism (RFC 2195).

use ::hmac::Hmac;
use md5::Md5;

use super::hmac::hmac;
use super::{Accounts, Step, prepared};

pub(super) fn step(challenge: &str, response: &[u8], accounts: &dyn Accounts) -> Step {
    let Some((name, offered)) = parse(response) else { return Step::Refuse };
    let kept = accounts.find_prepared(&name);
    Step::enter_if(kept.is_shown_by(offered, |secret| digest(challenge, secret).into_bytes()), kept.name)
}

/// Name and digest of `name SP digest`: the last space divides, as a name may
/// have some, and the digest is 32 hexadecimal digits in lower case.
fn parse(response: &[u8]) -> Option<(String, &[u8])> {
    let space = response.iter().rposition(|octet| *octet == b' ')?;
    let (name, digest) = (response.get(..space)?, response.get(space + 1..)?);
    let hexadecimal = digest.len() == 32 && digest.iter().all(|octet| b"0123456789abcdef".contains(octet));
    if hexadecimal { Some((prepared(name)?, digest)) } else { None }
}

fn digest(challenge: &str, secret: &str) -> String {
    let digest = hmac::<Hmac<Md5>>(secret.as_bytes(), challenge.as_bytes());
    digest.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_2195() {
        let challenge = "<1896.697170952@postoffice.reston.mci.net>";
        assert_eq!(digest(challenge, "tanstaaftanstaaf"), "b913a602c7eda7a495b4e6e7334d3890");
    }

    #[test]
    fn a_name_a_space_and_32_digits() {
        const DIGEST: &str = "b913a602c7eda7a495b4e6e7334d3890";
        let check = |response: &str, want: Option<&str>| {
            let got = parse(response.as_bytes());
            assert_eq!(got, want.map(|name| (name.to_owned(), DIGEST.as_bytes())), "{response:?}");
        };
        check(&format!("tim {DIGEST}"), Some("tim"));
        check(&format!("tim the man {DIGEST}"), Some("tim the man"));
        check(&format!("tim  {DIGEST}"), Some("tim "));
        check(&format!("tim\t{DIGEST}"), None);
        check(&format!(" {DIGEST}"), None);
        check(&format!("\u{7} {DIGEST}"), None);
        check(&format!("tim {DIGEST} "), None);
        check(&format!("tim {DIGEST}0"), None);
        check(&format!("tim {}", &DIGEST[1..]), None);
        check(&format!("tim {}", DIGEST.to_uppercase()), None);
        check("tim b913a602c7eda7a495b4e6e7334d389g", None);
        check(DIGEST, None);
        check("", None);
    }
}
