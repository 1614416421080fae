//! Requests and answers: JSON over HTTP/1.1, one connection a request.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::http::{Request, Response, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use oogst_protocol::api::{Join, Joined, NewGathering, OpenedGathering, Problem, Return};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use crate::{ClientError, Member};

/// Longest wait for the head of an answer, in seconds.
const ANSWER_SECONDS_MAX: u64 = 30;

/// Largest answer that is read, in bytes: a page of 10,000 events is about eight million.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// No body in a request.
pub(crate) const NOTHING: Option<&()> = None;

/// An Oogst server, by its address. Cheap to clone; holds no connection.
#[derive(Clone, Debug)]
pub struct Server {
    /// `HOST:PORT`.
    authority: String,
}

impl Server {
    /// The server at `url`, as `http://127.0.0.1:8080`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ClientError::Address`] where it is no `http` address, or one with a path.
    pub fn at(url: &str) -> Result<Self, ClientError> {
        let refuse = || ClientError::Address { found: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| refuse())?;
        let authority = uri.authority().ok_or_else(refuse)?;
        if uri.scheme_str() != Some("http") || !matches!(uri.path(), "" | "/") {
            return Err(refuse());
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { authority: format!("{}:{port}", authority.host()) })
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
        self.call("POST", "/api/gatherings", Some(operator_key), Some(gathering)).await
    }

    /// Joins a gathering with its code.
    ///
    /// # Errors
    ///
    /// [`ClientError::TooEarly`] for a guest before guests are admitted; else by whose fault.
    pub async fn join(&self, join: &Join) -> Result<Member, ClientError> {
        let joined: Joined = self.call("POST", "/api/join", None, Some(join)).await?;
        Ok(Member::new(self.clone(), joined))
    }

    /// Comes back as the same participant, with the four words that the join gave.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn come_back(&self, return_code: &str) -> Result<Member, ClientError> {
        let words = Return { return_code: return_code.to_owned() };
        let joined: Joined = self.call("POST", "/api/return", None, Some(&words)).await?;
        Ok(Member::new(self.clone(), joined))
    }

    /// `HOST:PORT`.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// One request with its JSON, and the answer's JSON.
    pub(crate) async fn call<Answer: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&impl Serialize>,
    ) -> Result<Answer, ClientError> {
        let answer = self.send(method, path, token, body).await?;
        if answer.status() == StatusCode::ACCEPTED {
            return Err(ClientError::TooEarly);
        }
        let bytes = read(answer.into_body()).await?;
        serde_json::from_slice(&bytes).map_err(ClientError::not_understood)
    }

    /// A `GET` whose answer is text.
    pub(crate) async fn text(&self, path: &str, token: &str) -> Result<String, ClientError> {
        let answer = self.send("GET", path, Some(token), NOTHING).await?;
        let bytes = read(answer.into_body()).await?;
        String::from_utf8(bytes.into()).map_err(ClientError::not_understood)
    }

    /// One request; the answer's head, if it is a good one, and its body still to be read.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&impl Serialize>,
    ) -> Result<Response<Incoming>, ClientError> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, &self.authority);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                serde_json::to_vec(body).map_err(ClientError::not_understood)?
            }
            None => Vec::new(),
        };
        // Only a token or a path with characters that no header or request line can hold.
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| ClientError::Refused { status: 400, detail: error.to_string() })?;
        let answer =
            tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS_MAX), self.exchange(request))
                .await
                .map_err(|_| ClientError::NoAnswer { seconds: ANSWER_SECONDS_MAX })??;
        if answer.status().is_success() { Ok(answer) } else { Err(refused(answer).await) }
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, ClientError> {
        let stream = TcpStream::connect(&self.authority).await.map_err(ClientError::unreachable)?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
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
    fn an_address_is_http_with_host_and_port_and_nothing_else() {
        assert_eq!(Server::at("http://127.0.0.1:8080/").unwrap().authority(), "127.0.0.1:8080");
        assert_eq!(Server::at("http://oogst.example").unwrap().authority(), "oogst.example:80");
        for wrong in ["oogst.example", "https://oogst.example", "http://oogst.example/j/X", ""] {
            assert!(Server::at(wrong).is_err(), "{wrong}");
        }
    }
}
