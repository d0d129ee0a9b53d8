//! TLS, and the certificates of both sides.

use std::path::Path;

use pop3_server::ServerBuilder;
use pop3_server::tls::{ClientCertificates, TlsIdentity, TlsVersions};

use crate::args::{ServeArguments, TlsVersionsArgument};
use crate::{Failure, files};

/// Whether any connection can be under TLS.
pub(super) fn is_there(arguments: &ServeArguments) -> bool {
    arguments.stls || arguments.listen_tls.is_some()
}

pub(super) fn tls(mut builder: ServerBuilder, arguments: &ServeArguments) -> Result<ServerBuilder, Failure> {
    if !is_there(arguments) {
        let idle = [
            ("--cert", arguments.cert.is_some()),
            ("--ca-out", arguments.ca_out.is_some()),
            ("--tls-versions", arguments.tls_versions.is_some()),
            ("--client-ca", arguments.client_ca.is_some()),
            ("--plaintext-under-tls", arguments.plaintext_under_tls),
        ];
        return match idle.iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(needed(option)),
            None => Ok(builder),
        };
    }
    if let (Some(cert), Some(key)) = (&arguments.cert, &arguments.key) {
        builder = builder.tls(from_files(cert, key)?);
    }
    builder = builder.client_certificates(client_certificates(arguments)?).tls_versions(match arguments.tls_versions {
        None | Some(TlsVersionsArgument::Both) => TlsVersions::Both,
        Some(TlsVersionsArgument::Tls12) => TlsVersions::Tls12,
        Some(TlsVersionsArgument::Tls13) => TlsVersions::Tls13,
    });
    if arguments.stls {
        builder = builder.stls();
    }
    if let Some(address) = arguments.listen_tls {
        builder = builder.implicit_tls(address);
    }
    Ok(builder)
}

/// The user's error of asking for what needs TLS.
pub(super) fn needed(what: &str) -> Failure {
    Failure::usage(format!(
        "{what} is of no use without TLS\n  help: add --stls, or --listen-tls ADDRESS:PORT (port 0 takes a free one)"
    ))
}

fn client_certificates(arguments: &ServeArguments) -> Result<ClientCertificates, Failure> {
    let Some(path) = &arguments.client_ca else { return Ok(ClientCertificates::NotAsked) };
    let ca_pem = files::read(path)?;
    Ok(match arguments.require_client_certificate {
        true => ClientCertificates::Required { ca_pem },
        false => ClientCertificates::Requested { ca_pem },
    })
}

fn from_files(cert: &Path, key: &Path) -> Result<TlsIdentity, Failure> {
    let (chain, key_text) = (files::read(cert)?, files::read(key)?);
    TlsIdentity::from_pem(&chain, &key_text)
        .map_err(|error| Failure::usage(format!("{}, {}: {error}", cert.display(), key.display())))
}
