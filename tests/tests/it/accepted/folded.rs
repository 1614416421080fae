//! What contributions tell is what documents hold: live, and built anew from the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, Value};
use bytes::Bytes;
use oogst_core::view::{Filter, GatheringView};
use oogst_protocol::api::{ItemState, Line};
use oogst_protocol::event::{Act, By, Entry, Event, Owner, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, ItemId, ParticipantId, Seq};
use oogst_protocol::schema::{DocumentKind, Item};
use oogst_protocol::time::Timestamp;
use oogst_tests::seeds;
use uuid::Uuid;

use super::edits::{Editor, Where};
use super::random::Random;
use super::world::{Server, actor};

const CASES: u64 = 120;
const GATHERING: GatheringId = GatheringId::new(Uuid::from_u128(1));
const DOCUMENT: DocumentId = DocumentId::new(Uuid::from_u128(7));
const ROLES: [Role; 4] = [Role::Facilitator, Role::CoreGroup, Role::Participant, Role::Guest];

struct Client {
    doc: AutoCommit,
    by: By,
    pushed: Vec<automerge::ChangeHash>,
    taken: usize,
}

/// A document's day, as the log holds it.
struct Written {
    random: Random,
    kind: DocumentKind,
    server: Server,
    members: Vec<ParticipantId>,
    clients: Vec<Client>,
    events: Vec<Arc<Event>>,
}

impl Written {
    fn new(mut random: Random, kind: DocumentKind) -> Self {
        let members: Vec<_> = ROLES.iter().map(|_| ParticipantId::new(random.uuid())).collect();
        let server = Server::new(kind, members.clone());
        let people = members.iter().zip(ROLES);
        let client = |(participant, role): (&ParticipantId, Role)| Client {
            doc: server.copy(actor(&mut random)),
            by: By { participant: Some(*participant), role },
            pushed: Vec::new(),
            taken: 1,
        };
        let clients: Vec<_> = people.map(client).collect();
        let mut day = Self { random, kind, server, members, clients, events: Vec::new() };
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        let operator = By { participant: None, role: Role::Operator };
        day.happens(
            operator,
            Act::GatheringPrepared { title, language, date: None, network: None },
        );
        let (owner, title) = (Owner::Gathering, "Tafel 1".to_owned());
        let template = day.server.chunks[0].clone();
        let opened = Act::DocumentOpened { document: DOCUMENT, kind, owner, title, template };
        day.happens(operator, opened);
        day
    }

    fn happens(&mut self, by: By, act: Act) {
        let seq = Seq(self.events.len() as u64 + 1);
        let at = Timestamp::from_milliseconds(i64::try_from(seq.0).unwrap() * 1_000);
        let entry = Entry { at, by, act };
        self.events.push(Arc::new(Event { gathering: GATHERING, seq, entry }));
    }

    fn step(&mut self) {
        let who = self.random.below(self.clients.len());
        match self.random.below(4) {
            0 | 1 => self.edit(who),
            2 => self.take(who),
            _ => self.push(who),
        }
    }

    fn edit(&mut self, who: usize) {
        let Self { random, clients, members, kind, .. } = self;
        let Client { doc, by, .. } = &mut clients[who];
        let place = Where {
            kind: *kind,
            me: by.participant.unwrap(),
            members,
            facilitates: by.role == Role::Facilitator,
            shared_keys: false,
        };
        Editor { random, doc, place }.edit();
        doc.commit();
    }

    fn take(&mut self, who: usize) {
        let client = &mut self.clients[who];
        let news = self.server.chunks[client.taken..].iter();
        let news = news.map(super::world::automerge_change);
        client.doc.apply_changes(news).unwrap();
        client.taken = self.server.chunks.len();
    }

    fn push(&mut self, who: usize) {
        let Client { doc, by, pushed, .. } = &mut self.clients[who];
        let changes = doc.get_changes(pushed);
        *pushed = doc.get_heads();
        let graph = self.server.accepted.graph();
        let news = changes.iter().filter(|change| !graph.contains(&ChangeHash(change.hash().0)));
        let chunks: Vec<_> =
            news.map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect();
        if chunks.is_empty() {
            return;
        }
        let by = *by;
        let admitted = self.server.admit(&chunks, by.participant.unwrap(), by.role);
        let admitted =
            admitted.unwrap_or_else(|fault| panic!("{:?} wrote well, and: {fault}", by.role));
        let (changes, contributions) = (admitted.changes, admitted.contributions);
        let heads = admitted.heads;
        self.happens(by, Act::Changed { document: DOCUMENT, changes, contributions, heads });
    }

    /// A view of the log: folded at once, or event by event, some of them through a snapshot.
    fn view(&mut self, live: bool) -> GatheringView {
        let mut view = GatheringView::new(GATHERING);
        if !live {
            view.fold(&self.events).unwrap();
            return view;
        }
        for event in &self.events {
            view.fold(std::slice::from_ref(event)).unwrap();
            if self.random.once_in(12)
                && let Some(snapshot) = view.snapshot(DOCUMENT)
            {
                view = GatheringView::new(GATHERING).with_snapshots([snapshot]);
                view.fold(&self.events[..usize::try_from(event.seq.0).unwrap()]).unwrap();
            }
        }
        view
    }
}

/// Goal: the contributions folded by id give the same items as the document, and what is built
/// anew from the log equals what was folded live, whoever wrote what in which role. Method: four
/// people of four roles edit a document of any kind, each its own copy; each push is an event.
#[test]
fn contributions_folded_by_id_are_the_documents_items_and_a_rebuild_equals_live() {
    let again = |seed| {
        format!("OOGST_SEED={seed} OOGST_CASES=1 cargo test --workspace --test it accepted::folded")
    };
    let first = super::setting("OOGST_SEED", 1);
    let cases = super::setting("OOGST_CASES", CASES).min(100 * CASES);
    let told = seeds::each(first..first + cases, again, |seed| {
        let kinds = DocumentKind::ALL;
        let kind = kinds[usize::try_from(seed).unwrap() % kinds.len()];
        day(Random::new(seed), kind)
    });
    let told: usize = told.into_iter().sum();
    println!("{told} items were told of");
    assert!(cases < CASES || told > 300, "only {told} items: the days were too quiet");
}

fn day(random: Random, kind: DocumentKind) -> usize {
    let mut day = Written::new(random, kind);
    for _ in 0..40 {
        day.step();
    }
    (0..day.clients.len()).for_each(|who| day.push(who));
    let (live, rebuilt) = (day.view(true), day.view(false));
    assert_eq!(live.stopped().count() + rebuilt.stopped().count(), 0, "nothing stops");
    assert_eq!(live.heads(DOCUMENT), rebuilt.heads(DOCUMENT));
    assert_eq!(live.heads(DOCUMENT), Some(day.server.accepted.graph().heads()));
    for _ in 0..8 {
        let seq = Seq(1 + day.random.below(day.events.len()) as u64);
        assert_eq!(live.document(DOCUMENT, Some(seq)), rebuilt.document(DOCUMENT, Some(seq)));
    }
    let nobody = |_| None;
    let all = Filter::default();
    let lines = live.lines(&day.events, &all, &nobody);
    assert_eq!(lines, rebuilt.lines(&day.events, &all, &nobody), "the lines, live and rebuilt");
    let told = fold(&lines);
    let seeded = items(&day.server.copy_at_first(), kind);
    let mut wanted = items(&day.server.copy(actor(&mut day.random)), kind);
    // What stood there from the start, and nobody wrote in, was told by nobody.
    wanted.retain(|id, item| told.contains_key(id) || seeded.get(id) != Some(item));
    assert_eq!(told, wanted, "{kind:?}: the items as they were told, and as they are");
    told.len()
}

/// What is compared of an item.
type Shown = (String, Option<String>, Option<ItemId>, String, bool, u64);

fn fold(lines: &[Line]) -> BTreeMap<ItemId, Shown> {
    let mut told = BTreeMap::new();
    for line in lines {
        let Some(id) = line.item else { continue };
        let state = line.state.clone();
        let state = state.unwrap_or_else(|| panic!("{}: an item without a state", line.kind));
        let ItemState { text, category, parent, position, removed, supports, .. } = state;
        assert_eq!(line.excerpt, Some(text.chars().take(140).collect()), "{}", line.kind);
        told.insert(id, (text, category, parent, position, removed, supports));
    }
    told
}

/// The items of a document that contributions name.
fn items(doc: &AutoCommit, kind: DocumentKind) -> BTreeMap<ItemId, Shown> {
    let mut found = BTreeMap::new();
    for (map, item) in kind.root().homes().filter(|(_, item)| item.is_told()) {
        collect(doc, &maps(doc, &[ROOT], map), item, &mut found);
    }
    found
}

fn collect(
    doc: &AutoCommit,
    homes: &[ObjId],
    item: &'static Item,
    found: &mut BTreeMap<ItemId, Shown>,
) {
    for key in homes.iter().flat_map(|home| doc.keys(home)) {
        let objects = maps(doc, homes, &key);
        let text = |key: &str| objects.iter().map(|o| string(doc, o, key)).find(|t| !t.is_empty());
        let words = item.words.iter().find_map(|key| text(key)).unwrap_or_default();
        let supports = maps(doc, &objects, "supports");
        let mut people: Vec<_> = supports
            .iter()
            .flat_map(|map| doc.keys(map).filter(|key| is_true(doc, map, key)))
            .collect();
        people.sort_unstable();
        people.dedup();
        let shown = (
            words,
            text("category"),
            text("parent").and_then(|parent| parent.parse().ok()),
            text("position").unwrap_or_default(),
            is_true(doc, &objects[0], "removed"),
            people.len() as u64,
        );
        found.insert(key.parse().unwrap(), shown);
        for (map, inner) in item.shape.homes() {
            collect(doc, &maps(doc, &objects, map), inner, found);
        }
    }
}

/// Every map under a key, also where several made one at the same time.
fn maps(doc: &AutoCommit, objects: &[ObjId], key: &str) -> Vec<ObjId> {
    let all = objects.iter().flat_map(|o| doc.get_all(o, key).unwrap().into_iter().rev());
    let maps = all.filter(|(value, _)| matches!(value, Value::Object(ObjType::Map)));
    maps.map(|(_, map)| map).collect()
}

fn string(doc: &AutoCommit, map: &ObjId, key: &str) -> String {
    match doc.get(map, key).unwrap() {
        Some((Value::Object(ObjType::Text), text)) => doc.text(text).unwrap(),
        Some((Value::Scalar(value), _)) => value.as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn is_true(doc: &AutoCommit, map: &ObjId, key: &str) -> bool {
    doc.get(map, key).unwrap().is_some_and(|(value, _)| value.as_bool() == Some(true))
}
