use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::*;

// Made with `openssl req -x509`; the hashes are what `openssl dgst` says.
const ECDSA_SHA1: &str = include_str!("ecdsa-sha1.pem");
const ECDSA_SHA256: &str = include_str!("ecdsa-sha256.pem");
const ECDSA_SHA384: &str = include_str!("ecdsa-sha384.pem");
const ED25519: &str = include_str!("ed25519.pem");
const RSA_PSS_SHA512: &str = include_str!("rsa-pss-sha512.pem");

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

#[test]
fn the_hash_is_that_of_the_signature_but_for_weak_ones() {
    let check = |pem, want: Option<&str>| {
        let got = end_point(&der(pem)).map(|hash| hash.iter().map(|octet| format!("{octet:02x}")).collect::<String>());
        assert_eq!(got.as_deref(), want);
    };
    check(ECDSA_SHA1, Some("9f471732dd3ac0d119b81ec40a668af3ae1dfcd5cab5dcfad521ae34fbf9997f"));
    check(ECDSA_SHA256, Some("819f96b54436469cc96b6134c374313729a88e30c9323f5e5a351c6f6e37efab"));
    check(
        ECDSA_SHA384,
        Some("d910eb9c61003726dc753b79636e69493f8627d0c11ad3681fcf4d0a605127d2a9165b750f48029d31c184c01e157208"),
    );
    check(
        RSA_PSS_SHA512,
        Some(
            "0c08fb63e6cfbace577ca77f411a15f4be05e01f5e5f949ed227e4620ef7607e\
             f148da9036ee151209728ab2db6e1511d90b2e6035076a2ad11ed716989b6d06",
        ),
    );
    // It has no hash function of its own, and RFC 5929 leaves that undefined.
    check(ED25519, None);
    assert_eq!(end_point(b"no certificate"), None);
}

#[test]
fn addresses_first_and_one_common_name_else() {
    let check = |pem, want: &[&str]| assert_eq!(client_names(&der(pem)), want);
    check(RSA_PSS_SHA512, &["alice@example.org", "a@example.org"]);
    check(ECDSA_SHA1, &["alice"]);
    // Alternative names, none of them an address.
    check(ED25519, &["alice"]);
    // Two common names.
    check(ECDSA_SHA384, &[]);
    // No common name.
    check(ECDSA_SHA256, &[]);
    assert_eq!(client_names(b"no certificate"), [""; 0]);
}

#[test]
fn alternative_names_that_cannot_be_read_are_not_passed_over() {
    let certificate = |extensions: &[&[u8]]| {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "alice");
        params.custom_extensions = extensions
            .iter()
            .map(|content| rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 17], content.to_vec()))
            .collect();
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().clone()
    };
    let check = |extensions: &[&[u8]], want: &[&str]| {
        assert_eq!(client_names(&certificate(extensions)), want, "{extensions:?}");
    };
    // GeneralNames of one rfc822Name, "a@b".
    let address = b"\x30\x05\x81\x03a@b".as_slice();
    check(&[], &["alice"]);
    check(&[address], &["a@b"]);
    check(&[b"\x30\x05\x81\x09a@b"], &[]);
    check(&[b"words"], &[]);
    check(&[address, b"\x30\x05\x81\x03c@d"], &[]);
}
