//! The views behind a real log: fresh, followed, restarted, damaged.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc};
use bytes::Bytes;
use oogst_core::port::Ticket;
use oogst_core::view::Filter;
use oogst_protocol::api::Line;
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, By, ChangeBytes, Entry, Owner, Role};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId, Seq,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;
use oogst_server::log::sled::{SledOptions, open};
use oogst_server::log::{Append, EventLog};
use oogst_server::views::{ViewError, Views, rebuild};
use tokio::sync::mpsc;
use uuid::Uuid;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number << 80 | 0x4000_8000_0000_0000_0000)
}

const GATHERING: GatheringId = GatheringId::new(id(1));
const DOCUMENT: DocumentId = DocumentId::new(id(2));

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap())
}

/// A log with one group's harvest, somebody who writes in it, and the views behind it.
struct Stage {
    directory: tempfile::TempDir,
    log: Arc<dyn EventLog>,
    views: Views,
    harvest: AutoCommit,
}

fn started(log: &Arc<dyn EventLog>, directory: &Path) -> Views {
    let name = |_, who: ParticipantId| Some(format!("P{}", who.uuid().as_u128() >> 80));
    Views::start(Arc::clone(log), directory, Arc::new(name)).unwrap()
}

impl Drop for Stage {
    /// The log writes to its directory until it is closed.
    fn drop(&mut self) {
        self.views.stop();
        self.log.close();
    }
}

impl Stage {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = SledOptions { reserve_bytes: 1 };
        let fatal = Box::new(|error: &_| unreachable!("the disk works: {error}"));
        let log = open(&directory.path().join("log"), options, fatal).unwrap();
        let views = started(&log, &directory.path().join("views"));
        let harvest = AutoCommit::new().with_actor(ActorId::from([7; 16]));
        let mut stage = Self { directory, log, views, harvest };
        stage.prepare().await;
        stage
    }

    async fn markdown(&self) -> String {
        let export = self.views.export(GATHERING, Default::default(), Default::default()).await;
        oogst_core::export::markdown(&export.unwrap())
    }

    async fn prepare(&mut self) {
        for key in ["kind", "question"] {
            self.harvest.put_object(ROOT, key, ObjType::Text).unwrap();
        }
        self.harvest.put_object(ROOT, "insights", ObjType::Map).unwrap();
        self.harvest.commit();
        let template = ChangeBytes(self.newest_change());
        let (round, group) = (RoundId::new(id(3)), GroupId::new(id(4)));
        let (owner, kind) = (Owner::Group(group), DocumentKind::Harvest);
        let title = "Oogst".to_owned();
        for act in [
            Act::GatheringPrepared {
                title: "Dag".into(),
                language: "nl-BE".into(),
                date: None,
                network: None,
            },
            Act::RoundOpened { round, title: "Leervragen".into(), kind: None },
            Act::GroupFormed {
                round,
                group,
                name: "Tafel".into(),
                question: "Hoe?".into(),
                seats: None,
                table: None,
                theme: None,
            },
            Act::DocumentOpened { document: DOCUMENT, kind, owner, title, template },
        ] {
            self.append(act).await;
        }
    }

    fn newest_change(&mut self) -> Bytes {
        let change = self.harvest.get_last_local_change().unwrap();
        Bytes::copy_from_slice(change.raw_bytes())
    }

    fn views_directory(&self) -> std::path::PathBuf {
        self.directory.path().join("views")
    }

    /// Appends an act of now and returns its place once it is durable.
    async fn append(&self, act: Act) -> Seq {
        let by = By { participant: Some(ParticipantId::new(id(9))), role: Role::Participant };
        let (report, mut reports) = mpsc::channel(1);
        let entries = vec![Entry { at: now(), by, act }];
        let append = Append { ticket: Ticket(1), gathering: GATHERING, entries, report };
        self.log.appends().room(&append).await.unwrap().append(append).unwrap();
        reports.recv().await.unwrap().events[0].seq
    }

    /// One more change to the harvest, made by `edit`.
    async fn change(
        &mut self,
        kinds: &[Kind],
        item: ItemId,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Seq {
        edit(&mut self.harvest);
        self.harvest.commit();
        let changes = vec![ChangeBytes(self.newest_change())];
        let heads = self.harvest.get_heads().iter().map(|head| ChangeHash(head.0)).collect();
        let contribution = |kind: &Kind| Contribution { kind: *kind, item: Some(item) };
        let contributions = kinds.iter().map(contribution).collect();
        self.append(Act::Changed { document: DOCUMENT, changes, contributions, heads }).await
    }

    async fn add(&mut self, item: ItemId, words: &str) -> Seq {
        self.change(&[Kind::InsightAdded], item, |harvest| {
            let insights = harvest.get(ROOT, "insights").unwrap().unwrap().1;
            let insight = harvest.put_object(insights, item.to_string(), ObjType::Map).unwrap();
            let text = harvest.put_object(insight, "text", ObjType::Text).unwrap();
            harvest.splice_text(&text, 0, 0, words).unwrap();
        })
        .await
    }

    /// Many edits of one item, each an event, appended together.
    async fn write_many(&mut self, item: ItemId, count: usize) {
        let by = By { participant: Some(ParticipantId::new(id(9))), role: Role::Participant };
        let insights = self.harvest.get(ROOT, "insights").unwrap().unwrap().1;
        let insight = self.harvest.get(insights, item.to_string()).unwrap().unwrap().1;
        let text = self.harvest.get(insight, "text").unwrap().unwrap().1;
        let mut entries = Vec::new();
        for _ in 0..count {
            self.harvest.splice_text(&text, 0, 0, "x").unwrap();
            self.harvest.commit();
            let changes = vec![ChangeBytes(self.newest_change())];
            let heads = self.harvest.get_heads().iter().map(|head| ChangeHash(head.0)).collect();
            let contributions = vec![Contribution { kind: Kind::InsightEdited, item: Some(item) }];
            let act = Act::Changed { document: DOCUMENT, changes, contributions, heads };
            entries.push(Entry { at: now(), by, act });
        }
        let (report, mut reports) = mpsc::channel(1);
        let append = Append { ticket: Ticket(1), gathering: GATHERING, entries, report };
        self.log.appends().room(&append).await.unwrap().append(append).unwrap();
        reports.recv().await.unwrap();
    }

    async fn write(&mut self, item: ItemId, letter: &str) -> Seq {
        self.change(&[Kind::InsightEdited], item, |harvest| {
            let insights = harvest.get(ROOT, "insights").unwrap().unwrap().1;
            let insight = harvest.get(insights, item.to_string()).unwrap().unwrap().1;
            let text = harvest.get(insight, "text").unwrap().unwrap().1;
            let end = harvest.length(&text);
            harvest.splice_text(&text, end, 0, letter).unwrap();
        })
        .await
    }
}

const fn item(number: u128) -> ItemId {
    ItemId::new(id(100 + number))
}

fn text(line: &Line) -> &str {
    line.state.as_ref().map_or("", |state| state.text.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_covers_what_was_durable_when_it_was_asked() {
    let mut stage = Stage::new().await;
    stage.add(item(1), "").await;
    for letter in ["o", "o", "g", "s", "t"] {
        let seq = stage.write(item(1), letter).await;
        assert_eq!(stage.views.wall(GATHERING, None, None).await.unwrap().seq, seq);
    }
    let wall = stage.views.wall(GATHERING, None, None).await.unwrap();
    assert_eq!(wall.groups[0].insights[0].text, "oogst");
    for (at, words) in [(7, "oo"), (9, "oogs"), (9, "oogs"), (5, ""), (10, "oogst"), (6, "o")] {
        let past = stage.views.wall(GATHERING, Some(Seq(at)), None).await.unwrap();
        let words = words.to_owned();
        assert_eq!((past.seq, &past.groups[0].insights[0].text), (Seq(at), &words));
    }
    let past = stage.views.document(GATHERING, DOCUMENT, Some(Seq(8))).await.unwrap();
    assert_eq!(past.root["insights"][item(1).to_string()]["text"], "oog");
    let markdown = stage.markdown().await;
    assert_eq!(markdown, "# Dag\n\n## Tafel\n\n- oogst\n");

    let ahead = stage.views.wall(GATHERING, Some(Seq(99)), None).await.unwrap_err();
    assert_eq!(ahead, ViewError::Ahead { asked: Seq(99), newest: Seq(10) });
    let other = DocumentId::new(id(77));
    let unknown = stage.views.document(GATHERING, other, None).await.unwrap_err();
    assert_eq!(unknown, ViewError::UnknownDocument);
    let nowhere = GatheringId::new(id(78));
    assert_eq!(stage.views.wall(nowhere, None, None).await, Err(ViewError::UnknownGathering));
    stage.views.stop();
    assert_eq!(stage.views.wall(GATHERING, None, None).await, Err(ViewError::Closed));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_lines_are_complete_and_tear_no_event() {
    let mut stage = Stage::new().await;
    stage.add(item(1), "een").await;
    for _ in 0..20 {
        let kinds = [Kind::InsightEdited, Kind::InsightRecategorised, Kind::InsightMoved];
        stage.change(&kinds, item(1), |harvest| harvest.put(ROOT, "x", 1).unwrap()).await;
    }
    let all = stage.views.lines(GATHERING, Seq::ZERO, 10_000, Filter::default()).await.unwrap();
    assert_eq!(all.len(), 4 + 1 + 60);
    assert_eq!(all[4].participant.as_ref().unwrap().name, "P9");
    for limit in [1, 2, 4, 50] {
        let mut paged: Vec<Line> = Vec::new();
        loop {
            let after = paged.last().map_or(Seq::ZERO, |line| line.seq);
            let page = stage.views.lines(GATHERING, after, limit, Filter::default()).await.unwrap();
            assert!(page.len() <= limit || page.iter().all(|line| line.seq == page[0].seq));
            let next = all.get(paged.len() + page.len());
            let fits = |next: &Line| {
                let whole = all.iter().filter(|line| line.seq == next.seq);
                page.len() + whole.count() <= limit
            };
            assert!(!next.is_some_and(fits), "a page holds what fits");
            match page.is_empty() {
                true => break,
                false => paged.extend(page),
            }
        }
        assert_eq!(paged, all, "by {limit}");
    }
    stage.views.stop();
}

/// Goal: who reads an old page does not keep those waiting who watch. How many walls are read while
/// one page is tells, not a clock.
#[tokio::test(flavor = "multi_thread")]
async fn walls_are_read_while_an_old_page_is() {
    const EDITS: usize = 2_000;
    let mut stage = Stage::new().await;
    stage.add(item(1), "een").await;
    stage.write_many(item(1), EDITS).await;
    stage.views.wall(GATHERING, None, None).await.unwrap();
    let page = stage.views.lines(GATHERING, Seq::ZERO, 10_000, Filter::default());
    let mut page = std::pin::pin!(page);
    let mut walls = 0;
    let lines = loop {
        let wall = stage.views.wall(GATHERING, None, None);
        tokio::select! {
            biased;
            lines = &mut page => break lines.unwrap(),
            wall = wall => walls += usize::from(wall.is_ok()),
        }
    };
    assert_eq!(lines.len(), 4 + 1 + EDITS);
    let letters = |line: &Line| text(line).len() - "een".len();
    assert!(lines[4..].iter().map(letters).eq(0..=EDITS), "each as it was right after its event");
    assert!(walls > 3, "only {walls} walls in the time of one page");
}

/// Goal: a burst's first line comes at once and its last by itself, ids only rise, and whoever
/// resumes misses nothing. Method: one types 30 letters; the feed is cut halfway and resumed.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_tells_a_burst_by_its_first_line_and_its_last() {
    let mut stage = Stage::new().await;
    let mut feed = stage.views.follow(GATHERING, Seq::ZERO, Filter::default()).await.unwrap();
    let mut told = feed.next().await.unwrap();
    while told.len() < 4 {
        told.extend(feed.next().await.unwrap());
    }
    assert_eq!(told.last().unwrap().kind, "document.opened", "first what was missed");
    told.clear();

    stage.add(item(1), "").await;
    let first = stage.write(item(1), "a").await;
    while told.last().is_none_or(|line| line.seq < first) {
        told.extend(feed.next().await.unwrap());
    }
    assert_eq!(told.iter().map(text).collect::<Vec<_>>(), ["", "a"], "at once");
    for letter in 0..15 {
        stage.write(item(1), &letter.to_string()).await;
    }
    drop(feed);
    let resumed = told.last().unwrap().seq;
    let mut feed = stage.views.follow(GATHERING, resumed, Filter::default()).await.unwrap();
    let mut last = Seq::ZERO;
    for _ in 0..14 {
        last = stage.write(item(1), "z").await;
    }
    let ended = Instant::now();
    while told.last().is_none_or(|line| line.seq < last) {
        told.extend(feed.next().await.unwrap());
    }
    assert!(ended.elapsed() < Duration::from_secs(10), "{:?}", ended.elapsed());
    assert!(text(told.last().unwrap()).ends_with("1314zzzzzzzzzzzzzz"));
    assert!(told.windows(2).all(|pair| pair[0].seq < pair[1].seq), "ids only rise");
    let complete = stage.views.lines(GATHERING, Seq(4), 10_000, Filter::default()).await.unwrap();
    assert_eq!(complete.len(), 31, "events is complete");
    assert!(told.iter().all(|line| complete.contains(line)));
    stage.views.stop();
    assert_eq!(feed.next().await, Err(ViewError::Closed));
}

/// Goal: everything but the log may go, and comes back the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_a_damaged_snapshot_and_a_rebuild_come_to_the_same() {
    let mut stage = Stage::new().await;
    for number in 0..30 {
        stage.add(item(number), "één").await;
        stage.write(item(number / 2), "!").await;
    }
    let wanted = stage.views.digest(GATHERING).await.unwrap();
    stage.views.stop();
    let snapshot = || {
        let directory = stage.views_directory().join(GATHERING.to_string());
        directory.join(format!("{DOCUMENT}.snapshot"))
    };
    let whole = fs::read(snapshot()).expect("a graceful stop leaves snapshots");

    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x40;
    let damages: [&[u8]; 4] = [&whole, &whole[..whole.len() - 9], &flipped, b""];
    for damage in damages {
        fs::write(snapshot(), damage).unwrap();
        let views = started(&stage.log, &stage.views_directory());
        assert_eq!(views.digest(GATHERING).await.unwrap(), wanted);
        assert_eq!(views.alarms(), 0);
        views.stop();
    }
    // A snapshot of another life of the document, whole in itself.
    let mut other = Stage::new().await;
    for number in 0..30 {
        other.add(item(number), "anders").await;
        other.write(item(number), "?").await;
    }
    other.views.digest(GATHERING).await.unwrap();
    other.views.stop();
    let path = other.views_directory().join(GATHERING.to_string());
    fs::copy(path.join(format!("{DOCUMENT}.snapshot")), snapshot()).unwrap();
    let views = started(&stage.log, &stage.views_directory());
    assert_eq!(views.digest(GATHERING).await.unwrap(), wanted);
    views.stop();

    fs::remove_dir_all(stage.views_directory()).unwrap();
    let views = started(&stage.log, &stage.views_directory());
    assert_eq!(views.digest(GATHERING).await.unwrap(), wanted);
    views.stop();
    let rebuilt = rebuild(&stage.log, &stage.views_directory()).unwrap();
    assert_eq!((rebuilt.len(), &rebuilt[0].digest), (1, &wanted));
    assert!(rebuilt[0].stopped.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_breaks_stops_alone_and_raises_an_alarm() {
    let mut stage = Stage::new().await;
    stage.add(item(1), "goed").await;
    let before = stage.views.document(GATHERING, DOCUMENT, None).await.unwrap();
    let (changes, heads) = (vec![ChangeBytes(Bytes::from_static(b"?"))], vec![ChangeHash([1; 32])]);
    let (document, contributions) = (DOCUMENT, Vec::new());
    let bad = stage.append(Act::Changed { document, changes, contributions, heads }).await;
    let wall = stage.views.wall(GATHERING, None, None).await.unwrap();
    assert_eq!((wall.seq, wall.groups[0].insights[0].text.as_str()), (bad, "goed"));
    assert_eq!(stage.views.alarms(), 1);
    let after = stage.views.document(GATHERING, DOCUMENT, None).await.unwrap();
    assert_eq!(after.root, before.root, "its last good state");
    let retitled = stage.append(Act::GatheringRetitled { title: "Verder".into() }).await;
    let markdown = stage.markdown().await;
    assert!(markdown.starts_with("# Verder\n"), "the gathering goes on at event {retitled}");
    assert_eq!(stage.views.alarms(), 1, "one alarm a document");
    stage.views.stop();
}
