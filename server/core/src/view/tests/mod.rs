//! Views against real automerge clients: what they typed is what is shown, whatever the batches.

mod course;
mod exports;
mod laws;
mod lines;
mod past;
mod rest;
mod revert;
mod stops;
mod wall;

use std::sync::Arc;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use bytes::Bytes;
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, By, ChangeBytes, Entry, Event, Owner, Role};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId, Seq,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

use super::GatheringView;

/// When the first event of a scene happens; each later one a second after the one before.
const START: i64 = 1_795_256_103_120;

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number << 80 | 0x4000_8000_0000_0000_0000)
}

fn item(number: u128) -> ItemId {
    ItemId::new(uuid(number))
}

fn nobody(_: ParticipantId) -> Option<String> {
    None
}

/// A gathering's log in the making, and the server's copy of its harvests.
struct Scene {
    events: Vec<Arc<Event>>,
    /// Group, harvest, and everything accepted so far.
    harvests: Vec<(GroupId, DocumentId, AutoCommit)>,
    by: By,
    /// When the next event happens.
    at: i64,
}

impl Scene {
    /// A gathering with so many groups, each with an empty harvest.
    fn new(groups: u8) -> Self {
        let by = By { participant: Some(ParticipantId::new(uuid(900))), role: Role::Participant };
        let mut scene = Self { events: Vec::new(), harvests: Vec::new(), by, at: START };
        let (title, language) = ("Dag van de oogst".into(), "nl-BE".into());
        scene.happens(Act::GatheringPrepared { title, language, date: None, network: None });
        let round = RoundId::new(uuid(1));
        scene.happens(Act::RoundOpened { round, title: "Leervragen".into(), kind: None });
        for number in 0..groups {
            let group = GroupId::new(uuid(10 + u128::from(number)));
            let document = DocumentId::new(uuid(50 + u128::from(number)));
            let (name, question) = (format!("Tafel {number}"), format!("Vraag {number}?"));
            let (seats, table, theme) = (None, None, None);
            scene.happens(Act::GroupFormed { round, group, name, question, seats, table, theme });
            let mut harvest = AutoCommit::new().with_actor(ActorId::from([0xee, number]));
            text(&mut harvest, &ROOT, "kind", "harvest");
            text(&mut harvest, &ROOT, "question", "");
            harvest.put_object(ROOT, "insights", ObjType::Map).unwrap();
            harvest.put_object(ROOT, "wordings", ObjType::Map).unwrap();
            harvest.commit();
            let template = chunks(&mut harvest, &[]).remove(0);
            let (kind, owner) = (DocumentKind::Harvest, Owner::Group(group));
            let title = "Oogst".into();
            scene.happens(Act::DocumentOpened { document, kind, owner, title, template });
            scene.harvests.push((group, document, harvest));
        }
        scene
    }

    /// Opens the gathering's programme, empty; its place among the documents.
    fn open_programme(&mut self) -> usize {
        let document = DocumentId::new(uuid(90));
        let mut programme = AutoCommit::new().with_actor(ActorId::from([0xef]));
        text(&mut programme, &ROOT, "kind", "programme");
        for key in ["blocks", "questions", "themes", "news"] {
            programme.put_object(ROOT, key, ObjType::Map).unwrap();
        }
        programme.commit();
        let template = chunks(&mut programme, &[]).remove(0);
        let (kind, owner) = (DocumentKind::Programme, Owner::Gathering);
        let title = "Programma".into();
        self.happens(Act::DocumentOpened { document, kind, owner, title, template });
        self.harvests.push((GroupId::new(uuid(0)), document, programme));
        self.harvests.len() - 1
    }

    fn happens(&mut self, act: Act) -> Seq {
        let seq = Seq(self.events.len() as u64 + 1);
        let at = Timestamp::from_milliseconds(self.at);
        self.at += 1_000;
        let entry = Entry { at, by: self.by, act };
        self.events.push(Arc::new(Event { gathering: GatheringId::new(uuid(1)), seq, entry }));
        seq
    }

    fn document(&self, place: usize) -> DocumentId {
        self.harvests[place].1
    }

    /// Somebody's own copy of a harvest, as it is now.
    fn client(&mut self, place: usize, actor: u8) -> Client {
        let copy = self.harvests[place].2.fork().with_actor(ActorId::from([actor; 16]));
        Client { copy, place, contributions: Vec::new() }
    }

    /// Accepts what a client wrote since it last spoke with the server, and gives it the rest.
    fn accept(&mut self, client: &mut Client) -> Seq {
        client.copy.commit();
        let (_, document, harvest) = &mut self.harvests[client.place];
        let document = *document;
        let new = chunks(&mut client.copy, &harvest.get_heads());
        harvest.merge(&mut client.copy).unwrap();
        client.copy.merge(harvest).unwrap();
        let mut heads: Vec<_> = harvest.get_heads().iter().map(|head| ChangeHash(head.0)).collect();
        heads.sort_unstable();
        let contributions = std::mem::take(&mut client.contributions);
        self.happens(Act::Changed { document, changes: new, contributions, heads })
    }

    /// One client's one edit.
    fn edit(&mut self, client: &mut Client, edit: impl FnOnce(&mut Client)) -> Seq {
        edit(client);
        self.accept(client)
    }

    fn view(&self) -> GatheringView {
        let mut view = GatheringView::new(GatheringId::new(uuid(1)));
        view.fold(&self.events).unwrap();
        view
    }
}

/// Changes that `from` has and whoever is at `heads` lacks, in causal order.
fn chunks(from: &mut AutoCommit, heads: &[automerge::ChangeHash]) -> Vec<ChangeBytes> {
    let changes = from.get_changes(heads);
    changes.iter().map(|c| ChangeBytes(Bytes::copy_from_slice(c.raw_bytes()))).collect()
}

/// Writes a collaborative text under a key.
fn text(document: &mut AutoCommit, object: &ObjId, key: &str, words: &str) {
    let text = document.put_object(object, key, ObjType::Text).unwrap();
    document.splice_text(&text, 0, 0, words).unwrap();
}

/// Somebody with the harvest open.
struct Client {
    copy: AutoCommit,
    place: usize,
    contributions: Vec<Contribution>,
}

impl Client {
    fn did(&mut self, kind: Kind, item: Option<ItemId>) {
        self.contributions.push(Contribution { kind, item });
    }

    fn insights(&self) -> ObjId {
        self.copy.get(ROOT, "insights").unwrap().unwrap().1
    }

    fn insight(&self, id: ItemId) -> ObjId {
        self.copy.get(self.insights(), id.to_string()).unwrap().unwrap().1
    }

    fn add(&mut self, id: ItemId, words: &str, position: &str) {
        let insight = self.copy.put_object(self.insights(), id.to_string(), ObjType::Map).unwrap();
        text(&mut self.copy, &insight, "text", words);
        self.copy.put(&insight, "position", position).unwrap();
        self.did(Kind::InsightAdded, Some(id));
    }

    fn type_at_end(&mut self, id: ItemId, words: &str) {
        let text = self.copy.get(self.insight(id), "text").unwrap().unwrap().1;
        let end = self.copy.length(&text);
        self.copy.splice_text(&text, end, 0, words).unwrap();
        self.did(Kind::InsightEdited, Some(id));
    }

    fn put(&mut self, id: ItemId, key: &str, value: impl Into<ScalarValue>, kind: Kind) {
        self.copy.put(self.insight(id), key, value).unwrap();
        self.did(kind, Some(id));
    }

    fn nest(&mut self, id: ItemId, parent: ItemId) {
        self.put(id, "parent", parent.to_string().as_str(), Kind::InsightMoved);
    }

    fn remove(&mut self, id: ItemId) {
        self.put(id, "removed", true, Kind::InsightRemoved);
    }

    fn restore(&mut self, id: ItemId) {
        self.put(id, "removed", false, Kind::InsightRestored);
    }

    fn support(&mut self, id: ItemId, who: ParticipantId) {
        let insight = self.insight(id);
        let supports = match self.copy.get(&insight, "supports").unwrap() {
            Some((_, supports)) => supports,
            None => self.copy.put_object(&insight, "supports", ObjType::Map).unwrap(),
        };
        self.copy.put(supports, who.to_string(), true).unwrap();
        self.did(Kind::InsightSupported, Some(id));
    }

    /// Writes an item of another map than the insights, or one of its texts.
    fn write(&mut self, home: &str, id: ItemId, key: &str, words: &str, kind: Kind) {
        let home = self.copy.get(ROOT, home).unwrap().unwrap().1;
        let item = match self.copy.get(&home, id.to_string()).unwrap() {
            Some((_, item)) => item,
            None => self.copy.put_object(&home, id.to_string(), ObjType::Map).unwrap(),
        };
        text(&mut self.copy, &item, key, words);
        self.did(kind, Some(id));
    }

    fn ask(&mut self, question: &str) {
        text(&mut self.copy, &ROOT, "question", question);
        self.did(Kind::QuestionEdited, None);
    }
}
