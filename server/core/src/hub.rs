//! The rules' one way in: [`Hub::handle`] takes an [`Input`] and the moment it counts for, and
//! gives [`Effect`]s.
//!
//! Invariant: equal state, moment and input give equal effects. A hub owns its gatherings alone,
//! so nothing here locks, waits or asks the time. One gathering's work is in `hub::venue`; what it
//! says of documents in `document`, of rights in `rights`, of groups and people in `gathering`.

mod aftermath;
mod frames;
mod news;
mod revert;
mod venue;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId};
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::PeerId;

use self::venue::Venue;
use crate::gathering::Fold;
use crate::port::{CloseCode, ConnectionId, Effect, Input, Recorded, Refusal, Ticket};

/// Most appends of one gathering on their way to the disk. Beyond it senders close with 1013 and
/// commands are refused: a disk that is this far behind will not catch up soon.
pub const APPENDS_MAX: usize = 10_000;

/// Most bytes of changes in them.
pub const APPENDS_BYTES_MAX: usize = 64 << 20;

/// Most entries of one append: opening a gathering with the most groups takes about 110, undoing
/// what somebody did as many as everybody who was let into a room or out.
pub const APPEND_ENTRIES_MAX: usize = 4_096;

/// Most requests of one gathering that wait for the disk.
pub const REQUESTS_MAX: usize = 10_000;

/// Fewest changes that are worth a snapshot, where nobody says otherwise: some 20 KB.
pub const SNAPSHOT_CHANGES_MIN: usize = 200;

/// What a hub has to know of its server.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Our name on the wire; any text that no client takes.
    pub server_peer_id: String,
    /// Names our data: the same for its whole life, another one after it was reset or restored,
    /// or clients would trust what they remember of the data before.
    pub storage_id: String,
    /// Fewest changes that are worth a snapshot: beneath that, a document goes to newcomers change
    /// by change.
    pub snapshot_changes_min: usize,
}

/// A shard of gatherings and everybody who is connected to them.
#[derive(Debug)]
pub struct Hub {
    server: Server,
    venues: BTreeMap<GatheringId, Venue>,
    /// Where each open connection belongs. Only looked up.
    homes: HashMap<ConnectionId, GatheringId>,
    next_ticket: u64,
}

/// Who we are on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) peer: PeerId,
    pub(crate) storage: Arc<str>,
    pub(crate) snapshot_changes_min: usize,
}

/// What one input is handled with.
pub(crate) struct Turn<'h> {
    pub(crate) now: Timestamp,
    pub(crate) server: &'h Server,
    pub(crate) effects: &'h mut Vec<Effect>,
    next_ticket: &'h mut u64,
}

impl Turn<'_> {
    /// The ticket that the next append will have.
    pub(crate) const fn next_ticket(&self) -> Ticket {
        Ticket(*self.next_ticket)
    }

    pub(crate) const fn take_ticket(&mut self) -> Ticket {
        let ticket = Ticket(*self.next_ticket);
        *self.next_ticket += 1;
        ticket
    }
}

/// How much a hub holds at this moment. Each of these has a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Gatherings in memory.
    pub gatherings: usize,
    /// Documents in memory, opened or not.
    pub documents: usize,
    /// Connections.
    pub connections: usize,
    /// The most appends on their way to the disk in one gathering: at most [`APPENDS_MAX`].
    pub appends_max: usize,
    /// The most bytes of changes in them: at most [`APPENDS_BYTES_MAX`] and one message.
    pub append_bytes_max: usize,
    /// The most requests waiting in one gathering: at most [`REQUESTS_MAX`].
    pub requests_max: usize,
    /// The most changes of one connection that wait for others: at most
    /// [`WAITING_CHANGES_MAX`](crate::document::WAITING_CHANGES_MAX).
    pub waiting_changes_max: usize,
    /// The most bytes of them: at most
    /// [`WAITING_BYTES_MAX`](crate::document::WAITING_BYTES_MAX).
    pub waiting_bytes_max: usize,
}

impl Hub {
    /// An empty hub.
    #[must_use]
    pub fn new(config: HubConfig) -> Self {
        let peer = PeerId::new(&config.server_peer_id);
        let storage = config.storage_id.into();
        let snapshot_changes_min = config.snapshot_changes_min;
        let server = Server { peer, storage, snapshot_changes_min };
        Self { server, venues: BTreeMap::new(), homes: HashMap::new(), next_ticket: 1 }
    }

    /// Advances the hub by one input. The effects are to be performed in their order.
    ///
    /// # Panics
    ///
    /// Where the shell breaks a promise of [`crate::port`], or we one of our own.
    pub fn handle(&mut self, now: Timestamp, input: Input, effects: &mut Vec<Effect>) {
        let before = effects.len();
        self.take(now, input, effects);
        for effect in &effects[before..] {
            // Whoever is closed is not heard any more, and costs nothing.
            if let Effect::Close { connection, .. } = effect {
                self.homes.remove(connection);
            }
        }
    }

    fn take(&mut self, now: Timestamp, input: Input, effects: &mut Vec<Effect>) {
        let Self { server, venues, homes, next_ticket } = self;
        let mut turn = Turn { now, server, effects, next_ticket };
        match input {
            Input::Loaded { gathering, events } => {
                // What is held already is newer than what was loaded meanwhile.
                let loaded = || Venue::load(gathering, &events);
                // What fell due while it was out of memory is due now.
                venues.entry(gathering).or_insert_with(loaded).tick(&mut turn);
            }
            Input::Opened { connection, gathering, participant } => {
                let Some(venue) = venues.get_mut(&gathering) else {
                    let code = CloseCode::ComeBack;
                    let reason = "the gathering is being loaded: come back".to_owned();
                    turn.effects.push(Effect::Close { connection, code, reason });
                    return;
                };
                homes.insert(connection, gathering);
                venue.opened(&mut turn, connection, participant);
            }
            Input::Frame { connection, bytes } => {
                let home = homes.get(&connection).and_then(|home| venues.get_mut(home));
                if let Some(venue) = home {
                    venue.frame(&mut turn, connection, &bytes);
                }
            }
            Input::Closed { connection } => {
                let home = homes.remove(&connection);
                if let Some(venue) = home.and_then(|home| venues.get_mut(&home)) {
                    venue.closed(connection);
                }
            }
            Input::Snapshot { gathering, document, snapshot } => {
                if let Some(venue) = venues.get_mut(&gathering) {
                    venue.snapshot(document, snapshot.as_ref());
                }
            }
            Input::Tick => venues.values_mut().for_each(|venue| venue.tick(&mut turn)),
            Input::Recorded(reports) => recorded(venues, &mut turn, reports),
            Input::Command { request, gathering, caller, command } => {
                match venues.get_mut(&gathering) {
                    Some(venue) => venue.command(&mut turn, request, caller, &command),
                    None => {
                        let answer = Err(Refusal::Unknown { what: "gathering" });
                        turn.effects.push(Effect::Answer { request, answer });
                    }
                }
            }
            Input::Question { request, gathering, caller, question } => {
                let venue = venues.get(&gathering).ok_or(Refusal::Unknown { what: "gathering" });
                let answer = venue.and_then(|venue| venue.look(now, caller, question));
                turn.effects.push(Effect::Answer { request, answer });
            }
        }
    }

    /// Whether a gathering is in memory.
    #[must_use]
    pub fn holds(&self, gathering: GatheringId) -> bool {
        self.venues.contains_key(&gathering)
    }

    /// The gatherings that nobody is connected to and nothing is on its way to the disk for.
    pub fn idle(&self) -> impl Iterator<Item = GatheringId> + '_ {
        self.venues.iter().filter(|(_, venue)| venue.is_idle()).map(|(gathering, _)| *gathering)
    }

    /// Drops an idle gathering from memory; [`Input::Loaded`] brings it back. Gives whether it
    /// did.
    pub fn forget(&mut self, gathering: GatheringId) -> bool {
        let idle = self.venues.get(&gathering).is_some_and(Venue::is_idle);
        if idle {
            self.venues.remove(&gathering);
        }
        idle
    }

    /// How much the hub holds now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { gatherings: self.venues.len(), ..Counts::default() };
        self.venues.values().for_each(|venue| venue.count(&mut counts));
        counts
    }

    /// What the durable events of a gathering say of it.
    #[must_use]
    pub fn fold(&self, gathering: GatheringId) -> Option<&Fold> {
        self.venues.get(&gathering).map(Venue::durable)
    }

    /// A document's durable heads, ascending; `None` where nobody has opened it yet.
    #[must_use]
    pub fn durable_heads(
        &self,
        gathering: GatheringId,
        document: DocumentId,
    ) -> Option<Vec<ChangeHash>> {
        self.venues.get(&gathering)?.durable_heads(document)
    }
}

/// Hands what was recorded to its gatherings, to each of them all that is its own at once. One
/// append's events are all of one gathering; what happens in one means nothing to another.
fn recorded(
    venues: &mut BTreeMap<GatheringId, Venue>,
    turn: &mut Turn<'_>,
    reports: Vec<Recorded>,
) {
    let mut homes: BTreeMap<GatheringId, Vec<Recorded>> = BTreeMap::new();
    for report in reports {
        let gathering = report.events.first().expect("an append has entries").gathering;
        homes.entry(gathering).or_default().push(report);
    }
    for (gathering, reports) in homes {
        let ours = reports.iter().any(|report| report.ticket.is_some());
        match venues.get_mut(&gathering) {
            Some(venue) => venue.recorded(turn, &reports),
            None => assert!(!ours, "a gathering with appends under way is not forgotten"),
        }
    }
}
