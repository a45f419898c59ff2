//! TLS towards the relay, by rustls with the system's certificates.

use std::sync::Arc;

use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig};

use super::RelaySettings;
use crate::mail::reply::{Reply, Stage};

/// Why TLS cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTls {
    /// The extra certificates cannot be read.
    #[error("the extra certificates for the relay are not PEM")]
    Certificates(#[source] pem::Error),
    /// The system has no certificates to trust, or rustls does not take them.
    #[error("this system's certificates cannot be used")]
    Roots(#[source] rustls::Error),
}

pub(in crate::mail) fn connector(extra_roots: Option<&str>) -> Result<TlsConnector, InvalidTls> {
    let provider = Arc::new(default_provider());
    let extra: Vec<_> = CertificateDer::pem_slice_iter(extra_roots.unwrap_or_default().as_bytes())
        .collect::<Result<_, _>>()
        .map_err(InvalidTls::Certificates)?;
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(InvalidTls::Roots)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(InvalidTls::Roots)?
        .dangerous() // the name of every verifier that is given; this one verifies
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

pub(super) async fn encrypt(
    connector: &TlsConnector,
    settings: &RelaySettings,
    socket: TcpStream,
) -> Result<TlsStream<TcpStream>, Reply> {
    let trouble = |what: &str| Reply::trouble(Stage::Greeting, what);
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| trouble("the relay's host is not a name that a certificate can have"))?;
    match tokio::time::timeout(settings.limits.connect, connector.connect(name, socket)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(trouble(&format!("TLS failed: {error}"))),
        Err(_) => Err(trouble(&format!("TLS took longer than {} s", settings.limits.connect.as_secs()))),
    }
}
