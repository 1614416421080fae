//! What devices say of what they still have to send: kept in memory alone, for who closes the day.
//!
//! Only a device knows what waits on it, and one whose line is gone can't say so. So each says how
//! many changes it holds, and says it again while somebody looks at it; what fell silent in
//! between may hold more than it said. No event, no file: a server that starts knows nothing until
//! it has listened for [`SILENCE`], and tells since when it did. Invariant: a device speaks for
//! its own participant, so nobody overwrites what another's said. Way in: [`Listening`].

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use oogst_protocol::api::{DeviceWord, Devices, HoldingDevice};
use oogst_protocol::ids::{DeviceId, GatheringId, ParticipantId};
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

/// After how long without a word a device that somebody looked at has lost its line. Clients speak
/// every 20 seconds: two words may be late.
pub(crate) const SILENCE: Duration = Duration::from_secs(45);

/// After how long what a device said is forgotten.
pub(crate) const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Devices of one participant that are remembered: with one more, the one that holds nothing and
/// was silent longest makes place, or where all hold something the one silent longest.
pub(crate) const DEVICES_PER_PARTICIPANT_MAX: usize = 8;

/// Devices that are remembered in all, some hundred bytes each. Beyond it what was said before
/// stands, and a new device is told that there is no room.
pub(crate) const DEVICES_MAX: usize = 50_000;

/// No more devices are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this server remembers at most {DEVICES_MAX} devices: what yours holds stays there")]
pub(crate) struct NoRoom;

/// One moment, as the process counts it and as people read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// For how long ago.
    pub(crate) at: Instant,
    /// For what is shown.
    pub(crate) time: Timestamp,
}

#[derive(Clone, Copy)]
struct Heard {
    word: DeviceWord,
    when: Moment,
}

impl Heard {
    fn is_within(&self, span: Duration, now: Moment) -> bool {
        now.at.saturating_duration_since(self.when.at) < span
    }
}

type Room = BTreeMap<(ParticipantId, DeviceId), Heard>;

/// What was heard, by gathering.
pub(crate) struct Listening {
    since: Moment,
    rooms: Mutex<HashMap<GatheringId, Room>>,
}

impl Listening {
    /// Begins to listen.
    pub(crate) fn new(since: Moment) -> Self {
        Self { since, rooms: Mutex::new(HashMap::new()) }
    }

    /// Takes a device's word.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for a device that is new, where too many are remembered.
    pub(crate) fn hear(
        &self,
        gathering: GatheringId,
        (participant, device): (ParticipantId, DeviceId),
        word: DeviceWord,
        when: Moment,
    ) -> Result<(), NoRoom> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (participant, device);
        let known = rooms.get(&gathering).is_some_and(|room| room.contains_key(&key));
        if !known && rooms.values().map(BTreeMap::len).sum::<usize>() >= DEVICES_MAX {
            forget(&mut rooms, when);
            if rooms.values().map(BTreeMap::len).sum::<usize>() >= DEVICES_MAX {
                return Err(NoRoom);
            }
        }
        let room = rooms.entry(gathering).or_default();
        if !known {
            make_place(room, participant);
        }
        room.insert(key, Heard { word, when });
        Ok(())
    }

    /// Who of those that `takes_part` holds something, or may do so.
    pub(crate) fn holding(
        &self,
        gathering: GatheringId,
        takes_part: impl Fn(ParticipantId) -> bool,
        now: Moment,
    ) -> Devices {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut rooms, now);
        let room = rooms.get(&gathering).into_iter().flatten();
        let here: Vec<_> = room.filter(|((who, _), _)| takes_part(*who)).collect();
        let shown = here.iter().map(|((participant, device), heard)| HoldingDevice {
            device: *device,
            participant: *participant,
            unsent: heard.word.unsent,
            connected: heard.is_within(SILENCE, now),
            heard: heard.when.time,
        });
        // Put away with all sent is no concern; open and silent is, whatever it said.
        let open = here.iter().map(|(_, heard)| heard.word.open);
        let concern = shown.zip(open);
        let concern = concern.filter(|(it, open)| it.unsent > 0 || (*open && !it.connected));
        let mut holding: Vec<_> = concern.map(|(it, _)| it).collect();
        holding.sort_by_key(|it| (it.connected, it.heard, it.device));
        Devices { since: self.since.time, heard: here.len(), holding }
    }
}

fn forget(rooms: &mut HashMap<GatheringId, Room>, now: Moment) {
    rooms.retain(|_, room| {
        room.retain(|_, heard| heard.is_within(FORGOTTEN_AFTER, now));
        !room.is_empty()
    });
}

fn make_place(room: &mut Room, participant: ParticipantId) {
    let device = |number| (participant, DeviceId::new(Uuid::from_u128(number)));
    let own = || room.range(device(0)..=device(u128::MAX));
    if own().count() < DEVICES_PER_PARTICIPANT_MAX {
        return;
    }
    let least = own().min_by_key(|(_, heard)| (heard.word.unsent > 0, heard.when.at));
    if let Some(key) = least.map(|(key, _)| *key) {
        room.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: GatheringId = GatheringId::new(Uuid::from_u128(1));

    fn who(number: u128) -> ParticipantId {
        ParticipantId::new(Uuid::from_u128(number))
    }

    fn device(number: usize) -> DeviceId {
        DeviceId::new(Uuid::from_u128(number as u128))
    }

    fn word(unsent: u32, open: bool) -> DeviceWord {
        DeviceWord { unsent, open }
    }

    struct Room(Listening, Instant);

    impl Room {
        fn new() -> Self {
            let begun = Instant::now();
            let time = Timestamp::from_milliseconds(0);
            Self(Listening::new(Moment { at: begun, time }), begun)
        }

        fn at(&self, seconds: u64) -> Moment {
            let at = self.1 + Duration::from_secs(seconds);
            let milliseconds = i64::try_from(seconds).unwrap() * 1_000;
            Moment { at, time: Timestamp::from_milliseconds(milliseconds) }
        }

        fn hear(&self, owner: u128, number: usize, said: DeviceWord, seconds: u64) {
            let key = (who(owner), device(number));
            self.0.hear(DAY, key, said, self.at(seconds)).unwrap();
        }

        /// Device, count and whether it is connected, of all that hold something.
        fn holding(&self, seconds: u64) -> Vec<(DeviceId, u32, bool)> {
            let found = self.0.holding(DAY, |_| true, self.at(seconds)).holding;
            found.iter().map(|it| (it.device, it.unsent, it.connected)).collect()
        }
    }

    #[test]
    fn who_holds_something_is_told_until_all_is_sent() {
        let room = Room::new();
        room.hear(1, 1, word(0, true), 0);
        assert_eq!(room.holding(1), []);
        room.hear(1, 1, word(3, true), 2);
        assert_eq!(room.holding(3), [(device(1), 3, true)]);
        assert_eq!(room.holding(2 + SILENCE.as_secs()), [(device(1), 3, false)]);
        room.hear(1, 1, word(0, true), 90);
        assert_eq!(room.holding(91), []);
    }

    #[test]
    fn silence_is_a_concern_only_where_somebody_was_looking() {
        let room = Room::new();
        room.hear(1, 1, word(0, true), 0);
        room.hear(2, 2, word(0, false), 0);
        room.hear(3, 3, word(2, false), 1);
        let later = 10 + SILENCE.as_secs();
        assert_eq!(room.holding(later), [(device(1), 0, false), (device(3), 2, false)]);
        let some = room.0.holding(DAY, |participant| participant == who(3), room.at(later));
        assert_eq!((some.heard, some.holding.len()), (1, 1));
    }

    #[test]
    fn nobody_speaks_for_anothers_device() {
        let room = Room::new();
        room.hear(1, 1, word(4, true), 0);
        room.hear(2, 1, word(0, false), 0);
        assert_eq!(room.holding(1), [(device(1), 4, true)]);
    }

    #[test]
    fn what_is_remembered_of_one_participant_is_bounded_and_forgotten_after_a_day() {
        let room = Room::new();
        room.hear(1, 0, word(1, false), 0);
        for number in 1..=DEVICES_PER_PARTICIPANT_MAX {
            room.hear(1, number, word(0, false), 1);
        }
        // What holds something stays.
        assert_eq!(room.holding(2), [(device(0), 1, true)]);
        let heard = |seconds| room.0.holding(DAY, |_| true, room.at(seconds)).heard;
        assert_eq!(heard(2), DEVICES_PER_PARTICIPANT_MAX);
        assert_eq!(heard(2 + FORGOTTEN_AFTER.as_secs()), 0);
    }

    #[test]
    fn a_full_memory_takes_known_devices_and_no_new_ones() {
        let room = Room::new();
        for number in 0..DEVICES_MAX {
            room.hear(number as u128, 1, word(1, true), 0);
        }
        let new = (who(DEVICES_MAX as u128), device(1));
        assert_eq!(room.0.hear(DAY, new, word(1, true), room.at(1)), Err(NoRoom));
        room.hear(7, 1, word(0, true), 1);
        assert_eq!(
            room.0.hear(DAY, new, word(1, true), room.at(FORGOTTEN_AFTER.as_secs())),
            Ok(())
        );
    }
}
