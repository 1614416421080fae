//! Somebody who has joined a gathering: what the REST part lets them see and do.

use oogst_protocol::api::{EditParticipant, Gathering, Joined, Line, Participant, Wall};
use oogst_protocol::ids::{GroupId, Seq};

use crate::http::NOTHING;
use crate::{ClientError, Feed, Server, Session};

/// A member of a gathering, with the token that says so.
#[derive(Clone, Debug)]
pub struct Member {
    server: Server,
    joined: Joined,
}

impl Member {
    pub(crate) fn new(server: Server, joined: Joined) -> Self {
        Self { server, joined }
    }

    /// What the server said at the join: token, return code, gathering and participant then.
    #[must_use]
    pub const fn joined(&self) -> &Joined {
        &self.joined
    }

    /// The gathering as it is now.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn gathering(&self) -> Result<Gathering, ClientError> {
        self.get("").await
    }

    /// Goes to a group of the running round, or to none.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn move_to(&self, group: Option<GroupId>) -> Result<Participant, ClientError> {
        let path = self.path(&format!("/participants/{}", self.joined.participant.id));
        let edit = EditParticipant { group: Some(group), ..EditParticipant::default() };
        self.server.call("PUT", &path, Some(&self.joined.token), Some(&edit)).await
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
        let lines = self.server.text(&path, &self.joined.token).await?;
        lines
            .lines()
            .map(|line| serde_json::from_str(line).map_err(ClientError::not_understood))
            .collect()
    }

    /// Follows the gathering: first what was missed after event `after`, then live.
    #[must_use]
    pub fn feed(&self, after: Seq) -> Feed {
        Feed::new(self.server.clone(), self.path("/feed"), self.joined.token.clone(), after)
    }

    /// Opens the line over which documents are edited. It connects in the background, and again
    /// each time the line breaks, until the session is dropped or refused.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn connect(&self) -> Session {
        Session::start(&self.server, &self.joined.token)
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/gatherings/{}{rest}", self.joined.gathering.id)
    }

    async fn get<Answer: serde::de::DeserializeOwned>(
        &self,
        rest: &str,
    ) -> Result<Answer, ClientError> {
        self.server.call("GET", &self.path(rest), Some(&self.joined.token), NOTHING).await
    }
}
