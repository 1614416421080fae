//! Requests with whatever headers a test wants, one a connection, and their answers.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Longest that a test waits for anything: far more than it ever takes.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A request in the making.
pub(crate) struct Request {
    builder: hyper::http::request::Builder,
    body: Bytes,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let builder = hyper::Request::builder().method(method).uri(path);
        Self { builder, body: Bytes::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it; the answer's body is still to come.
    pub(crate) async fn open(self, address: SocketAddr) -> hyper::Response<Incoming> {
        let open = async {
            let stream = TcpStream::connect(address).await.unwrap();
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
            tokio::spawn(connection);
            let mut builder = self.builder;
            if !builder.headers_ref().unwrap().contains_key("host") {
                builder = builder.header("host", address.to_string());
            }
            sender.send_request(builder.body(Full::new(self.body)).unwrap()).await.unwrap()
        };
        tokio::time::timeout(DEADLINE, open).await.expect("an answer within the deadline")
    }

    /// Sends it and takes the whole answer.
    pub(crate) async fn send(self, address: SocketAddr) -> Answer {
        let (head, body) = self.open(address).await.into_parts();
        let body = tokio::time::timeout(DEADLINE, body.collect()).await.unwrap().unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() }
    }
}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &'static str) -> Option<&str> {
        self.headers.get(HeaderName::from_static(name)).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON, where the status is the expected one.
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The detail of the problem that this must be: RFC 9457, with the status and kind expected.
    pub(crate) fn problem(&self, status: u16, kind: &str) -> String {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["type"], format!("urn:oogst:problem:{kind}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        problem["detail"].as_str().unwrap().to_owned()
    }
}
