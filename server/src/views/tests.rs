//! What a view costs when nobody looks, and when one breaks: the threads' own rules, on the real
//! log.

use std::collections::BTreeSet;
use std::path::Path;

use super::kept::REST;
use super::keyframes::KeyframeStore;
use super::mailbox::Read;
use super::worker::{IDLE, KEPT_MAX, Worker};
use super::*;
use oogst_core::view::{GatheringView, Keyframes as _};

use crate::shard::tests::{log_in, opened, started};

/// A log with so many gatherings.
async fn gatherings(directory: &Path, count: usize) -> (Arc<dyn EventLog>, Vec<GatheringId>) {
    let log = log_in(directory);
    let shards = started(&log);
    let mut gatherings = Vec::new();
    for _ in 0..count {
        gatherings.push(opened(&shards).await.0);
    }
    shards.stop();
    (log, gatherings)
}

fn query(log: &Arc<dyn EventLog>, gathering: GatheringId, read: Read) -> Query {
    let deadline = std::time::Instant::now() + FRESH_WAIT;
    Query { gathering, wanted: log.last(gathering), deadline, past: false, read }
}

/// A thread of the views, asked one thing at a time.
struct Asked {
    log: Arc<dyn EventLog>,
    worker: Worker,
    closing: Arc<AtomicBool>,
}

impl Asked {
    fn new(log: &Arc<dyn EventLog>, directory: &Path) -> Self {
        let closing = Arc::new(AtomicBool::new(false));
        let (alarms, until) = (Arc::default(), Arc::clone(&closing));
        let worker = Worker::new(Arc::clone(log), directory.to_owned(), alarms, until);
        Self { log: Arc::clone(log), worker, closing }
    }

    fn ask<T: Send + 'static>(
        &mut self,
        gathering: GatheringId,
        read: impl FnOnce(&Kept) -> T + Send + 'static,
    ) -> Result<T, ViewError> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let read = move |kept: Result<&Kept, ViewError>| drop(tell.send(kept.map(read)));
        self.worker.answer(query(&self.log, gathering, Box::new(read)));
        told.try_recv().unwrap()
    }

    fn read<T: Send + 'static>(
        &mut self,
        gathering: GatheringId,
        read: impl FnOnce(&Kept) -> T + Send + 'static,
    ) -> T {
        self.ask(gathering, read).unwrap()
    }

    fn digest(&mut self, gathering: GatheringId) -> Digest {
        self.read(gathering, Kept::digest)
    }

    fn awake(&mut self, gathering: GatheringId) -> usize {
        self.read(gathering, Kept::awake)
    }

    fn extended(
        &mut self,
        gathering: GatheringId,
        page: Page,
        limit: usize,
        slice: Duration,
    ) -> Page {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let read = move |kept: Result<&Kept, ViewError>| {
            let until = std::time::Instant::now() + slice;
            tell.send(
                kept.unwrap().extend(page, limit, &Filter::default(), &|_| None, until).unwrap(),
            )
            .unwrap();
        };
        self.worker.answer(query(&self.log, gathering, Box::new(read)));
        told.try_recv().unwrap()
    }
}

/// Goal: a page is the same in however many slices it is read.
#[tokio::test]
async fn a_page_in_slices_of_one_event_is_the_page_in_one_go() {
    const LONG: Duration = Duration::from_secs(600);
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 1).await;
    let gathering = gatherings[0];
    let mut asked = Asked::new(&log, &directory.path().join("views"));
    let newest = log.last(gathering);
    assert!(newest > Seq(3), "there is something to slice");
    for limit in 1..=20 {
        let whole = asked.extended(gathering, Page::after(Seq::ZERO), limit, LONG);
        assert!(whole.is_whole && whole.lines.len() <= limit);
        let mut page = Page::after(Seq::ZERO);
        while !page.is_whole {
            let before = page.through;
            page = asked.extended(gathering, page, limit, Duration::ZERO);
            assert!(page.through <= before.next(), "one event at a time");
            assert!(page.through > before || page.is_whole, "each slice comes further");
        }
        assert_eq!((&page.lines, page.through), (&whole.lines, whole.through), "{limit}");
    }
    log.close();
}

#[tokio::test]
async fn a_view_that_nobody_uses_leaves_memory_and_comes_back_equal() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 2).await;
    let mut asked = Asked::new(&log, &directory.path().join("views"));
    let before: Vec<_> = gatherings.iter().map(|gathering| asked.digest(*gathering)).collect();
    let used = std::time::Instant::now();
    asked.worker.tidy(used);
    assert_eq!(asked.worker.kept().count(), 2, "not yet");
    // Somebody follows the second.
    let followed = asked.worker.subscribe(gatherings[1]).unwrap();
    asked.worker.tidy(used + IDLE);
    assert_eq!(asked.worker.kept().collect::<Vec<_>>(), [gatherings[1]]);
    let snapshots = directory.path().join("views").join(gatherings[0].to_string());
    assert_eq!(std::fs::read_dir(snapshots).unwrap().count(), 4, "what was read is kept on disk");
    drop(followed);
    asked.worker.tidy(used + IDLE);
    assert_eq!(asked.worker.kept().count(), 0);
    let after: Vec<_> = gatherings.iter().map(|gathering| asked.digest(*gathering)).collect();
    assert_eq!(after, before);
    log.close();
}

/// Goal: a server that stops does not wait until a view is made, which may take a minute.
#[tokio::test]
async fn a_view_that_is_being_made_is_left_when_the_server_closes() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 1).await;
    let mut asked = Asked::new(&log, &directory.path().join("views"));
    asked.closing.store(true, Ordering::Relaxed);
    assert_eq!(asked.ask(gatherings[0], Kept::digest), Err(ViewError::Closed));
    asked.closing.store(false, Ordering::Relaxed);
    assert_eq!(asked.digest(gatherings[0]).seq, log.last(gatherings[0]), "nothing is broken");
    log.close();
}

#[tokio::test]
async fn a_document_that_nobody_used_for_a_while_sleeps() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 1).await;
    let gathering = gatherings[0];
    let mut asked = Asked::new(&log, &directory.path().join("views"));
    let digest = asked.digest(gathering);
    let document = digest.heads[0].0;
    assert_eq!(asked.awake(gathering), 0, "nobody wrote or read yet");
    let first = asked.read(gathering, move |kept| kept.document(document, None));
    assert_eq!(asked.awake(gathering), 1);
    let used = std::time::Instant::now();
    for (later, awake) in [(REST / 2, 1), (REST, 1), (REST * 3 / 2, 1), (REST * 2, 0)] {
        asked.worker.tidy(used + later);
        assert_eq!(asked.awake(gathering), awake, "after {later:?}");
    }
    assert_eq!(asked.digest(gathering), digest);
    assert_eq!(asked.read(gathering, move |kept| kept.document(document, None)), first);
    log.close();
}

#[tokio::test]
async fn a_thread_holds_so_many_views_and_lets_the_one_go_that_was_used_longest_ago() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), KEPT_MAX + 3).await;
    let mut asked = Asked::new(&log, &directory.path().join("views"));
    let first = asked.digest(gatherings[0]);
    for gathering in &gatherings[1..] {
        asked.digest(*gathering);
        // The first is looked at again and again.
        asked.digest(gatherings[0]);
        assert!(asked.worker.kept().count() <= KEPT_MAX, "also in the middle of a batch");
    }
    let kept: BTreeSet<_> = asked.worker.kept().collect();
    let gone: Vec<_> = gatherings.iter().filter(|id| !kept.contains(*id)).collect();
    assert_eq!(gone, gatherings[1..4].iter().collect::<Vec<_>>());
    assert_eq!(asked.digest(gatherings[0]), first);
    asked.digest(gatherings[1]);
    log.close();
}

/// Goal: keyframes that take too much room make room for each other, and a damaged one is none.
#[tokio::test]
async fn keyframes_are_thinned_when_they_take_too_much_and_damaged_ones_are_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 1).await;
    let gathering = gatherings[0];
    let events = log.read(gathering, Seq::ZERO, 1_000).unwrap();
    let fold = |store: &mut KeyframeStore| {
        let mut view = GatheringView::new(gathering);
        view.fold_keeping(&events, store).unwrap();
        view.documents().collect::<Vec<_>>()
    };
    let roomy = directory.path().join("roomy");
    let open = || KeyframeStore::bounded(roomy.clone(), u64::MAX, 1);
    let mut store = open();
    let documents = fold(&mut store);
    assert!(documents.len() >= 2);
    for document in &documents {
        assert_eq!(open().nearest(*document, 9).unwrap().events(), 1, "also after a restart");
        assert!(!store.wants(*document, 1), "it is there");
    }
    let path = roomy.join(format!("{}.1.keyframe", documents[0]));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(open().nearest(documents[0], 9), None);
    assert!(open().nearest(documents[1], 9).is_some());

    let tight = directory.path().join("tight");
    let mut store = KeyframeStore::bounded(tight.clone(), 1, 1);
    fold(&mut store);
    assert!(store.every_events() > 1, "further apart from then on");
    assert!(documents.iter().all(|document| !store.has(*document)));
    assert_eq!(std::fs::read_dir(tight).unwrap().count(), 0, "what is dropped is gone");
    log.close();
}

/// Goal: a panic in a gathering's view is that gathering's alone: an alarm, and an answer that
/// says so, now and later.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_stops_its_own_gatherings_view_and_raises_one_alarm() {
    let directory = tempfile::tempdir().unwrap();
    let (log, gatherings) = gatherings(directory.path(), 4).await;
    let views = Views::start(Arc::clone(&log), directory.path(), Arc::new(|_, _| None)).unwrap();
    let broken = gatherings[0];
    let mut feed = views.follow(broken, log.last(broken), Filter::default()).await.unwrap();
    let panics = views.ask::<()>(broken, |_| panic!("a bug of ours, on purpose")).await;
    assert_eq!(panics, Err(ViewError::Broken), "told at once, not after a while");
    assert_eq!(views.wall(broken, None, None).await, Err(ViewError::Broken));
    assert_eq!(feed.next().await, Err(ViewError::Closed));
    assert_eq!(views.alarms(), 1);
    for gathering in &gatherings[1..] {
        let wall = views.wall(*gathering, None, None).await.unwrap();
        assert_eq!(wall.seq, log.last(*gathering), "the others go on, on both threads");
    }
    views.stop();
    log.close();
}
