//! What a token opens of one gathering through the REST part, whoever holds it.
//!
//! Here: reading it and conducting it. Votes are in `votes`, what comes and goes as a file in
//! `files`.

use oogst_protocol::api::{
    Conduct, Consent, Document, EditParticipant, Gathering, Line, NewDocument, NewRound,
    Participant, PlanOverview, Round, SetConsent, SetGuests, Wall,
};
use oogst_protocol::event::Publish;
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId, Seq};
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
        let lines = self.server.text(self.request("GET", &path)).await?;
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

    /// A document's root object as JSON, as it is now.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 404 where it is not there for the holder of the token.
    pub async fn document(&self, document: DocumentId) -> Result<serde_json::Value, ClientError> {
        self.get_at(&format!("/api/documents/{document}")).await
    }

    /// What an action plan adds up to: its scenarios side by side, hundred days, periods.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 404 where it is no action plan.
    pub async fn plan_overview(&self, plan: DocumentId) -> Result<PlanOverview, ClientError> {
        self.get_at(&format!("/api/documents/{plan}/overview")).await
    }

    /// Opens a document beside those that are there from the start. Facilitators; members an
    /// intervision or a visit of their own group.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 409 where there is one of its kind and owner already.
    pub async fn open_document(&self, document: &NewDocument) -> Result<Document, ClientError> {
        self.send("POST", "/documents", document).await
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

    /// Begins a block of the programme, and so ends the one that runs. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn start_block(&self, block: ItemId) -> Result<Conduct, ClientError> {
        self.conduct_block(block, "started").await
    }

    /// Ends a block that runs. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 409 where it has not begun.
    pub async fn end_block(&self, block: ItemId) -> Result<Conduct, ClientError> {
        self.conduct_block(block, "ended").await
    }

    async fn conduct_block(&self, block: ItemId, what: &str) -> Result<Conduct, ClientError> {
        let path = self.path(&format!("/blocks/{block}/{what}"));
        self.server.call(self.request("PUT", &path), NOTHING).await
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

    pub(crate) const fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) fn token(&self) -> &str {
        &self.token.0
    }

    /// A path below the gathering.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/gatherings/{}{rest}", self.gathering)
    }

    /// A request as the holder of the token.
    pub(crate) fn request<'a>(&'a self, method: &'static str, path: &'a str) -> Request<'a> {
        Request::new(method, path).token(&self.token.0)
    }

    pub(crate) async fn get<Answer: DeserializeOwned>(
        &self,
        rest: &str,
    ) -> Result<Answer, ClientError> {
        self.get_at(&self.path(rest)).await
    }

    async fn get_at<Answer: DeserializeOwned>(&self, path: &str) -> Result<Answer, ClientError> {
        self.server.call(self.request("GET", path), NOTHING).await
    }

    /// Sends JSON to a path below the gathering.
    pub(crate) async fn send<Answer: DeserializeOwned>(
        &self,
        method: &'static str,
        rest: &str,
        body: &impl Serialize,
    ) -> Result<Answer, ClientError> {
        self.server.call(self.request(method, &self.path(rest)), Some(body)).await
    }
}
