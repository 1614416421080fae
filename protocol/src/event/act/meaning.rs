//! What an act is about and what it contributes.

use super::{Act, Status};
use crate::contribution::{Contribution, Kind};
use crate::ids::DocumentId;

impl Act {
    /// The document that the act is about, where it is about one.
    #[must_use]
    pub const fn document(&self) -> Option<DocumentId> {
        match self {
            Self::Changed { document, .. }
            | Self::DocumentOpened { document, .. }
            | Self::DocumentFrozen { document }
            | Self::DocumentThawed { document }
            | Self::FileAdded { document, .. }
            | Self::RoomChanged { document, .. } => Some(*document),
            Self::GatheringPrepared { .. }
            | Self::GatheringRetitled { .. }
            | Self::GatheringStatus { .. }
            | Self::RoundPlanned { .. }
            | Self::RoundOpened { .. }
            | Self::RoundClosed { .. }
            | Self::GroupFormed { .. }
            | Self::ParticipantJoined { .. }
            | Self::ParticipantReturned { .. }
            | Self::ParticipantMoved { .. }
            | Self::ParticipantRenamed { .. }
            | Self::ParticipantPromoted { .. }
            | Self::ParticipantRemoved { .. }
            | Self::ParticipantLeft { .. }
            | Self::RegionNamed { .. }
            | Self::Conducted(_)
            | Self::Voted(_)
            | Self::ConsentSet { .. }
            | Self::Reverted { .. }
            | Self::Withheld { .. }
            | Self::ParticipantsBounded { .. } => None,
        }
    }

    /// The act's name, for whoever reads an archive.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "changed",
            Self::GatheringPrepared { .. } => "gathering_prepared",
            Self::GatheringRetitled { .. } => "gathering_retitled",
            Self::GatheringStatus { .. } => "gathering_status",
            Self::RoundPlanned { .. } => "round_planned",
            Self::RoundOpened { .. } => "round_opened",
            Self::RoundClosed { .. } => "round_closed",
            Self::GroupFormed { .. } => "group_formed",
            Self::DocumentOpened { .. } => "document_opened",
            Self::DocumentFrozen { .. } => "document_frozen",
            Self::DocumentThawed { .. } => "document_thawed",
            Self::ParticipantJoined { .. } => "participant_joined",
            Self::ParticipantReturned { .. } => "participant_returned",
            Self::ParticipantMoved { .. } => "participant_moved",
            Self::ParticipantRenamed { .. } => "participant_renamed",
            Self::ParticipantPromoted { .. } => "participant_promoted",
            Self::ParticipantRemoved { .. } => "participant_removed",
            Self::ParticipantLeft { .. } => "participant_left",
            Self::RegionNamed { .. } => "region_named",
            Self::Conducted(_) => "conducted",
            Self::Voted(_) => "voted",
            Self::ConsentSet { .. } => "consent_set",
            Self::FileAdded { .. } => "file_added",
            Self::RoomChanged { .. } => "room_changed",
            Self::Reverted { .. } => "reverted",
            Self::Withheld { .. } => "withheld",
            Self::ParticipantsBounded { .. } => "participants_bounded",
        }
    }

    /// What the act contributes, in order; `index` of a feed line is the place in this list.
    #[must_use]
    pub fn contributions(&self) -> Vec<Contribution> {
        let kind = match self {
            Self::Changed { contributions, .. } | Self::Withheld { contributions, .. } => {
                return contributions.clone();
            }
            Self::Conducted(conduct) => return conduct.contributions(),
            Self::Voted(vote) => return vote.contributions(),
            // None of these has a word in the vocabulary: they give no line.
            Self::GatheringRetitled { .. }
            | Self::RoundPlanned { .. }
            | Self::RegionNamed { .. }
            | Self::RoomChanged { .. }
            | Self::Reverted { .. }
            | Self::ParticipantsBounded { .. } => return Vec::new(),
            Self::GatheringPrepared { .. } => Kind::GatheringPrepared,
            Self::GatheringStatus { status } => match status {
                Status::Prepared => Kind::GatheringPrepared,
                Status::Open => Kind::GatheringOpened,
                Status::Closed => Kind::GatheringClosed,
            },
            Self::RoundOpened { .. } => Kind::RoundOpened,
            Self::RoundClosed { .. } => Kind::RoundClosed,
            Self::GroupFormed { .. } => Kind::GroupFormed,
            Self::DocumentOpened { .. } => Kind::DocumentOpened,
            Self::DocumentFrozen { .. } => Kind::DocumentFrozen,
            Self::DocumentThawed { .. } => Kind::DocumentThawed,
            Self::ParticipantJoined { .. } => Kind::ParticipantJoined,
            Self::ParticipantReturned { .. } => Kind::ParticipantReturned,
            Self::ParticipantMoved { .. } => Kind::ParticipantMoved,
            Self::ParticipantRenamed { .. } => Kind::ParticipantRenamed,
            Self::ParticipantPromoted { .. } => Kind::ParticipantPromoted,
            Self::ParticipantRemoved { .. } => Kind::ParticipantRemoved,
            Self::ParticipantLeft { .. } => Kind::ParticipantLeft,
            Self::ConsentSet { .. } => Kind::ConsentSet,
            Self::FileAdded { .. } => Kind::FileAdded,
        };
        vec![Contribution { kind, item: None }]
    }
}
