//! SCRAM, with a client made after RFC 5802 section 3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::Say::{self, Answer, Line, Octets};
use super::{CANCELLED, Client, IN, NOT_BASE64, WRONG, check, encoded, server};
use crate::peer::duplex;

pub(super) const NONCE: &str = "fyko+d2lbbFgONRv9qkxdawL";

type Mix = fn(&[u8], &[u8]) -> Vec<u8>;

/// The client's final message by RFC 5802 section 3; `extension` goes before the
/// proof. Keeps the signature that the server has to send.
fn scram(
    client: &mut Client,
    mac: Mix,
    hash: fn(&[u8]) -> Vec<u8>,
    header: impl AsRef<[u8]>,
    extension: &str,
) -> String {
    let challenge = client.challenge.clone();
    let attribute = |name: &str| challenge.split(',').find_map(|part| part.strip_prefix(name)).unwrap();
    let (nonce, iterations) = (attribute("r="), attribute("i=").parse::<u32>().unwrap());
    assert!(nonce.starts_with(NONCE) && nonce.len() > NONCE.len() && iterations >= 4096, "{challenge}");
    let salt = STANDARD.decode(attribute("s=")).unwrap();
    let mut block = mac(client.password.as_bytes(), &[&salt[..], &[0, 0, 0, 1]].concat());
    let mut salted = block.clone();
    for _ in 1..iterations {
        block = mac(client.password.as_bytes(), &block);
        salted.iter_mut().zip(&block).for_each(|(all, one)| *all ^= one);
    }
    let without_proof = format!("c={},r={nonce}{extension}", STANDARD.encode(header));
    let message = format!("{},{challenge},{without_proof}", client.bare);
    let client_key = mac(&salted, b"Client Key");
    let mut proof = mac(&hash(&client_key), message.as_bytes());
    proof.iter_mut().zip(&client_key).for_each(|(proof, key)| *proof ^= key);
    client.signature = format!("v={}", STANDARD.encode(mac(&mac(&salted, b"Server Key"), message.as_bytes())));
    format!("{without_proof},p={}", STANDARD.encode(proof))
}

pub(super) fn scram_sha_1(client: &mut Client, header: impl AsRef<[u8]>, extension: &str) -> String {
    let mac: Mix = |key, message| {
        Hmac::<Sha1>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
    };
    scram(client, mac, |octets| Sha1::digest(octets).to_vec(), header, extension)
}

pub(super) fn scram_sha_256(client: &mut Client, header: impl AsRef<[u8]>, extension: &str) -> String {
    let mac: Mix = |key, message| {
        Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
    };
    scram(client, mac, |octets| Sha256::digest(octets).to_vec(), header, extension)
}

/// The first message, without its GS2 header.
fn bare(client: &mut Client, bare: &str) -> String {
    client.bare = bare.to_owned();
    bare.to_owned()
}

const FIRST: Say = Answer(|client| format!("n,,{}", bare(client, &format!("n=alice,r={NONCE}"))));
const NOBODY: Say = Answer(|client| format!("n,,{}", bare(client, &format!("n=nobody,r={NONCE}"))));
const VERIFY: Say = Answer(|client| {
    assert_eq!(client.challenge, client.signature);
    String::new()
});

#[tokio::test]
async fn scram_with_both_hashes() {
    let one: Say = Answer(|client| scram_sha_1(client, "n,,", ""));
    let two: Say = Answer(|client| scram_sha_256(client, "n,,", ""));
    for (command, last, other) in [("AUTH SCRAM-SHA-1", one, two), ("AUTH SCRAM-SHA-256", two, one)] {
        check(command, &[FIRST, last, VERIFY], "secret", IN).await;
        check(command, &[FIRST, last], "wrong", WRONG).await;
        check(command, &[FIRST, other], "secret", WRONG).await;
        check(command, &[NOBODY, last], "secret", WRONG).await;
        check(command, &[NOBODY, last], "no such account", WRONG).await;
        check(command, &[FIRST, last, Octets("x")], "secret", WRONG).await;
        check(command, &[FIRST, last, Line("*")], "secret", CANCELLED).await;
        check(command, &[FIRST, Line("*")], "", CANCELLED).await;
        check(command, &[Line("*")], "", CANCELLED).await;
        check(command, &[FIRST, Line("?")], "", NOT_BASE64).await;
        check(command, &[FIRST, Line("")], "", WRONG).await;
        check(command, &[Line("")], "", WRONG).await;
        check(&format!("{command} ="), &[], "", WRONG).await;
    }
}

#[tokio::test]
async fn scram_in_all_its_forms() {
    let check =
        async |says: &[Say], password: &'static str, want: &str| check("AUTH SCRAM-SHA-1", says, password, want).await;
    let first = |text: &'static str| Octets(text);
    let last: Say = Answer(|client| scram_sha_1(client, "n,,", ""));
    let with_extension: Say = Answer(|client| scram_sha_1(client, "n,,", ",t=1"));
    let y: Say = Answer(|client| format!("y,,{}", bare(client, &format!("n=alice,r={NONCE}"))));
    let authzid: Say = Answer(|client| format!("n,a=alice,{}", bare(client, &format!("n=alice,r={NONCE}"))));
    let extended: Say = Answer(|client| format!("n,,{}", bare(client, &format!("n=alice,r={NONCE},t=1"))));
    check(&[y, Answer(|client| scram_sha_1(client, "y,,", "")), VERIFY], "secret", IN).await;
    check(&[authzid, Answer(|client| scram_sha_1(client, "n,a=alice,", "")), VERIFY], "secret", IN).await;
    check(&[extended, with_extension, VERIFY], "secret", IN).await;
    // What `c=` repeats is the header that was sent, and no other.
    check(&[y, last], "secret", WRONG).await;
    check(&[authzid, last], "secret", WRONG).await;
    check(&[FIRST, Answer(|client| scram_sha_1(client, "n,,", ",m=1"))], "secret", WRONG).await;
    // Who may act as whom is told to those only who have shown who they are.
    let other: Say = Answer(|client| format!("n,a=bob b,{}", bare(client, &format!("n=alice,r={NONCE}"))));
    check(&[other, Answer(|client| scram_sha_1(client, "n,a=bob b,", ""))], "secret", WRONG).await;
    let proxy: Say = Answer(|client| format!("n,a=alice,{}", bare(client, &format!("n=bob b,r={NONCE}"))));
    check(&[proxy, Answer(|client| scram_sha_1(client, "n,a=alice,", "")), VERIFY], "pass word", IN).await;
    check(&[proxy, Answer(|client| scram_sha_1(client, "n,a=alice,", ""))], "secret", WRONG).await;
    check(&[first("p=tls-unique,,n=alice,r=x")], "", WRONG).await;
    check(&[first("p=tls-exporter,,n=alice,r=x")], "", WRONG).await;
    check(&[first("n,,m=1,n=alice,r=x")], "", WRONG).await;
    check(&[first("n,,r=x,n=alice")], "", WRONG).await;
    check(&[first("n,,n=ali=ce,r=x")], "", WRONG).await;
}

#[tokio::test]
async fn the_salt_does_not_tell_who_has_an_account() {
    let server = server();
    let salt = async |name: &str| {
        let mut peer = duplex(&server);
        peer.line().await;
        peer.send(&format!("AUTH SCRAM-SHA-256 {}", encoded(&format!("n,,n={name},r=x")))).await;
        let line = peer.line().await;
        let challenge = STANDARD.decode(line.trim_start_matches("+ ").trim_end()).unwrap();
        String::from_utf8(challenge).unwrap().split(',').nth(1).unwrap().to_owned()
    };
    let (alice, nobody) = (salt("alice").await, salt("nobody").await);
    assert_eq!((&alice, &nobody), (&salt("alice").await, &salt("nobody").await));
    assert!(alice != nobody && alice.len() == nobody.len(), "{alice} {nobody}");
}
