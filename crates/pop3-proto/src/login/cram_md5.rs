//! The CRAM-MD5 mechanism (RFC 2195 section 2).

use hmac::{Hmac, Mac as _};
use md5::Md5;

/// `name SP digest`, the digest in lower-case hexadecimal.
pub(super) fn response(name: &str, secret: &str, challenge: &[u8]) -> Vec<u8> {
    let mac = keyed(secret.as_bytes()).chain_update(challenge);
    let digest: String = mac.finalize().into_bytes().iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{name} {digest}").into_bytes()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 2)")]
fn keyed(secret: &[u8]) -> Hmac<Md5> {
    Hmac::new_from_slice(secret).expect("a key")
}
