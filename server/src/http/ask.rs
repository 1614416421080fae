//! Commands and questions to the core, with every refusal turned into an answer of HTTP; and which
//! gathering a document is of.

use oogst_core::port::{self, Answer, Caller, Command, Question};
use oogst_protocol::api;
use oogst_protocol::ids::{DocumentId, GatheringId};

use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};
use crate::shard::{AskError, Shards};
use crate::views::ViewError;

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

    /// The gathering as the caller may see it.
    pub(super) async fn gathering(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<port::Gathering, ApiError> {
        match self.0.question(gathering, caller, Question::Gathering).await? {
            Answer::Gathering(seen) => Ok(*seen),
            Answer::Done { .. } | Answer::Document(_) | Answer::Consent { .. } => {
                unreachable!("the core answers each question with its own answer")
            }
        }
    }

    /// The document, where the caller may read it.
    pub(super) async fn document(
        &self,
        gathering: GatheringId,
        caller: Caller,
        document: DocumentId,
    ) -> Result<port::Document, ApiError> {
        match self.0.question(gathering, caller, Question::Document(document)).await? {
            Answer::Document(seen) => Ok(seen),
            Answer::Done { .. } | Answer::Gathering(_) | Answer::Consent { .. } => {
                unreachable!("the core answers each question with its own answer")
            }
        }
    }
}

impl Ask {
    /// How the caller themselves is named where what they said is published.
    pub(super) async fn consent(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<api::Consent, ApiError> {
        match self.0.question(gathering, caller, Question::Consent).await? {
            Answer::Consent { publish, is_chosen } => {
                Ok(api::Consent { publish, chosen: is_chosen })
            }
            Answer::Done { .. } | Answer::Gathering(_) | Answer::Document(_) => {
                unreachable!("the core answers each question with its own answer")
            }
        }
    }
}

impl App {
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
