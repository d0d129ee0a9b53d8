//! What certificates say: whose they are, and how they are bound to.

use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::signature_algorithm::SignatureAlgorithm;

/// `tls-server-end-point` (RFC 5929 section 4.1): the hash of a certificate, by
/// the hash function of its signature, and by SHA-256 in place of MD5 and SHA-1.
/// `None` where the RFC leaves it undefined, as for Ed25519, and for signatures
/// that are not known here.
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let algorithm = match SignatureAlgorithm::try_from(&parsed.signature_algorithm).ok()? {
        SignatureAlgorithm::RSASSA_PSS(parameters) => parameters.hash_algorithm_oid().to_id_string(),
        _ => parsed.signature_algorithm.algorithm.to_id_string(),
    };
    let (_, hash) = HASHES.iter().find(|(names, _)| names.contains(&algorithm.as_str()))?;
    Some(hash(certificate))
}

type Hash = fn(&[u8]) -> Vec<u8>;

/// Object identifiers of signatures, and of the hashes in the parameters of
/// RSASSA-PSS (RFC 3279, RFC 4055, RFC 5758), and what is hashed with.
const HASHES: [(&[&str], Hash); 4] = [
    (
        &[
            "1.2.840.113549.1.1.4",   // md5WithRSAEncryption
            "1.2.840.113549.1.1.5",   // sha1WithRSAEncryption
            "1.2.840.10045.4.1",      // ecdsa-with-SHA1
            "1.3.14.3.2.26",          // id-sha1
            "1.2.840.113549.1.1.11",  // sha256WithRSAEncryption
            "1.2.840.10045.4.3.2",    // ecdsa-with-SHA256
            "2.16.840.1.101.3.4.2.1", // id-sha256
        ],
        |octets| Sha256::digest(octets).to_vec(),
    ),
    (
        &[
            "1.2.840.113549.1.1.12",  // sha384WithRSAEncryption
            "1.2.840.10045.4.3.3",    // ecdsa-with-SHA384
            "2.16.840.1.101.3.4.2.2", // id-sha384
        ],
        |octets| Sha384::digest(octets).to_vec(),
    ),
    (
        &[
            "1.2.840.113549.1.1.13",  // sha512WithRSAEncryption
            "1.2.840.10045.4.3.4",    // ecdsa-with-SHA512
            "2.16.840.1.101.3.4.2.3", // id-sha512
        ],
        |octets| Sha512::digest(octets).to_vec(),
    ),
    (
        &[
            "1.2.840.113549.1.1.14",  // sha224WithRSAEncryption
            "1.2.840.10045.4.3.1",    // ecdsa-with-SHA224
            "2.16.840.1.101.3.4.2.4", // id-sha224
        ],
        |octets| Sha224::digest(octets).to_vec(),
    ),
];

/// Whose a client's certificate is: the mail addresses among the alternative
/// names of its subject; if there are none, its one common name, and nothing if
/// there are several. Addresses outside ASCII (RFC 9598) are not read. A name
/// with control characters names nobody, and neither does a certificate whose
/// alternative names cannot be read.
pub(super) fn client_names(certificate: &[u8]) -> Vec<String> {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return Vec::new() };
    let mut names = Vec::new();
    let Ok(alternatives) = parsed.subject_alternative_name() else { return names };
    if let Some(alternatives) = alternatives {
        for name in &alternatives.value.general_names {
            if let GeneralName::RFC822Name(address) = name {
                names.push((*address).to_owned());
            }
        }
    }
    if names.is_empty() {
        let common: Vec<_> = parsed.subject().iter_common_name().collect();
        if let [name] = common.as_slice() {
            names.extend(name.as_str().map(str::to_owned));
        }
    }
    names.retain(|name| !name.is_empty() && !name.contains(char::is_control));
    names
}

#[cfg(test)]
mod tests;
