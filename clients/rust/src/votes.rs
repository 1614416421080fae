//! Theme votes: hidden dots, the close, the selection.

use oogst_protocol::api::{Ballot, ConfirmSelection, NewVote, Vote, Votes};
use oogst_protocol::ids::VoteId;

use crate::http::NOTHING;
use crate::{Access, ClientError};

impl Access {
    /// The votes as the holder of the token may see them: before the close without any dots.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn votes(&self) -> Result<Vec<Vote>, ClientError> {
        let Votes { votes } = self.get("/votes").await?;
        Ok(votes)
    }

    /// Opens a vote between themes of the programme. Facilitators. With an id of the caller's the
    /// same request, made again, opens no second one.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn open_vote(&self, vote: &NewVote) -> Result<Vote, ClientError> {
        self.send("POST", "/votes", vote).await
    }

    /// Gives all dots of the holder of the token, in place of those before. Participants, the core
    /// group, facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 400 for more dots than there are to give, 409 once
    /// the vote is closed.
    pub async fn cast(&self, vote: VoteId, ballot: &Ballot) -> Result<(), ClientError> {
        self.give(vote, "ballot", ballot).await
    }

    /// Notes all dots that were counted on paper, in place of those before. Facilitators.
    ///
    /// # Errors
    ///
    /// As [`cast`](Self::cast).
    pub async fn add_paper(&self, vote: VoteId, counted: &Ballot) -> Result<(), ClientError> {
        self.give(vote, "paper", counted).await
    }

    /// Closes a vote for good, and tells how it came out. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn close_vote(&self, vote: VoteId) -> Result<Vote, ClientError> {
        self.conduct_vote(vote, "closed").await
    }

    /// Chooses exactly as many themes as the vote is to choose. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 400 without a reason where they are not simply those
    /// that came out first.
    pub async fn select(
        &self,
        vote: VoteId,
        selection: &ConfirmSelection,
    ) -> Result<Vote, ClientError> {
        self.send("PUT", &below(vote, "selection"), selection).await
    }

    /// Shows everybody what was chosen and how it came out. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn show_selection(&self, vote: VoteId) -> Result<Vote, ClientError> {
        self.conduct_vote(vote, "shown").await
    }

    async fn give(&self, vote: VoteId, what: &str, ballot: &Ballot) -> Result<(), ClientError> {
        let path = self.path(&below(vote, what));
        self.server().done(self.request("PUT", &path), ballot).await
    }

    async fn conduct_vote(&self, vote: VoteId, what: &str) -> Result<Vote, ClientError> {
        let path = self.path(&below(vote, what));
        self.server().call(self.request("PUT", &path), NOTHING).await
    }
}

fn below(vote: VoteId, what: &str) -> String {
    format!("/votes/{vote}/{what}")
}
