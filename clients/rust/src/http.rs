//! Requests and answers: JSON over HTTP/1.1, one connection a request.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::http::{Response, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use oogst_protocol::api::{Join, Joined, NewGathering, OpenedGathering, Problem, Return};
use oogst_protocol::ids::Seq;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::dial::Place;
use crate::{ClientError, Member};

/// Longest wait for the head of an answer, in seconds.
const ANSWER_SECONDS_MAX: u64 = 30;

/// Largest answer that is read, in bytes: a page of 10,000 events is about eight million.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// No body in a request.
pub(crate) const NOTHING: Option<&()> = None;

/// What a request carries, and what that is.
pub(crate) struct Body {
    media_type: &'static str,
    bytes: Bytes,
}

impl Body {
    /// Bytes as they are.
    pub(crate) const fn raw(bytes: Bytes) -> Self {
        Self { media_type: "application/octet-stream", bytes }
    }

    fn json(value: &impl Serialize) -> Result<Self, ClientError> {
        let bytes = serde_json::to_vec(value).map_err(ClientError::not_understood)?;
        Ok(Self { media_type: "application/json", bytes: bytes.into() })
    }
}

/// One request: what is asked for, and as whom. Its body, if it has one, comes beside it.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    method: &'static str,
    path: &'a str,
    token: Option<&'a str>,
    last_event: Option<Seq>,
}

impl<'a> Request<'a> {
    pub(crate) const fn new(method: &'static str, path: &'a str) -> Self {
        Self { method, path, token: None, last_event: None }
    }

    pub(crate) const fn get(path: &'a str) -> Self {
        Self::new("GET", path)
    }

    /// In a header: a token stands in no address and so in no log of what was asked for.
    pub(crate) const fn token(self, token: &'a str) -> Self {
        Self { token: Some(token), ..self }
    }

    /// A feed goes on after this event.
    pub(crate) const fn last_event(self, seq: Seq) -> Self {
        Self { last_event: Some(seq), ..self }
    }
}

/// An Oogst server, by its address. Cheap to clone; holds no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    place: Place,
}

impl Server {
    /// The server at `url`, as `http://127.0.0.1:8080` or `https://oogst.example`. Nothing is
    /// sent yet.
    ///
    /// # Errors
    ///
    /// [`ClientError::Address`] where it is no such address, or one with a path.
    pub fn at(url: &str) -> Result<Self, ClientError> {
        let refuse = || ClientError::Address { found: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| refuse())?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(refuse()),
        };
        let authority = uri.authority().filter(|found| !found.as_str().contains('@'));
        let authority = authority.ok_or_else(refuse)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(refuse());
        }
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Self { place: Place { host: authority.host().to_owned(), port, secure } })
    }

    /// The address of a page on it: `path` begins with `/`.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        let Place { host, port, secure } = &self.place;
        match (secure, port) {
            (true, 443) => format!("https://{host}{path}"),
            (true, _) => format!("https://{host}:{port}{path}"),
            (false, 80) => format!("http://{host}{path}"),
            (false, _) => format!("http://{host}:{port}{path}"),
        }
    }

    /// Opens a gathering with the operator's key.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn open_gathering(
        &self,
        operator_key: &str,
        gathering: &NewGathering,
    ) -> Result<OpenedGathering, ClientError> {
        let request = Request::new("POST", "/api/gatherings").token(operator_key);
        self.call(request, Some(gathering)).await
    }

    /// Joins a gathering with its code.
    ///
    /// # Errors
    ///
    /// [`ClientError::TooEarly`] for a guest before guests are admitted; else by whose fault.
    pub async fn join(&self, join: &Join) -> Result<Member, ClientError> {
        let joined: Joined = self.call(Request::new("POST", "/api/join"), Some(join)).await?;
        Ok(Member::new(self, joined))
    }

    /// Comes back as the same participant, with the four words that the join gave.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn come_back(&self, return_code: &str) -> Result<Member, ClientError> {
        let words = Return { return_code: return_code.to_owned() };
        let joined: Joined = self.call(Request::new("POST", "/api/return"), Some(&words)).await?;
        Ok(Member::new(self, joined))
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// One request with its JSON, and the answer's JSON.
    pub(crate) async fn call<Answer: DeserializeOwned>(
        &self,
        request: Request<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<Answer, ClientError> {
        let answer = self.send(request, body.map(Body::json).transpose()?).await?;
        if answer.status() == StatusCode::ACCEPTED {
            return Err(ClientError::TooEarly);
        }
        let bytes = read(answer.into_body()).await?;
        serde_json::from_slice(&bytes).map_err(ClientError::not_understood)
    }

    /// One request with its JSON, whose answer says no more than that it is done.
    pub(crate) async fn done(
        &self,
        request: Request<'_>,
        body: &impl Serialize,
    ) -> Result<(), ClientError> {
        self.send(request, Some(Body::json(body)?)).await.map(drop)
    }

    /// One request with bytes, and the answer's JSON.
    pub(crate) async fn upload<Answer: DeserializeOwned>(
        &self,
        request: Request<'_>,
        bytes: Bytes,
    ) -> Result<Answer, ClientError> {
        let answer = self.send(request, Some(Body::raw(bytes))).await?;
        let bytes = read(answer.into_body()).await?;
        serde_json::from_slice(&bytes).map_err(ClientError::not_understood)
    }

    /// A request whose answer is text.
    pub(crate) async fn text(&self, request: Request<'_>) -> Result<String, ClientError> {
        let bytes = self.bytes(request).await?;
        String::from_utf8(bytes.into()).map_err(ClientError::not_understood)
    }

    /// A request whose answer is taken as it is.
    pub(crate) async fn bytes(&self, request: Request<'_>) -> Result<Bytes, ClientError> {
        read(self.send(request, None).await?.into_body()).await
    }

    /// One request; the answer's head, if it is a good one, and its body still to be read.
    pub(crate) async fn send(
        &self,
        request: Request<'_>,
        body: Option<Body>,
    ) -> Result<Response<Incoming>, ClientError> {
        let mut head = hyper::Request::builder().method(request.method).uri(request.path);
        head = head.header(header::HOST, self.place.authority());
        if let Some(token) = request.token {
            head = head.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(seq) = request.last_event {
            head = head.header("last-event-id", seq.to_string());
        }
        let bytes = match body {
            Some(Body { media_type, bytes }) => {
                head = head.header(header::CONTENT_TYPE, media_type);
                bytes
            }
            None => Bytes::new(),
        };
        // Only a token or a path with characters that no header or request line can hold.
        let request = head
            .body(Full::new(bytes))
            .map_err(|error| ClientError::Refused { status: 400, detail: error.to_string() })?;
        let answer =
            tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS_MAX), self.exchange(request))
                .await
                .map_err(|_| ClientError::NoAnswer { seconds: ANSWER_SECONDS_MAX })??;
        if answer.status().is_success() { Ok(answer) } else { Err(refused(answer).await) }
    }

    async fn exchange(
        &self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, ClientError> {
        let stream = TokioIo::new(self.place.dial().await?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
            .await
            .map_err(ClientError::unreachable)?;
        // Ends with the answer's body, or when that is dropped; its errors show there.
        drop(tokio::spawn(connection));
        sender.send_request(request).await.map_err(ClientError::unreachable)
    }
}

/// Reads a whole body, bounded.
async fn read(body: Incoming) -> Result<Bytes, ClientError> {
    match Limited::new(body, ANSWER_BYTES_MAX).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) => Err(ClientError::Unreachable(error.into())),
    }
}

/// Sorts a refusal by whose fault it is.
async fn refused(answer: Response<Incoming>) -> ClientError {
    let status = answer.status();
    let body = read(answer.into_body()).await.unwrap_or_default();
    let detail = match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => problem.detail,
        Err(_) => status.to_string(),
    };
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            ClientError::Overloaded { detail }
        }
        status if status.is_server_error() => {
            ClientError::ServerFault { status: status.as_u16(), detail }
        }
        status => ClientError::Refused { status: status.as_u16(), detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_with_host_and_port_and_nothing_else() {
        let place = |url: &str| Server::at(url).unwrap().place().clone();
        let at = |host: &str, port, secure| Place { host: host.to_owned(), port, secure };
        assert_eq!(place("http://127.0.0.1:8080/"), at("127.0.0.1", 8080, false));
        assert_eq!(place("http://oogst.example"), at("oogst.example", 80, false));
        assert_eq!(place("https://oogst.example"), at("oogst.example", 443, true));
        assert_eq!(place("https://[::1]:8443").authority(), "[::1]:8443");
        let wrong = ["oogst.example", "ftp://oogst.example", "http://oogst.example/j/X", ""];
        for wrong in wrong.into_iter().chain(["http://x/?a=1", "http://an:key@oogst.example"]) {
            assert!(Server::at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_names_the_port_where_it_is_not_the_usual_one() {
        let link = |url: &str| Server::at(url).unwrap().link("/j/X");
        assert_eq!(link("https://oogst.example"), "https://oogst.example/j/X");
        assert_eq!(link("http://127.0.0.1:8080/"), "http://127.0.0.1:8080/j/X");
    }
}
