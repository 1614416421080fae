//! TLS: a certificate that is trusted, and one that is not.

use std::net::SocketAddr;
use std::sync::Arc;

use oogst_tests::cli::run;
use oogst_tests::day::Day;
use oogst_tests::server::Server;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// For 127.0.0.1, until 2126, signed by itself; its key guards nothing.
const CERTIFICATE: &[u8] = include_bytes!("certificate.pem");
const KEY: &[u8] = include_bytes!("key.pem");

/// Ends TLS in front of a server, as a proxy of an operator does.
async fn secured(server: SocketAddr) -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust us hangs up here.
                let Ok(mut client) = acceptor.accept(client).await else { return };
                let mut server = TcpStream::connect(server).await.unwrap();
                copy_bidirectional(&mut client, &mut server).await.ok();
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_behind_tls_is_reached_where_its_certificate_is_trusted() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie is er niet?"]).await;
    let url = format!("https://{}", secured(server.address).await);
    let export = ["export", "--gathering", &day.id, "--server", &url];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pem");
    std::fs::write(&file, CERTIFICATE).unwrap();

    let token = ("OOGST_TOKEN", day.facilitator.as_str());
    let trusted = run(&export, &[token, ("SSL_CERT_FILE", file.to_str().unwrap())]).await;
    assert_eq!(trusted.done(), "# Startdag\n\n## Wie is er niet?\n");
    let refused = run(&export, &[token]).await.failed(1);
    let said = ["127.0.0.1", "not trusted", "SSL_CERT_FILE"];
    assert!(said.iter().all(|word| refused.contains(word)), "{refused}");
}
