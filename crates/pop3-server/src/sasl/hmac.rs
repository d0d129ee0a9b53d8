//! HMAC (RFC 2104), over any of the hashes in use.

use ::hmac::Mac;
use ::hmac::digest::KeyInit;

/// The octets of `M` over the message.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 2)")]
pub(super) fn hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(key).expect("a key");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}
