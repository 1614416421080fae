//! The feed: server-sent events, resumed where the line broke.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use oogst_protocol::api::Line;
use oogst_protocol::ids::Seq;

use crate::http::NOTHING;
use crate::{ClientError, Server};

/// Longest line of the stream, in bytes: a contribution with its item's whole text.
const LINE_BYTES_MAX: usize = 1 << 20;

/// Rest before the feed is asked for again after its line broke.
const REST: Duration = Duration::from_millis(500);

/// A gathering's contributions as they come. Made by [`Member::feed`](crate::Member::feed).
#[derive(Debug)]
pub struct Feed {
    server: Server,
    path: String,
    token: String,
    /// Everything of the events up to here has been given.
    after: Seq,
    /// The place of the last line that was given.
    last: (Seq, u32),
    body: Option<Incoming>,
    /// What has come of the stream and holds no whole line yet.
    buffer: Vec<u8>,
}

impl Feed {
    pub(crate) fn new(server: Server, path: String, token: String, after: Seq) -> Self {
        let last = (after, u32::MAX);
        Self { server, path, token, after, last, body: None, buffer: Vec::new() }
    }

    /// The next contribution. Waits for one, however long; a broken line is mended by asking
    /// again from the last one given.
    ///
    /// Safe to cancel: no contribution is lost.
    ///
    /// # Errors
    ///
    /// What does not pass by waiting: a refusal, or an answer that is not understood.
    pub async fn next(&mut self) -> Result<Line, ClientError> {
        loop {
            if let Some(line) = self.take()? {
                // The last event may have been cut between two of its contributions.
                if (line.seq, line.index) > self.last {
                    self.last = (line.seq, line.index);
                    self.after = Seq(line.seq.0 - 1);
                    return Ok(line);
                }
                continue;
            }
            if let Err(error) = self.read().await {
                self.body = None;
                self.buffer.clear();
                if !error.passes() {
                    return Err(error);
                }
                tokio::time::sleep(REST).await;
            }
        }
    }

    /// Reads more of the stream, opening it first where it is not open.
    async fn read(&mut self) -> Result<(), ClientError> {
        let body = match &mut self.body {
            Some(body) => body,
            closed @ None => {
                let path = format!("{}?after={}", self.path, self.after);
                let answer = self.server.send("GET", &path, Some(&self.token), NOTHING).await?;
                closed.insert(answer.into_body())
            }
        };
        match body.frame().await {
            Some(Ok(frame)) => {
                self.buffer.extend(frame.data_ref().into_iter().flatten());
                if self.buffer.len() > LINE_BYTES_MAX && !self.buffer.contains(&b'\n') {
                    return Err(ClientError::not_understood("a feed line without end"));
                }
                Ok(())
            }
            Some(Err(error)) => Err(ClientError::unreachable(error)),
            None => Err(ClientError::unreachable(std::io::Error::other("the feed ended"))),
        }
    }

    /// Takes the first whole line with data out of the buffer. Its other lines (id, type,
    /// comments that keep the line open) say nothing that the data does not.
    fn take(&mut self) -> Result<Option<Line>, ClientError> {
        while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            if let Some(data) = line.strip_prefix(b"data:") {
                return serde_json::from_slice(data).map(Some).map_err(ClientError::not_understood);
            }
        }
        Ok(None)
    }
}
