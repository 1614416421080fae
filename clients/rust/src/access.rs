//! What a token opens of one gathering through the REST part, whoever holds it.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use oogst_protocol::api::{
    Attribution, Conduct, Consent, EditParticipant, ExportFormat, Gathering, Line, NewRound,
    Participant, Round, SetConsent, SetGuests, Wall,
};
use oogst_protocol::event::Publish;
use oogst_protocol::ids::{GatheringId, GroupId, ParticipantId, RoundId, Seq};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::http::{NOTHING, Request};
use crate::{ClientError, Feed, Server, Session};

/// One gathering, through the eyes of whoever holds a token of it: a participant, a guest, an
/// observer, a facilitator, or the operator with their key. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Access {
    server: Server,
    gathering: GatheringId,
    token: Token,
}

/// A token, never shown.
#[derive(Clone)]
struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Access {
    /// What `token` opens of `gathering`. Nothing is sent yet.
    #[must_use]
    pub fn new(server: &Server, gathering: GatheringId, token: &str) -> Self {
        Self { server: server.clone(), gathering, token: Token(token.to_owned()) }
    }

    /// Which gathering.
    #[must_use]
    pub const fn id(&self) -> GatheringId {
        self.gathering
    }

    /// The gathering as it is now.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn gathering(&self) -> Result<Gathering, ClientError> {
        self.get("").await
    }

    /// The wall as it is now.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn wall(&self) -> Result<Wall, ClientError> {
        self.get("/wall").await
    }

    /// Contributions after event `after`, oldest first, of at most `limit` events: complete,
    /// unlike the feed, which tells of a burst of typing only its first and last.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn events(&self, after: Seq, limit: usize) -> Result<Vec<Line>, ClientError> {
        let path = self.path(&format!("/events?after={after}&limit={limit}"));
        let lines = self.server.text(Request::get(&path).token(&self.token.0)).await?;
        lines
            .lines()
            .map(|line| serde_json::from_str(line).map_err(ClientError::not_understood))
            .collect()
    }

    /// Follows the gathering: first what was missed after event `after`, then live.
    #[must_use]
    pub fn feed(&self, after: Seq) -> Feed {
        Feed::new(self.server.clone(), self.path("/feed"), self.token.0.clone(), after)
    }

    /// The harvest as a file, piece by piece.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn export(
        &self,
        format: ExportFormat,
        attribution: Attribution,
    ) -> Result<Download, ClientError> {
        let (ending, attribution) = (format.ending(), attribution.word());
        self.download(&format!("/export.{ending}?attribution={attribution}")).await
    }

    /// The gathering in one file, piece by piece. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn archive(&self) -> Result<Download, ClientError> {
        self.download("/archive").await
    }

    /// Seats somebody in a group of the running round, or in none. One's own place is everybody's
    /// to choose; another's is a facilitator's.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn seat(
        &self,
        who: ParticipantId,
        group: Option<GroupId>,
    ) -> Result<Participant, ClientError> {
        let edit = EditParticipant { group: Some(group), ..EditParticipant::default() };
        self.send("PUT", &format!("/participants/{who}"), &edit).await
    }

    /// Plans a round: its groups, each with a harvest, and who will sit where. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn plan_round(&self, round: &NewRound) -> Result<Round, ClientError> {
        self.send("POST", "/rounds", round).await
    }

    /// Opens a round, which ends the one before; without one, ends the one that runs. Gives the
    /// gathering as it is then. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn run_round(&self, round: Option<RoundId>) -> Result<Gathering, ClientError> {
        self.send("PUT", "/rounds/running", &round).await
    }

    /// Lets guests in, until they are dismissed. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 409 where they are in already.
    pub async fn admit_guests(&self) -> Result<Conduct, ClientError> {
        self.send("PUT", "/guests", &SetGuests::Admitted { until: None }).await
    }

    /// Says how the holder of the token is named where what they said is published.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn consent(&self, publish: Publish) -> Result<Consent, ClientError> {
        self.send("PUT", "/consent", &SetConsent { publish }).await
    }

    /// Opens the line over which documents are edited. It connects in the background, and again
    /// each time the line breaks, until the session is dropped or refused.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn connect(&self) -> Session {
        Session::start(&self.server, &self.token.0)
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/gatherings/{}{rest}", self.gathering)
    }

    async fn get<Answer: DeserializeOwned>(&self, rest: &str) -> Result<Answer, ClientError> {
        let path = self.path(rest);
        self.server.call(Request::get(&path).token(&self.token.0), NOTHING).await
    }

    async fn send<Answer: DeserializeOwned>(
        &self,
        method: &'static str,
        rest: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        let path = self.path(rest);
        self.server.call(Request::new(method, &path).token(&self.token.0), Some(body)).await
    }

    async fn download(&self, rest: &str) -> Result<Download, ClientError> {
        let path = self.path(rest);
        let answer = self.server.send(Request::get(&path).token(&self.token.0), NOTHING).await?;
        Ok(Download { body: answer.into_body() })
    }
}

/// A file that is coming, in pieces as the line brings them: it may be larger than memory.
#[derive(Debug)]
pub struct Download {
    body: Incoming,
}

impl Download {
    /// The next piece; nothing at the end of the file.
    ///
    /// # Errors
    ///
    /// The line's: what came so far is not the whole file.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            match self.body.frame().await.transpose().map_err(ClientError::unreachable)? {
                None => return Ok(None),
                Some(frame) => match frame.into_data() {
                    Ok(data) if data.is_empty() => {}
                    Ok(data) => return Ok(Some(data)),
                    Err(_trailers) => {}
                },
            }
        }
    }
}
