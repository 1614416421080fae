//! Contributions: the meaningful acts that an event holds, in the words of the domain.
//!
//! The server reads them from the operations it accepts; a client never claims one.

use crate::ids::ItemId;

/// Declares the vocabulary once: the variant, its number in the log (never reused), its name.
macro_rules! vocabulary {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// What was done, as `<noun>.<verb>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
        }

        impl Kind {
            /// Every kind, in the order of the vocabulary.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in feed, events and API: `insight.added`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The kind of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }

            /// The number in the log.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The kind behind a number of the log.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

vocabulary! {
    /// A new insight, with or without text yet.
    InsightAdded = 1, "insight.added";
    /// Its text or source changed.
    InsightEdited = 2, "insight.edited";
    /// Its category changed.
    InsightRecategorised = 3, "insight.recategorised";
    /// Its parent or position changed.
    InsightMoved = 4, "insight.moved";
    /// Its mark as key point was set or taken away.
    InsightHighlighted = 5, "insight.highlighted";
    /// Somebody supports it.
    InsightSupported = 6, "insight.supported";
    /// Somebody takes that support back.
    InsightUnsupported = 7, "insight.unsupported";
    /// A translation was written.
    InsightTranslated = 8, "insight.translated";
    /// Who said it was named or struck.
    InsightAttributed = 9, "insight.attributed";
    /// It was removed; it can be restored.
    InsightRemoved = 10, "insight.removed";
    /// It was restored.
    InsightRestored = 11, "insight.restored";
    /// A wording of the learning question was proposed or edited.
    WordingProposed = 20, "wording.proposed";
    /// Somebody consents to a wording.
    WordingConsented = 21, "wording.consented";
    /// A wording was chosen.
    WordingChosen = 22, "wording.chosen";
    /// The learning question or the title above the harvest changed.
    QuestionEdited = 23, "question.edited";
    /// A region's question was added.
    RegionQuestionAdded = 30, "region_question.added";
    /// A region's question changed.
    RegionQuestionEdited = 31, "region_question.edited";
    /// A region's question was put under a theme.
    RegionQuestionClustered = 32, "region_question.clustered";
    /// A region's question was removed or restored.
    RegionQuestionRemoved = 33, "region_question.removed";
    /// A theme was proposed.
    ThemeProposed = 40, "theme.proposed";
    /// A theme changed.
    ThemeEdited = 41, "theme.edited";
    /// A theme was removed or restored.
    ThemeRemoved = 42, "theme.removed";
    /// A part of the programme was added.
    BlockAdded = 50, "block.added";
    /// A part of the programme changed.
    BlockEdited = 51, "block.edited";
    /// A part of the programme was removed or restored.
    BlockRemoved = 52, "block.removed";
    /// A piece of news was shared.
    NewsShared = 60, "news.shared";
    /// A piece of news changed.
    NewsEdited = 61, "news.edited";
    /// A piece of news was removed or restored.
    NewsRemoved = 62, "news.removed";
    /// Somebody wrote on their own card of introduction.
    IntroductionEdited = 70, "introduction.edited";
    /// A stakeholder was added, complete or not.
    StakeholderAdded = 80, "stakeholder.added";
    /// What is known of a stakeholder changed: an interest or a win of theirs counts too.
    StakeholderEdited = 81, "stakeholder.edited";
    /// A stakeholder's level, influence or interest was assessed.
    StakeholderAssessed = 82, "stakeholder.assessed";
    /// How far a stakeholder is engaged changed.
    StakeholderEngaged = 83, "stakeholder.engaged";
    /// A stakeholder was removed; it can be restored.
    StakeholderRemoved = 84, "stakeholder.removed";
    /// A stakeholder was restored.
    StakeholderRestored = 85, "stakeholder.restored";
    /// A stakeholder's contact changed. Whose and what is not said.
    ContactEdited = 90, "contact.edited";
    /// An action was added.
    ActionAdded = 100, "action.added";
    /// What an action is changed.
    ActionEdited = 101, "action.edited";
    /// When, by whom, with what and in which scenarios an action is done changed.
    ActionPlanned = 102, "action.planned";
    /// How far an action is changed.
    ActionProgressed = 103, "action.progressed";
    /// Somebody supports an action.
    ActionSupported = 104, "action.supported";
    /// Somebody takes that support back.
    ActionUnsupported = 105, "action.unsupported";
    /// An action was removed; it can be restored.
    ActionRemoved = 106, "action.removed";
    /// An action was restored.
    ActionRestored = 107, "action.restored";
    /// The plan above its actions changed: its goal, its status, who was consulted.
    PlanEdited = 110, "plan.edited";
    /// A check-in was noted, or changed.
    CheckInNoted = 120, "check_in.noted";
    /// A task or an observation of a visit was noted, or the visit's heading.
    VisitNoted = 130, "visit.noted";
    /// A question for a visit was prepared.
    VisitAsked = 131, "visit.asked";
    /// A prepared question was answered.
    VisitAnswered = 132, "visit.answered";
    /// A visit led to a recommendation.
    VisitRecommended = 133, "visit.recommended";
    /// Somebody adopts a recommendation, or not any more.
    VisitAdopted = 134, "visit.adopted";
    /// Somebody wrote on their own card of the closing round. What is not said.
    ClosingEdited = 140, "closing.edited";
    /// The report changed.
    ReportEdited = 150, "report.edited";
    /// An intervision went on to another step of its format. What is written there is not said,
    /// here and in the three below.
    IntervisionStepped = 160, "intervision.stepped";
    /// A question was put in an intervision.
    IntervisionAsked = 161, "intervision.asked";
    /// Advice was given in an intervision.
    IntervisionAdvised = 162, "intervision.advised";
    /// A case owner noted what they will do.
    IntervisionConcluded = 163, "intervision.concluded";
    /// The gathering was prepared.
    GatheringPrepared = 200, "gathering.prepared";
    /// The gathering was opened.
    GatheringOpened = 201, "gathering.opened";
    /// The gathering was closed.
    GatheringClosed = 202, "gathering.closed";
    /// A round was opened.
    RoundOpened = 210, "round.opened";
    /// A round was closed.
    RoundClosed = 212, "round.closed";
    /// A group was formed.
    GroupFormed = 211, "group.formed";
    /// A document was opened.
    DocumentOpened = 220, "document.opened";
    /// A document was locked.
    DocumentFrozen = 221, "document.frozen";
    /// A document was unlocked.
    DocumentThawed = 222, "document.thawed";
    /// Somebody joined.
    ParticipantJoined = 230, "participant.joined";
    /// Somebody came back, on another device or another day.
    ParticipantReturned = 231, "participant.returned";
    /// Somebody went to another group.
    ParticipantMoved = 232, "participant.moved";
    /// Somebody changed the name they go by.
    ParticipantRenamed = 233, "participant.renamed";
    /// Somebody got another role.
    ParticipantPromoted = 234, "participant.promoted";
    /// Somebody was removed.
    ParticipantRemoved = 235, "participant.removed";
    /// Somebody left.
    ParticipantLeft = 236, "participant.left";
    /// Guests were let in.
    GuestsAdmitted = 240, "guests.admitted";
    /// The guests' time was over.
    GuestsDismissed = 241, "guests.dismissed";
    /// A block of the programme began.
    BlockStarted = 250, "block.started";
    /// A block ended.
    BlockEnded = 251, "block.ended";
    /// A block and all after it were put later, or earlier.
    BlockShifted = 252, "block.shifted";
    /// A clock was started.
    TimerStarted = 260, "timer.started";
    /// A clock was stopped.
    TimerStopped = 261, "timer.stopped";
    /// Something was put in the spotlight, or nothing any more.
    SpotlightSet = 270, "spotlight.set";
    /// A vote was opened.
    VoteOpened = 280, "vote.opened";
    /// Somebody gave their dots.
    VoteCast = 281, "vote.cast";
    /// Dots on paper were counted.
    VotePaperAdded = 282, "vote.paper_added";
    /// A vote was closed.
    VoteClosed = 283, "vote.closed";
    /// The themes were chosen.
    SelectionConfirmed = 290, "selection.confirmed";
    /// Somebody chose how they are named. What they chose is not said.
    ConsentSet = 300, "consent.set";
    /// A file was added to a document.
    FileAdded = 310, "file.added";
}

impl<C> minicbor::Encode<C> for Kind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.number())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Kind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let number = d.u16()?;
        Self::from_number(number)
            .ok_or_else(|| minicbor::decode::Error::message("contribution of a newer version"))
    }
}

/// One contribution, as it stands in an event's record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode,
)]
pub struct Contribution {
    /// What was done.
    #[n(0)]
    pub kind: Kind,
    /// To which item of the event's document, where it is about one.
    #[n(1)]
    pub item: Option<ItemId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_number_and_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_number(kind.number()), Some(*kind));
            assert_eq!(Kind::from_name(kind.name()), Some(*kind));
            assert_eq!(Kind::ALL.iter().filter(|other| other.name() == kind.name()).count(), 1);
        }
    }
}
