//! Somebody who has joined a gathering: who they are there, and what that lets them see and do.

use oogst_protocol::api::{Gathering, Joined, Line, Participant, Wall};
use oogst_protocol::ids::{GroupId, Seq};

use crate::{Access, ClientError, Feed, Server, Session};

/// A member of a gathering, with the token that says so.
#[derive(Clone, Debug)]
pub struct Member {
    access: Access,
    joined: Joined,
}

impl Member {
    pub(crate) fn new(server: &Server, joined: Joined) -> Self {
        Self { access: Access::new(server, joined.gathering.id, &joined.token), joined }
    }

    /// What the server said at the join: token, return code, gathering and participant then.
    #[must_use]
    pub const fn joined(&self) -> &Joined {
        &self.joined
    }

    /// What the member's token opens.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// Goes to a group of the running round, or to none.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn move_to(&self, group: Option<GroupId>) -> Result<Participant, ClientError> {
        self.access.seat(self.joined.participant.id, group).await
    }

    /// As [`Access::gathering`].
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn gathering(&self) -> Result<Gathering, ClientError> {
        self.access.gathering().await
    }

    /// As [`Access::wall`].
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn wall(&self) -> Result<Wall, ClientError> {
        self.access.wall().await
    }

    /// As [`Access::events`].
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn events(&self, after: Seq, limit: usize) -> Result<Vec<Line>, ClientError> {
        self.access.events(after, limit).await
    }

    /// As [`Access::feed`].
    #[must_use]
    pub fn feed(&self, after: Seq) -> Feed {
        self.access.feed(after)
    }

    /// As [`Access::connect`].
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn connect(&self) -> Session {
        self.access.connect()
    }
}
