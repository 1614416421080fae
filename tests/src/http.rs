//! HTTP/1.1 as a test needs it: one request a connection, the body whole or line by line.

use std::io::ErrorKind;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::wait::within;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request without a token or a body.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        Self { head, body: None }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// With a bearer token.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With any body.
    #[must_use]
    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        self = self.header("content-type", kind).header("content-length", &body.len().to_string());
        self.body = Some(body);
        self
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Errors
    ///
    /// What the socket says, when nobody answers.
    pub async fn send(&self, address: SocketAddr) -> std::io::Result<Answer> {
        let mut stream = self.open(address).await?;
        let mut body = Vec::new();
        while let Some(piece) = within("a piece of an answer", stream.piece()).await? {
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status: stream.status, headers: stream.headers, body })
    }

    /// Sends it and gives the answer's body as it comes.
    ///
    /// # Errors
    ///
    /// What the socket says, when nobody answers.
    pub async fn open(&self, address: SocketAddr) -> std::io::Result<Stream> {
        let mut socket = TcpStream::connect(address).await?;
        let body = self.body.as_deref().unwrap_or_default();
        socket.write_all(format!("{}\r\n", self.head).as_bytes()).await?;
        // Whoever refuses a body may do so before it is whole, and listens no longer.
        if let Err(error) = socket.write_all(body).await
            && !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
        {
            return Err(error);
        }
        let mut reader = BufReader::new(socket);
        let status_line = head_line(&mut reader).await?;
        let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| std::io::Error::other(status_line.clone()))?;
        let mut headers = Vec::new();
        loop {
            let line = head_line(&mut reader).await?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let chunked = headers.iter().any(|(name, value)| {
            name == "transfer-encoding" && value.eq_ignore_ascii_case("chunked")
        });
        Ok(Stream { status, headers, chunked, reader, text: String::new() })
    }
}

async fn head_line(reader: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    let read = within("a line of an answer's head", reader.read_line(&mut line)).await?;
    if read == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The body as JSON, where the status is the expected one.
    ///
    /// # Panics
    ///
    /// On another status or another body, showing both.
    pub fn expect(&self, status: u16) -> Value {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        if text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }
}

/// An answer that is still coming.
#[derive(Debug)]
pub struct Stream {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    chunked: bool,
    reader: BufReader<TcpStream>,
    text: String,
}

impl Stream {
    /// The next piece of the body; nothing at its end.
    ///
    /// # Errors
    ///
    /// What the socket says.
    pub async fn piece(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        if self.chunked {
            let mut size = String::new();
            self.reader.read_line(&mut size).await?;
            let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
            if size == 0 {
                return Ok(None);
            }
            let mut piece = vec![0; size + 2];
            self.reader.read_exact(&mut piece).await?;
            piece.truncate(size);
            return Ok(Some(piece));
        }
        let mut piece = vec![0; 64 << 10];
        let read = self.reader.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then_some(piece))
    }

    /// The next block of a stream of server-sent events: the lines up to an empty one.
    ///
    /// # Panics
    ///
    /// Where the stream ends or the deadline passes first.
    pub async fn block(&mut self) -> Vec<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.lines().map(str::to_owned).collect();
                self.text = rest.to_owned();
                return block;
            }
            let piece = within("a block of the feed", self.piece()).await.unwrap();
            let piece = piece.unwrap_or_else(|| panic!("the feed ended"));
            self.text.push_str(&String::from_utf8(piece).unwrap());
        }
    }
}
