//! The light participant against automerge itself: what it says, a server of automerge's own sync
//! takes in, and what that says reaches everybody.

use automerge::sync::{Message, State, SyncDoc};
use automerge::{AutoCommit, ReadDoc};
use oogst_protocol::ids::ParticipantId;
use tokio::time::Instant;
use uuid::Uuid;

use super::history::{History, Place};
use super::note::{Author, Ground};
use super::participant::milliseconds;
use super::replica::Replica;
use crate::chance::Chance;

const WRITERS: usize = 4;

/// Turns of one play: enough for some insights to be begun and typed in.
const TURNS: usize = 400;

/// Somebody, and what is on its way between them and the server.
struct Seat {
    replica: Replica,
    author: Author,
    news: Vec<Place>,
    state: State,
    to_server: Vec<Vec<u8>>,
    to_them: Vec<Vec<u8>>,
}

impl Seat {
    fn say(&mut self, history: &History) {
        let said = self.replica.speak(history, &self.news);
        self.news.clear();
        self.to_server.extend(said);
    }
}

struct Room {
    server: AutoCommit,
    history: History,
    seats: Vec<Seat>,
}

impl Room {
    fn open() -> Self {
        let server = Ground::document().unwrap();
        let ground = Ground::of(&server).unwrap();
        let seat = || {
            let participant = ParticipantId::new(Uuid::new_v4());
            let mut replica = Replica::default();
            replica.begin();
            let author = Author::new(participant, ground.clone(), 12);
            let state = State::new();
            let (news, to_server, to_them) = (Vec::new(), Vec::new(), Vec::new());
            Seat { replica, author, news, state, to_server, to_them }
        };
        let seats = (0..WRITERS).map(|_| seat()).collect();
        Self { server, history: History::default(), seats }
    }

    /// The server takes in the oldest of what somebody said, and says to everybody what it has to.
    fn serve(&mut self, place: usize) {
        let seat = &mut self.seats[place];
        if seat.to_server.is_empty() {
            return;
        }
        let message = Message::decode(&seat.to_server.remove(0)).unwrap();
        self.server.sync().receive_sync_message(&mut seat.state, message).unwrap();
        for seat in &mut self.seats {
            if let Some(message) = self.server.sync().generate_sync_message(&mut seat.state) {
                seat.to_them.push(message.encode());
            }
        }
    }

    /// Somebody takes in the oldest of what they were told, and answers.
    fn hear(&mut self, place: usize) {
        let seat = &mut self.seats[place];
        if !seat.to_them.is_empty() {
            let message = seat.to_them.remove(0);
            seat.replica.hear(&mut self.history, &message).unwrap();
            seat.say(&self.history);
        }
    }

    fn write(&mut self, place: usize) {
        let seat = &mut self.seats[place];
        if seat.replica.is_here() {
            let deps = self.history.hashes(seat.replica.heads());
            let change = seat.author.write(deps, seat.replica.next_op(), milliseconds());
            let made = self.history.make(&change, Instant::now()).unwrap();
            seat.replica.make(&self.history, made);
            seat.news.push(made);
            seat.say(&self.history);
        }
    }

    /// Until nobody has anything to say any more.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            let busy = |seat: &Seat| !seat.to_server.is_empty() || !seat.to_them.is_empty();
            if !self.seats.iter().any(busy) {
                return;
            }
            for place in 0..WRITERS {
                self.serve(place);
                self.hear(place);
            }
        }
        panic!("they never stop talking");
    }
}

#[test]
fn light_participants_and_automerge_understand_each_other() {
    for seed in 0..20 {
        let mut chance = Chance::of(seed, "room");
        let mut room = Room::open();
        for seat in &mut room.seats {
            seat.say(&room.history);
        }
        for _ in 0..TURNS {
            let place = chance.up_to(WRITERS) - 1;
            match chance.up_to(4) {
                1 => room.write(place),
                2 => room.hear(place),
                _ => room.serve(place),
            }
        }
        room.settle();
        let heads = room.server.get_heads();
        let changes = room.history.len();
        for seat in &room.seats {
            let here = room.history.hashes(seat.replica.heads());
            assert_eq!(here, heads, "seed {seed}");
            assert_eq!((seat.replica.len(), seat.replica.unsaved()), (changes, 0), "seed {seed}");
        }
        // Only changes that somebody made are in the document, each of them, and all of it loads.
        assert_eq!(room.server.get_changes(&[]).len(), changes, "seed {seed}");
        assert!(changes > TURNS / 8, "{changes} changes of seed {seed}");
        let mut again = AutoCommit::load(&room.server.save()).unwrap();
        assert_eq!(again.get_heads(), heads, "seed {seed}");
        let (_, insights) = again.get(automerge::ROOT, "insights").unwrap().unwrap();
        let texts = again.keys(&insights).filter(|item| {
            let (_, insight) = again.get(&insights, item.as_str()).unwrap().unwrap();
            let (_, text) = again.get(&insight, "text").unwrap().unwrap();
            "wie luistert".starts_with(&again.text(&text).unwrap())
        });
        assert_eq!(texts.count(), again.keys(&insights).count(), "seed {seed}");
    }
}
