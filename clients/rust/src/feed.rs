//! The feed: server-sent events, resumed where the line broke.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use oogst_protocol::api::Line;
use oogst_protocol::ids::Seq;
use tokio::time::Instant;

use crate::http::Request;
use crate::{ClientError, Server};

/// Longest line of the stream, in bytes: a contribution with its item's whole text.
const LINE_BYTES_MAX: usize = 1 << 20;

/// Silence after which the line is taken for dead: the server gives a sign of life every 15 s.
const SILENCE: Duration = Duration::from_secs(45);

/// First rest before the feed is asked for again; doubled each time up to the longest.
const REST_FIRST: Duration = Duration::from_millis(250);
const REST_LONGEST: Duration = Duration::from_secs(5);

/// What a feed has to say.
#[derive(Clone, Debug)]
pub enum News {
    /// A contribution.
    Line(Box<Line>),
    /// The server answers, for the first time or again: what was missed comes now.
    Open,
    /// The line broke, for this reason; it is being mended.
    Cut(ClientError),
}

/// A gathering's contributions as they come. Made by [`Access::feed`](crate::Access::feed).
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
    /// The rest before asking again, and when it is over; none while all is well.
    rest: Option<(Duration, Instant)>,
}

impl Feed {
    pub(crate) fn new(server: Server, path: String, token: String, after: Seq) -> Self {
        let (last, buffer) = ((after, u32::MAX), Vec::new());
        Self { server, path, token, after, last, body: None, buffer, rest: None }
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
            if let News::Line(line) = self.news().await? {
                return Ok(*line);
            }
        }
    }

    /// The next contribution, or that the line broke or came about: for whoever shows its state.
    ///
    /// Safe to cancel: no contribution is lost.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn news(&mut self) -> Result<News, ClientError> {
        loop {
            if let Some(line) = self.take()? {
                // The last event may have been cut between two of its contributions.
                if (line.seq, line.index) > self.last {
                    self.last = (line.seq, line.index);
                    self.after = Seq(line.seq.0 - 1);
                    return Ok(News::Line(Box::new(line)));
                }
                continue;
            }
            let read = match self.body {
                Some(_) => self.read().await.map(|()| None),
                None => self.open().await.map(|()| Some(News::Open)),
            };
            match read {
                Ok(None) => {}
                Ok(Some(news)) => return Ok(news),
                Err(error) if error.passes() => {
                    self.body = None;
                    self.buffer.clear();
                    let rest = self.rest.map_or(REST_FIRST, |(rest, _)| 2 * rest);
                    let rest = rest.min(REST_LONGEST);
                    self.rest = Some((rest, Instant::now() + rest));
                    return Ok(News::Cut(error));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks for the stream, from the last event of which everything was given.
    async fn open(&mut self) -> Result<(), ClientError> {
        if let Some((_, over)) = self.rest {
            tokio::time::sleep_until(over).await;
        }
        let request = Request::get(&self.path).token(&self.token).last_event(self.after);
        let answer = self.server.send(request, None).await?;
        self.body = Some(answer.into_body());
        Ok(())
    }

    /// Reads more of the stream, where it is open.
    async fn read(&mut self) -> Result<(), ClientError> {
        let Some(body) = &mut self.body else { return Ok(()) };
        let frame = tokio::time::timeout(SILENCE, body.frame())
            .await
            .map_err(|_| ClientError::NoAnswer { seconds: SILENCE.as_secs() })?;
        match frame {
            Some(Ok(frame)) => {
                self.rest = None;
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
