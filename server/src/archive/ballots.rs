//! What an archive of a gathering says of its votes: the totals, and nobody's ballot (ADR 0011).
//!
//! Invariant: nothing that an archive holds depends on who gave which dots, and nothing of a vote
//! that is open depends on any. Ballots and counts of paper are left out, but for the last before
//! each close: in its place stand all dots together, as if they had been counted on paper. So what
//! is restored comes to the same totals. No hash stands for what was left out: a ballot has so few
//! possibilities that one could be found by it.

use std::collections::BTreeMap;
use std::sync::Arc;

use oogst_protocol::event::{Act, By, Dots, Entry, Event, Role, VoteAct};
use oogst_protocol::ids::{ChangeHash, ItemId, ParticipantId, Seq, VoteId};

/// Adds up the ballots of a gathering's votes.
#[derive(Default)]
pub(super) struct Counting {
    open: BTreeMap<VoteId, Given>,
    totals: Totals,
}

/// Where the totals of closed votes go.
#[derive(Default)]
pub(super) struct Totals(BTreeMap<Seq, VoteAct>);

/// What was given so far.
#[derive(Default)]
struct Given {
    ballots: BTreeMap<ParticipantId, Vec<Dots>>,
    paper: Vec<Dots>,
    last: Seq,
}

impl Counting {
    /// Takes the events in their order; those that are about no vote are passed over.
    pub(super) fn take(&mut self, event: &Event) {
        let Act::Voted(act) = &event.entry.act else { return };
        match (act, event.entry.by.participant) {
            (VoteAct::Cast { vote, dots }, Some(voter)) => {
                let given = self.open.entry(*vote).or_default();
                given.ballots.insert(voter, dots.clone());
                given.last = event.seq;
            }
            (VoteAct::PaperAdded { vote, dots }, _) => {
                let given = self.open.entry(*vote).or_default();
                given.paper.clone_from(dots);
                given.last = event.seq;
            }
            (VoteAct::Closed { vote }, _) => {
                let Some(given) = self.open.remove(vote) else { return };
                let counted = VoteAct::PaperAdded { vote: *vote, dots: given.sum() };
                self.totals.0.insert(given.last, counted);
            }
            _ => {}
        }
    }

    /// The totals of the votes that were closed.
    pub(super) fn finish(self) -> Totals {
        self.totals
    }
}

impl Given {
    fn sum(&self) -> Vec<Dots> {
        let mut sum: BTreeMap<ItemId, u16> = BTreeMap::new();
        for dots in self.ballots.values().flatten().chain(&self.paper) {
            let count = sum.entry(dots.theme).or_default();
            // A room of thousands with a hundred dots each would be needed to reach the end.
            *count = count.saturating_add(dots.count);
        }
        sum.into_iter().map(|(theme, count)| Dots { theme, count }).collect()
    }
}

impl Totals {
    /// The event as the archive holds it.
    pub(super) fn pass(&self, event: Arc<Event>) -> Arc<Event> {
        let act = &event.entry.act;
        if !matches!(act, Act::Voted(VoteAct::Cast { .. } | VoteAct::PaperAdded { .. })) {
            return event;
        }
        let act = match self.0.get(&event.seq) {
            Some(counted) => Act::Voted(counted.clone()),
            None => {
                let sha256 = ChangeHash([0; 32]);
                Act::Withheld { contributions: act.contributions(), sha256 }
            }
        };
        let by = By { participant: None, role: Role::Operator };
        let entry = Entry { at: event.entry.at, by, act };
        Arc::new(Event { gathering: event.gathering, seq: event.seq, entry })
    }
}

#[cfg(test)]
mod tests {
    use oogst_core::gathering::Fold;
    use oogst_core::port::{Answer, Caller, Question};
    use oogst_protocol::ids::{GatheringId, RoundId};
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    const VOTE: VoteId = VoteId::new(Uuid::from_u128(1));
    const GATHERING: GatheringId = GatheringId::new(Uuid::from_u128(2));

    fn theme(number: u128) -> ItemId {
        ItemId::new(Uuid::from_u128(10 + number))
    }

    /// A vote in which three people gave these themes a dot each, one of them twice.
    fn events(given: [u128; 4], is_closed: bool) -> Vec<Arc<Event>> {
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        let round = RoundId::new(Uuid::from_u128(3));
        let themes = vec![theme(1), theme(2)];
        let cast = |theme| {
            let dots = vec![Dots { theme, count: 1 }];
            Act::Voted(VoteAct::Cast { vote: VOTE, dots })
        };
        let mut acts = vec![
            (None, Act::GatheringPrepared { title, language, date: None, network: None }),
            (None, Act::RoundOpened { round, title: String::new(), kind: None }),
            (
                None,
                Act::Voted(VoteAct::Opened {
                    vote: VOTE,
                    themes,
                    budget: 1,
                    most_each: 1,
                    choose: 1,
                }),
            ),
        ];
        for (number, wanted) in [4, 5, 6, 4].into_iter().zip(given) {
            let voter = ParticipantId::new(Uuid::from_u128(number));
            acts.push((Some(voter), cast(theme(wanted))));
        }
        if is_closed {
            acts.push((None, Act::Voted(VoteAct::Closed { vote: VOTE })));
        }
        let event = |(seq, (participant, act))| {
            let by = By { participant, role: Role::Participant };
            let entry = Entry { at: Timestamp::from_milliseconds(1), by, act };
            Arc::new(Event { gathering: GATHERING, seq: Seq(seq), entry })
        };
        (1..).zip(acts).map(event).collect()
    }

    fn archived(events: &[Arc<Event>]) -> Vec<Arc<Event>> {
        let mut counting = Counting::default();
        events.iter().for_each(|event| counting.take(event));
        let totals = counting.finish();
        events.iter().map(|event| totals.pass(Arc::clone(event))).collect()
    }

    fn tallies(events: &[Arc<Event>]) -> Vec<(ItemId, Option<u32>)> {
        let mut fold = Fold::default();
        events.iter().for_each(|event| fold.fold(&event.entry));
        let place = (Seq::ZERO, Timestamp::default());
        let answer = fold.look(GATHERING, place, Caller::Operator, Question::Votes);
        let Ok(Answer::Votes(votes)) = answer else { unreachable!("{answer:?}") };
        let themes = votes.into_iter().flat_map(|vote| vote.themes);
        themes.map(|theme| (theme.theme, theme.tally.map(|tally| tally.dots))).collect()
    }

    #[test]
    fn an_archive_comes_to_the_totals_and_holds_nobodys_ballot() {
        let one = events([2, 1, 2, 1], true);
        let kept = archived(&one);
        assert_eq!(tallies(&kept), tallies(&one));
        assert_eq!(tallies(&kept), [(theme(1), Some(2)), (theme(2), Some(1))]);
        let other = archived(&events([1, 2, 1, 1], true));
        assert_eq!(kept, other, "others gave the same dots: the same archive");
    }

    #[test]
    fn of_an_open_vote_an_archive_tells_nothing() {
        let kept = archived(&events([1, 1, 1, 1], false));
        assert_eq!(kept, archived(&events([2, 2, 2, 2], false)));
        assert!(kept[3..].iter().all(|event| event.entry.by.participant.is_none()));
    }
}
