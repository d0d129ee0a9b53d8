//! The steps of a script that take TLS.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_rustls::TlsConnector;

use super::{Client, without_timestamp};
use crate::net::connection::{Beginning, serve};

impl Client {
    pub(super) async fn start_tls(&mut self) {
        if let Err(error) = self.handshake(rustls::DEFAULT_VERSIONS).await {
            panic!("no handshake: {error}, after {:?}", self.shown);
        }
        // What the server executes by itself.
        let heard = self.hear().await;
        self.shown.push(without_timestamp(heard));
    }

    /// The version of TLS that came of a handshake for which the client has these.
    async fn handshake(
        &mut self,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> std::io::Result<rustls::ProtocolVersion> {
        let stream = self.stream.take().unwrap();
        let stream = self.connector(versions).connect(host(), stream).await?;
        let version = stream.get_ref().1.protocol_version().unwrap();
        self.stream = Some(Box::new(stream));
        Ok(version)
    }

    fn connector(&self, versions: &[&'static rustls::SupportedProtocolVersion]) -> TlsConnector {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.server.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    pub(super) async fn show_version(&mut self, versions: &[&'static rustls::SupportedProtocolVersion]) {
        let version = self.handshake(versions).await;
        self.shown.push(version.map_or_else(|_| "no handshake".to_owned(), |version| format!("{version:?}")));
    }

    /// Connects where TLS begins with the first octet, and shows the greeting.
    pub(super) async fn open_under_tls(&mut self) {
        self.open_port();
        self.start_tls().await;
    }

    pub(super) fn open_port(&mut self) {
        let (client, end): (DuplexStream, _) = tokio::io::duplex(1 << 20);
        let settings = Arc::clone(&self.server.settings);
        self.session = Some(tokio::spawn(serve(end, Beginning::Handshake, settings)));
        self.stream = Some(Box::new(client));
    }

    /// Makes a handshake, and ends TLS by its close alert behind the greeting, and not TCP.
    pub(super) async fn end_tls(&mut self) {
        let stream = self.stream.take().unwrap();
        let mut stream = self.connector(rustls::DEFAULT_VERSIONS).connect(host(), stream).await.unwrap();
        let _ = stream.read(&mut [0; 512]).await.unwrap();
        let (mut inner, mut tls) = stream.into_inner();
        tls.send_close_notify();
        let mut alert = Vec::new();
        tls.write_tls(&mut alert).unwrap();
        inner.write_all(&alert).await.unwrap();
        self.stream = Some(inner);
        // The alert of the server, which is not POP3.
        self.hear().await;
        let heard = self.try_say("NOOP|").await.unwrap_or_default();
        self.shown.push(heard.split_once("-ERR").map_or("nothing in clear", |(_, text)| text).to_owned());
    }
}

fn host() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}
