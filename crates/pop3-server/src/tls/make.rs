//! Identities that are made up.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::PrivateKeyDer;

use super::TlsIdentity;

/// A certificate for these names, by an authority made for it.
pub(super) fn make(names: &[String]) -> Result<TlsIdentity, rcgen::Error> {
    make_with(names, |_| {})
}

/// The same, and it has expired.
pub(super) fn make_expired(names: &[String]) -> Result<TlsIdentity, rcgen::Error> {
    make_with(names, |server| server.not_after = rcgen::date_time_ymd(2001, 1, 1))
}

fn make_with(names: &[String], change: impl FnOnce(&mut CertificateParams)) -> Result<TlsIdentity, rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "pop3-server test authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let key = KeyPair::generate()?;
    let mut server = CertificateParams::new(names.to_vec())?;
    server.distinguished_name.push(DnType::CommonName, "pop3-server");
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    change(&mut server);
    let certificate = server.signed_by(&key, &authority)?;
    let key_pem = key.serialize_pem();
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
    Ok(TlsIdentity {
        chain: vec![certificate.der().clone()],
        key,
        ca_pem: Some(authority.pem()),
        chain_pem: certificate.pem(),
        key_pem,
    })
}
