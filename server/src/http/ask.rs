//! Commands and questions to the core, with every refusal turned into an answer of HTTP; and which
//! gathering a document is of.

use std::collections::BTreeSet;

use oogst_core::port::{self, Answer, Caller, Command, Question, Readable, Revert};
use oogst_protocol::api::{self, Line};
use oogst_protocol::ids::{DocumentId, FileId, GatheringId, Seq};

use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};
use crate::shard::{AskError, Shards};
use crate::views::ViewError;

/// What the core answers a question with is that question's own.
const OWN_ANSWER: &str = "the core answers each question with its own answer";

/// The way to the core. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ask(pub(crate) Shards);

impl Ask {
    /// Has something done; it is durable when this returns.
    pub(super) async fn command(
        &self,
        gathering: GatheringId,
        caller: Caller,
        command: Command,
    ) -> Result<(), ApiError> {
        self.0.command(gathering, caller, command).await?;
        Ok(())
    }

    /// Has somebody's acts undone; it is durable when this returns. Gives the newest event, and the
    /// documents that took nothing in, and why.
    pub(super) async fn revert(
        &self,
        gathering: GatheringId,
        caller: Caller,
        revert: Revert,
    ) -> Result<(Seq, Vec<(DocumentId, String)>), ApiError> {
        let answer = self.0.command(gathering, caller, Command::Revert(revert)).await?;
        let Answer::Reverted { seq, refused } = answer else { unreachable!("{OWN_ANSWER}") };
        Ok((seq, refused))
    }

    /// The gathering as the caller may see it.
    pub(super) async fn gathering(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<port::Gathering, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Gathering).await?;
        let Answer::Gathering(seen) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(*seen)
    }

    /// The document, where the caller may read it.
    pub(super) async fn document(
        &self,
        gathering: GatheringId,
        caller: Caller,
        document: DocumentId,
    ) -> Result<port::Document, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Document(document)).await?;
        let Answer::Document(seen) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(seen)
    }

    /// How the day goes, as the caller may see it.
    pub(super) async fn conduct(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<api::Conduct, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Conduct).await?;
        let Answer::Conduct(seen) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(super::conduct::shown(*seen))
    }

    /// The theme votes, as the caller may see them.
    pub(super) async fn votes(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<Vec<port::Vote>, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Votes).await?;
        let Answer::Votes(votes) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(votes)
    }

    /// How the caller themselves is named where what they said is published.
    pub(super) async fn consent(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<api::Consent, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Consent).await?;
        let Answer::Consent { publish, is_chosen } = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(api::Consent { publish, chosen: is_chosen })
    }

    /// All documents of the gathering that the caller may read, and those of them that every
    /// member does.
    pub(super) async fn readable(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<Readable, ApiError> {
        let answer = self.0.question(gathering, caller, Question::Readable).await?;
        let Answer::Readable(readable) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(readable)
    }

    /// The file, where the caller may read its document.
    pub(super) async fn file(
        &self,
        gathering: GatheringId,
        caller: Caller,
        file: FileId,
    ) -> Result<port::File, ApiError> {
        let answer = self.0.question(gathering, caller, Question::File(file)).await?;
        let Answer::File(found) = answer else { unreachable!("{OWN_ANSWER}") };
        Ok(found)
    }
}

impl App {
    /// The lines as whoever asks may have them, and the documents that every member reads. Asked
    /// once the lines were made, so that none is older than the right to read it.
    pub(super) async fn concealed(
        &self,
        identity: Identity,
        gathering: GatheringId,
        lines: Vec<Line>,
    ) -> Result<(Vec<Line>, BTreeSet<DocumentId>), ApiError> {
        let Readable { documents, open } =
            self.ask.readable(gathering, identity.caller_in(gathering)?).await?;
        let may = |line: &Line| line.document.is_none_or(|found| documents.contains(&found));
        let seen = lines.into_iter().map(|line| if may(&line) { line } else { line.concealed() });
        Ok((seen.collect(), open))
    }

    /// The gathering, where whoever asks may read it.
    pub(super) async fn readable(
        &self,
        identity: Identity,
        gathering: GatheringId,
    ) -> Result<GatheringId, ApiError> {
        let caller = identity.caller_in(gathering)?;
        self.ask.gathering(gathering, caller).await?;
        Ok(gathering)
    }

    /// The gathering of a document, where whoever asks may read it. A member's is their own; the
    /// operator's is looked for.
    pub(super) async fn home_of(
        &self,
        identity: Identity,
        document: DocumentId,
    ) -> Result<GatheringId, ApiError> {
        if let Identity::Member { gathering, .. } = identity {
            return Ok(gathering);
        }
        for gathering in self.log.gatherings() {
            match self.ask.document(gathering, Caller::Operator, document).await {
                Ok(_) => return Ok(gathering),
                Err(ApiError::Unknown { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Err(ApiError::Unknown { what: "document" })
    }
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(refusal) => refusal.into(),
            AskError::Overloaded => Self::Overloaded { retry_after: OVERLOAD_WAIT },
        }
    }
}

impl From<ViewError> for ApiError {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::UnknownGathering => Self::Unknown { what: "gathering" },
            ViewError::UnknownDocument => Self::Unknown { what: "document" },
            ahead @ ViewError::Ahead { .. } => Self::NotYet { detail: ahead.to_string() },
            ViewError::Late => Self::Behind,
            ViewError::Overload => Self::Overloaded { retry_after: OVERLOAD_WAIT },
            ViewError::Broken => Self::Broken,
            ViewError::Closed => Self::Stopping,
        }
    }
}
