//! What SCRAM binds to: the data of the TLS channel below.

use pop3_proto::login::{BindingKind, ChannelBinding};
use rustls::{ClientConnection, ProtocolVersion};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

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
/// section 4.1): the second member of the outer sequence.
fn signature_algorithm(certificate: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    let (members, _) = element(SEQUENCE, certificate)?;
    let (_, behind) = element(SEQUENCE, members)?;
    let (algorithm, _) = element(SEQUENCE, behind)?;
    element(OBJECT_IDENTIFIER, algorithm).map(|(object, _)| object)
}

/// The content of an element of DER with this tag, and what is behind it.
fn element(tag: u8, octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) =
        octets.split_first().filter(|(found, _)| **found == tag).and_then(|(_, rest)| rest.split_first())?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(first & 0x7F)).filter(|(digits, _)| digits.len() <= 4)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_algorithm_is_found_and_nothing_else_is_taken_for_one() {
        let ecdsa = b"\x2A\x86\x48\xCE\x3D\x04\x03\x03";
        let sequence = |content: &[u8]| [&[0x30, 0x81, u8::try_from(content.len()).unwrap()], content].concat();
        let algorithm = sequence(&[&[6, 8], &ecdsa[..]].concat());
        let certificate = sequence(&[sequence(b"to be signed"), algorithm, b"\x03\x01\0".to_vec()].concat());
        assert_eq!(signature_algorithm(&certificate), Some(&ecdsa[..]));
        assert_eq!(end_point(&certificate).map(|hash| hash.len()), Some(48));
        for end in 0..certificate.len() - 3 {
            assert_eq!(end_point(&certificate[..end]), None, "{end}");
        }
        let unknown = certificate.iter().map(|octet| if *octet == 0xCE { 0xCF } else { *octet }).collect::<Vec<_>>();
        assert_eq!(end_point(&unknown), None);
        assert_eq!(signature_algorithm(b"\x30\x85\xFF\xFF\xFF\xFF\xFF"), None);
    }
}
