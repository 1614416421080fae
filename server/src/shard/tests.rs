//! Shards with the real hub on the real log.

use std::path::Path;

use super::*;
use crate::log::sled::tests::damage;
use crate::log::sled::{SledOptions, open};
use oogst_core::port::{CloseCode, CommonDocuments, NewGroup};
use oogst_protocol::event::{Role, Status};
use oogst_protocol::ids::{DocumentId, GroupId, RoundId, Seq};
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::{Message, PeerId, PeerMetadata};
use uuid::Uuid;

pub(crate) fn log_in(directory: &Path) -> Arc<dyn EventLog> {
    let options = SledOptions { reserve_bytes: 1 };
    open(directory, options, Box::new(|error| eprintln!("{error}"))).unwrap()
}

pub(crate) fn started(log: &Arc<dyn EventLog>) -> Shards {
    Shards::start(log, None, ShardOptions { count: 2, ..ShardOptions::default() }).unwrap()
}

/// A gathering with one group, and its facilitator.
pub(crate) async fn opened(shards: &Shards) -> (GatheringId, ParticipantId) {
    let gathering = GatheringId::new(Uuid::new_v4());
    let facilitator = ParticipantId::new(Uuid::new_v4());
    let group = NewGroup {
        group: GroupId::new(Uuid::new_v4()),
        harvest: DocumentId::new(Uuid::new_v4()),
        name: "Groep 1".into(),
        question: String::new(),
        seats: None,
        table: None,
        theme: None,
    };
    let command = Command::OpenGathering {
        title: "Oogstdag".into(),
        language: "nl-BE".into(),
        date: None,
        network: None,
        region: None,
        status: Status::Open,
        facilitator,
        round: RoundId::new(Uuid::new_v4()),
        groups: vec![group],
        common: CommonDocuments {
            programme: DocumentId::new(Uuid::new_v4()),
            introductions: DocumentId::new(Uuid::new_v4()),
            closing: DocumentId::new(Uuid::new_v4()),
        },
        day: None,
        participants_max: None,
    };
    let answer = shards.command(gathering, Caller::Operator, command).await.unwrap();
    assert!(matches!(answer, Answer::Done { seq } if seq > Seq::ZERO));
    (gathering, facilitator)
}

pub(crate) async fn joined(shards: &Shards, gathering: GatheringId) -> ParticipantId {
    let participant = ParticipantId::new(Uuid::new_v4());
    let command = Command::Join { participant, role: Role::Participant, region: None, together: 0 };
    shards.command(gathering, Caller::Member(participant), command).await.unwrap();
    participant
}

/// The first message of a client.
pub(crate) fn join_frame(name: &str) -> Bytes {
    let metadata = PeerMetadata { storage_id: None, is_ephemeral: false };
    Message::Join { sender: PeerId::new(name), metadata, versions: vec!["1".into()] }.encode()
}

/// The gathering, but for the moment at which it was looked at.
async fn seen(shards: &Shards, gathering: GatheringId) -> Result<Answer, AskError> {
    let mut answer = shards.question(gathering, Caller::Operator, Question::Gathering).await?;
    if let Answer::Gathering(seen) = &mut answer {
        seen.conduct.now = Timestamp::from_milliseconds(0);
    }
    Ok(answer)
}

#[tokio::test]
async fn what_was_answered_is_durable_and_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let log = log_in(directory.path());
    let shards = started(&log);
    let (gathering, facilitator) = opened(&shards).await;
    let participant = joined(&shards, gathering).await;
    let last = log.last(gathering);
    let Answer::Gathering(before) = seen(&shards, gathering).await.unwrap() else {
        unreachable!("a question is answered in kind");
    };
    assert_eq!(before.seq, last, "the answer is of what is durable");
    assert!(before.participants.iter().any(|member| member.id == participant));
    shards.stop();
    assert_eq!(seen(&shards, gathering).await, Err(AskError::Overloaded), "stopped");
    drop((shards, log));

    let log = log_in(directory.path());
    let shards = started(&log);
    assert_eq!(seen(&shards, gathering).await, Ok(Answer::Gathering(before)));
    let retitle = Command::Retitle { title: "Slotdag".into() };
    let caller = Caller::Member(facilitator);
    let answer = shards.command(gathering, caller, retitle).await.unwrap();
    assert_eq!(answer, Answer::Done { seq: last.next() });
    shards.stop();
}

#[tokio::test]
async fn a_gathering_that_does_not_exist_is_refused_and_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let log = log_in(directory.path());
    let shards = started(&log);
    let nowhere = GatheringId::new(Uuid::new_v4());
    let refused = seen(&shards, nowhere).await;
    assert_eq!(refused, Err(AskError::Refused(Refusal::Unknown { what: "gathering" })));
    shards.stop();
}

/// Goal: commands of many callers at once are all answered, in shards that forget at once.
#[tokio::test]
async fn many_commands_at_once_are_each_answered_with_their_own_event() {
    let directory = tempfile::tempdir().unwrap();
    let log = log_in(directory.path());
    let idle = Duration::from_millis(1);
    let shards = Shards::start(&log, None, ShardOptions { count: 2, idle }).unwrap();
    let mut gatherings = Vec::new();
    for _ in 0..4 {
        gatherings.push(opened(&shards).await.0);
    }
    let before: Vec<_> = gatherings.iter().map(|gathering| log.last(*gathering)).collect();
    let joins: Vec<_> = (0..200)
        .map(|number| {
            let (shards, gathering) = (shards.clone(), gatherings[number % 4]);
            tokio::spawn(async move { joined(&shards, gathering).await })
        })
        .collect();
    for join in joins {
        join.await.unwrap();
    }
    for (gathering, before) in gatherings.into_iter().zip(before) {
        assert_eq!(log.last(gathering), Seq(before.0 + 50));
        assert!(seen(&shards, gathering).await.is_ok());
    }
    shards.stop();
}

/// Goal: a damaged stream shuts off its own gathering and no other.
#[tokio::test]
async fn a_gathering_that_cannot_be_read_leaves_the_others_alone() {
    let directory = tempfile::tempdir().unwrap();
    let log = log_in(directory.path());
    let shards = started(&log);
    let (broken, _) = opened(&shards).await;
    let (whole, _) = opened(&shards).await;
    for _ in 0..40 {
        joined(&shards, broken).await;
    }
    shards.stop();
    drop((shards, log));
    damage(directory.path(), broken, Seq(2));

    let log = log_in(directory.path());
    let shards = started(&log);
    assert_eq!(seen(&shards, broken).await, Err(AskError::Overloaded));
    let (_, mut outgoing) =
        shards.connect(broken, ParticipantId::new(Uuid::new_v4())).await.unwrap();
    assert_eq!(outgoing.next().await, None);
    assert_eq!(outgoing.ending().code, 1011);
    assert!(seen(&shards, whole).await.is_ok());
    joined(&shards, whole).await;
    shards.stop();
}

/// Goal: a peer that does not read is cut with 1013; its neighbour notices nothing.
#[tokio::test]
async fn a_peer_that_does_not_keep_up_is_cut_alone() {
    let directory = tempfile::tempdir().unwrap();
    let log = log_in(directory.path());
    let shards = started(&log);
    let (gathering, _) = opened(&shards).await;
    let (slow, quick) = (joined(&shards, gathering).await, joined(&shards, gathering).await);
    let (slow, mut unread) = shards.connect(gathering, slow).await.unwrap();
    let (quick, mut outgoing) = shards.connect(gathering, quick).await.unwrap();
    slow.frame(join_frame("slow")).await.unwrap();
    let server = PeerId::new(&format!("oogst-{}", log.identity()));
    let ask = |sender: &str| Message::Request {
        document: DocumentId::new(Uuid::from_u128(4 << 76 | 2 << 62)).into(),
        sender: PeerId::new(sender),
        target: server.clone(),
        data: Bytes::from_static(&[0x42, 0, 0, 0, 0]),
    };
    for _ in 0..2_000 {
        slow.frame(ask("slow").encode()).await.unwrap();
    }
    quick.frame(join_frame("quick")).await.unwrap();
    let answer = Message::decode(&outgoing.next().await.unwrap()).unwrap();
    assert!(matches!(answer, Message::Peer { .. }), "{answer:?}");
    assert_eq!(unread.next().await, None, "what waited is not written any more");
    assert_eq!(unread.ending().code, CloseCode::Overload.number());
    quick.frame(ask("quick").encode()).await.unwrap();
    let answer = Message::decode(&outgoing.next().await.unwrap()).unwrap();
    assert!(matches!(answer, Message::DocUnavailable { .. }), "{answer:?}");
    shards.stop();
    assert_eq!(outgoing.next().await, None);
    assert_eq!(outgoing.ending(), crate::outbox::Ending::stopping());
}

/// A log that counts how often it is read.
struct Counted {
    log: Arc<dyn EventLog>,
    reads: AtomicU64,
}

impl EventLog for Counted {
    fn identity(&self) -> Uuid {
        self.log.identity()
    }

    fn appends(&self) -> crate::log::Appends {
        self.log.appends()
    }

    fn read(
        &self,
        gathering: GatheringId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Arc<oogst_protocol::event::Event>>, crate::log::LogError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.log.read(gathering, after, limit)
    }

    fn last(&self, gathering: GatheringId) -> Seq {
        self.log.last(gathering)
    }

    fn gatherings(&self) -> Vec<GatheringId> {
        self.log.gatherings()
    }

    fn follow(&self) -> crate::log::Follower {
        self.log.follow()
    }

    fn close(&self) {
        self.log.close();
    }
}

/// Goal: a gathering that nobody uses leaves memory, comes back as it was, and goes on from there.
/// Method: it is looked at now and then; a look that reads the log found it gone.
#[tokio::test]
async fn an_idle_gathering_leaves_memory_and_comes_back_equal() {
    let directory = tempfile::tempdir().unwrap();
    let counted = Arc::new(Counted { log: log_in(directory.path()), reads: AtomicU64::new(0) });
    let log: Arc<dyn EventLog> = counted.clone();
    let idle = Duration::from_millis(20);
    let shards = Shards::start(&log, None, ShardOptions { count: 1, idle }).unwrap();
    let (gathering, facilitator) = opened(&shards).await;
    let participant = joined(&shards, gathering).await;
    let before = seen(&shards, gathering).await;
    let reads = || counted.reads.load(Ordering::Relaxed);
    for round in 1..=3 {
        let known = reads();
        let gone = async {
            while reads() == known {
                tokio::time::sleep(2 * idle).await;
                assert_eq!(seen(&shards, gathering).await, before, "round {round}");
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.expect("it leaves memory");
    }
    let retitle = Command::Retitle { title: "Slotdag".into() };
    let last = log.last(gathering);
    let done = shards.command(gathering, Caller::Member(facilitator), retitle).await;
    assert_eq!(done, Ok(Answer::Done { seq: last.next() }), "it goes on from where it was");

    // While a socket is open it stays: others come and go meanwhile.
    let (socket, mut outgoing) = shards.connect(gathering, participant).await.unwrap();
    socket.frame(join_frame("present")).await.unwrap();
    assert!(outgoing.next().await.is_some());
    let (other, _) = opened(&shards).await;
    let known = reads();
    let gone = async {
        while reads() == known {
            tokio::time::sleep(2 * idle).await;
            seen(&shards, other).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the other leaves memory");
    let known = reads();
    seen(&shards, gathering).await.unwrap();
    assert_eq!(reads(), known, "a gathering with a socket was there all the time");
    shards.stop();
}
