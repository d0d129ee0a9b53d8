//! What the certificate of a target is held against.

use std::sync::Arc;
use std::time::Duration;

use pop3_scenario::scenario::CertificateFact;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use crate::clock;
use crate::tls::{self, Trust};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// The certificate is as it must be.
    Holds,
    /// It is not; in words.
    Broken(String),
    /// This run cannot tell; in words.
    CannotTell(String),
}

/// The other name of a SRVName (RFC 4985 section 2).
const SRV_NAME: &str = "1.3.6.1.5.5.7.8.7";

/// Holds the certificates that a server presented, its own first, against a fact.
pub(crate) fn judge(
    fact: CertificateFact,
    presented: &[CertificateDer<'_>],
    name: &ServerName<'_>,
    trust: &Trust,
) -> Judged {
    let Some((own, issuers)) = presented.split_first() else {
        return Judged::Broken("the target presented no certificate".to_owned());
    };
    match fact {
        CertificateFact::Identifier => identifier(own),
        CertificateFact::HostName => host_name(own, name, trust),
        CertificateFact::Valid => valid(own, issuers, name, trust),
    }
}

/// RFC 9525 section 4.1: DNS-ID, IP-ID, SRV-ID or URI-ID.
fn identifier(own: &CertificateDer<'_>) -> Judged {
    let Ok((_, parsed)) = X509Certificate::from_der(own) else {
        return Judged::Broken("the certificate cannot be read".to_owned());
    };
    let names = parsed.subject_alternative_name().ok().flatten();
    let compared = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(_) | GeneralName::IPAddress(_) | GeneralName::URI(_) => true,
        GeneralName::OtherName(kind, _) => kind.to_id_string() == SRV_NAME,
        _ => false,
    };
    if names.is_some_and(|names| names.value.general_names.iter().any(compared)) {
        Judged::Holds
    } else {
        Judged::Broken(format!("its subjectAltName has no such name; the subject is `{}`", parsed.subject()))
    }
}

fn host_name(own: &CertificateDer<'_>, name: &ServerName<'_>, trust: &Trust) -> Judged {
    if let Some(why) = unknown(trust) {
        return why;
    }
    if !matches!(name, ServerName::DnsName(_)) {
        return Judged::CannotTell("the run knows the target by its address only; give it by its host name".to_owned());
    }
    let parsed = ParsedCertificate::try_from(own);
    match parsed.and_then(|parsed| verify_server_name(&parsed, name)) {
        Ok(()) => Judged::Holds,
        Err(error) => Judged::Broken(error.to_string()),
    }
}

/// RFC 5280 section 6 and the name.
fn valid(own: &CertificateDer<'_>, issuers: &[CertificateDer<'_>], name: &ServerName<'_>, trust: &Trust) -> Judged {
    if let Some(why) = unknown(trust) {
        return why;
    }
    let verifier = match tls::roots(trust) {
        Ok(roots) => WebPkiServerVerifier::builder_with_provider(Arc::new(roots), tls::provider()).build(),
        Err(why) => return Judged::CannotTell(why),
    };
    let now = UnixTime::since_unix_epoch(Duration::from_secs(clock::unix_seconds()));
    match verifier.map(|verifier| verifier.verify_server_cert(own, issuers, name, &[], now)) {
        Ok(Ok(_)) => Judged::Holds,
        Ok(Err(error)) => Judged::Broken(error.to_string()),
        Err(error) => Judged::CannotTell(error.to_string()),
    }
}

/// Who trusts anybody has said that the certificate is not the question.
fn unknown(trust: &Trust) -> Option<Judged> {
    let why = "the run was told to trust any certificate; give --ca FILE in place of --insecure";
    matches!(trust, Trust::Anybody).then(|| Judged::CannotTell(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use pop3_server::tls::TlsIdentity;
    use rustls_pki_types::pem::PemObject as _;

    use super::*;

    #[test]
    fn facts_hold_or_do_not() {
        let made = TlsIdentity::self_made(&["localhost"]).unwrap();
        let other = TlsIdentity::self_made(&["localhost"]).unwrap();
        let chain = [CertificateDer::from_pem_slice(made.chain_pem().as_bytes()).unwrap()];
        let (ours, theirs) =
            [&made, &other].map(|identity| Trust::Authority(identity.ca_pem().unwrap().to_owned())).into();
        let check = |fact, name: &'static str, trust: &Trust, want: &str| {
            let judged = judge(fact, &chain, &ServerName::try_from(name).unwrap(), trust);
            let word = match &judged {
                Judged::Holds => "holds",
                Judged::Broken(_) => "broken",
                Judged::CannotTell(_) => "cannot tell",
            };
            assert_eq!(word, want, "{fact:?} {name} {judged:?}");
        };
        use CertificateFact::{HostName, Identifier, Valid};
        check(Valid, "localhost", &ours, "holds");
        check(Valid, "mail.example.com", &ours, "broken");
        check(Valid, "localhost", &theirs, "broken");
        check(Valid, "localhost", &Trust::Anybody, "cannot tell");
        check(HostName, "localhost", &theirs, "holds");
        check(HostName, "mail.example.com", &ours, "broken");
        check(HostName, "127.0.0.1", &ours, "cannot tell");
        check(Identifier, "mail.example.com", &Trust::Anybody, "holds");
        assert!(matches!(
            judge(Identifier, &[], &ServerName::try_from("localhost").unwrap(), &ours),
            Judged::Broken(_)
        ));
    }
}
