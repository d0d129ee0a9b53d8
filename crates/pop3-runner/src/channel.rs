//! What SCRAM binds to: the data of the TLS channel below.

use pop3_proto::login::{BindingKind, ChannelBinding};
use rustls::{ClientConnection, ProtocolVersion};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// The data of this type; `None` where it is not defined, or cannot be learnt.
pub(crate) fn binding(tls: &ClientConnection, kind: BindingKind) -> Option<ChannelBinding> {
    let data = match kind {
        BindingKind::TlsExporter => exporter(tls)?,
        BindingKind::TlsServerEndPoint => end_point(tls.peer_certificates()?.first()?)?,
        // The TLS library does not tell, and TLS 1.3 has none.
        BindingKind::TlsUnique => return None,
    };
    Some(ChannelBinding { kind, data })
}

/// The type to use when none is asked for: the exporter where TLS 1.3 makes it
/// sound (RFC 9266 section 1), else what needs no more than the certificate.
pub(crate) fn usual(tls: &ClientConnection) -> BindingKind {
    match tls.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => BindingKind::TlsExporter,
        _ => BindingKind::TlsServerEndPoint,
    }
}

/// RFC 9266 section 2
fn exporter(tls: &ClientConnection) -> Option<Vec<u8>> {
    tls.export_keying_material([0_u8; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok().map(Vec::from)
}

/// The hash of the certificate, by the hash of its signature, or SHA-256 in place
/// of MD5 and SHA-1 (RFC 5929 section 4.1). `None` for signatures of no one hash.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let algorithm = signature_algorithm(certificate)?;
    let found = SIGNATURES.iter().find(|(object, _)| *object == algorithm)?;
    Some(match found.1 {
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    })
}

#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// Signature algorithms by their object identifiers (RFC 4055, RFC 5758), and the hash to use.
const SIGNATURES: [(&[u8], Hash); 9] = [
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x04", Hash::Sha256), // md5WithRSAEncryption
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x05", Hash::Sha256), // sha1WithRSAEncryption
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B", Hash::Sha256), // sha256WithRSAEncryption
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C", Hash::Sha384), // sha384WithRSAEncryption
    (b"\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D", Hash::Sha512), // sha512WithRSAEncryption
    (b"\x2A\x86\x48\xCE\x3D\x04\x01", Hash::Sha256),         // ecdsa-with-SHA1
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x02", Hash::Sha256),     // ecdsa-with-SHA256
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x03", Hash::Sha384),     // ecdsa-with-SHA384
    (b"\x2A\x86\x48\xCE\x3D\x04\x03\x04", Hash::Sha512),     // ecdsa-with-SHA512
];

/// The object identifier in `signatureAlgorithm` of a certificate (RFC 5280
/// section 4.1), in DER.
fn signature_algorithm(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(parsed.signature_algorithm.algorithm.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use pop3_server::tls::TlsIdentity;
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject as _;

    use super::*;

    #[test]
    fn the_algorithm_is_found_and_nothing_else_is_taken_for_one() {
        let made = TlsIdentity::self_made(&["localhost"]).unwrap();
        let certificate = CertificateDer::from_pem_slice(made.chain_pem().as_bytes()).unwrap().to_vec();
        let ecdsa_with_sha256 = b"\x2A\x86\x48\xCE\x3D\x04\x03\x02";
        assert_eq!(signature_algorithm(&certificate).as_deref(), Some(&ecdsa_with_sha256[..]));
        assert_eq!(end_point(&certificate), Some(Sha256::digest(&certificate).to_vec()));
        for end in 0..certificate.len() {
            assert_eq!(end_point(&certificate[..end]), None, "{end}");
        }
        // The same with another algorithm named.
        let with = |last: u8| {
            let mut other = certificate.clone();
            let places = certificate.windows(8).enumerate().filter(|(_, window)| window == ecdsa_with_sha256);
            places.for_each(|(at, _)| other[at + 7] = last);
            end_point(&other).map(|hash| hash.len())
        };
        assert_eq!([with(2), with(3), with(4), with(0x7F)], [Some(32), Some(48), Some(64), None]);
    }
}
