//! A day of many edits, the same at each run: five groups and a programme, seven people each.

use std::sync::Arc;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use bytes::Bytes;
use oogst_core::port::Ticket;
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, By, ChangeBytes, Entry, Owner, Role};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;
use oogst_server::log::{Append, EventLog};
use tokio::sync::mpsc;
use uuid::Uuid;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number << 80 | 0x4000_8000_0000_0000_0000)
}

/// The only gathering.
pub(crate) const GATHERING: GatheringId = GatheringId::new(id(1));

const GROUPS: u128 = 5;
const PEOPLE: u64 = 7;

/// How much one group comes to. A text that reaches its most is begun again.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    pub(crate) insights_max: usize,
    pub(crate) text_characters_max: usize,
}

/// Reached within the first 25,000 events: what grows after that is history alone. It is some four
/// times what a table harvests in a day.
pub(crate) const STEADY: Size =
    Size { name: "steady", insights_max: 180, text_characters_max: 120 };

/// Grows to the end; a wall of a megabyte and more.
pub(crate) const GROWING: Size =
    Size { name: "growing", insights_max: 800, text_characters_max: 300 };

/// A table works on some insights at once, and goes on to the next after so many of its edits.
const AT_WORK: usize = 5;
const EDITS_UNTIL_NEXT: usize = 25;

/// A source of repeatable choices (splitmix64).
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// One group's harvest, as its own clients have it.
struct Table {
    document: DocumentId,
    copy: AutoCommit,
    insights: Vec<ItemId>,
    edits: usize,
}

pub(crate) struct Day {
    size: Size,
    tables: Vec<Table>,
    choices: Choices,
    milliseconds: i64,
    made: u128,
}

impl Day {
    /// The first events: rounds, groups, harvests.
    pub(crate) async fn open(log: &Arc<dyn EventLog>, size: Size) -> Self {
        let (tables, choices) = (Vec::new(), Choices(1));
        let mut day = Self { size, tables, choices, milliseconds: 1_795_256_103_120, made: 1_000 };
        let round = RoundId::new(id(2));
        let language = "nl-BE".to_owned();
        let mut acts = vec![
            Act::GatheringPrepared { title: "Dag".into(), language, date: None, network: None },
            Act::RoundOpened { round, title: "Leervragen".into(), kind: None },
        ];
        for number in 0..GROUPS {
            let group = GroupId::new(id(10 + number));
            let document = DocumentId::new(id(20 + number));
            let (name, question) = (format!("Tafel {number}"), format!("Vraag {number}?"));
            let (seats, table, theme) = (None, None, None);
            acts.push(Act::GroupFormed { round, group, name, question, seats, table, theme });
            let mut copy = AutoCommit::new().with_actor(ActorId::from([0xee; 16]));
            for key in ["kind", "title", "question"] {
                copy.put_object(ROOT, key, ObjType::Text).unwrap();
            }
            for key in ["insights", "wordings"] {
                copy.put_object(ROOT, key, ObjType::Map).unwrap();
            }
            copy.commit();
            let template = newest_change(&mut copy);
            let (kind, owner) = (DocumentKind::Harvest, Owner::Group(group));
            acts.push(Act::DocumentOpened {
                document,
                kind,
                owner,
                title: "Oogst".into(),
                template,
            });
            day.tables.push(Table { document, copy, insights: Vec::new(), edits: 0 });
        }
        let entries = acts.into_iter().map(|act| day.entry(act)).collect();
        append(log, entries).await;
        day
    }

    /// Writes so many more events.
    pub(crate) async fn write(&mut self, log: &Arc<dyn EventLog>, events: usize) {
        let mut entries = Vec::with_capacity(events);
        for _ in 0..events {
            let place = usize::try_from(self.choices.below(self.tables.len() as u64)).unwrap();
            let act = self.edit(place);
            entries.push(self.entry(act));
        }
        append(log, entries).await;
    }

    /// Any of the documents.
    pub(crate) fn document(&self, choices: &mut Choices) -> DocumentId {
        let place = choices.below(self.tables.len() as u64);
        self.tables[usize::try_from(place).unwrap()].document
    }

    fn entry(&mut self, act: Act) -> Entry {
        self.milliseconds += 150;
        let participant = Some(ParticipantId::new(id(500 + u128::from(self.choices.below(30)))));
        let by = By { participant, role: Role::Participant };
        Entry { at: Timestamp::from_milliseconds(self.milliseconds), by, act }
    }

    /// One edit of one of the people at a table.
    fn edit(&mut self, place: usize) -> Act {
        let Self { size, tables, choices, made, .. } = self;
        let table = &mut tables[place];
        let actor = u8::try_from(choices.below(PEOPLE)).unwrap();
        table.copy.set_actor(ActorId::from([actor + 1; 16]));
        table.edits += 1;
        let there = table.insights.len();
        let few = there < size.insights_max;
        let item = if there == 0 || (few && choices.below(EDITS_UNTIL_NEXT as u64) == 0) {
            *made += 1;
            ItemId::new(id(*made))
        } else if choices.below(10) > 0 {
            // Most write in what they began a moment ago, or in what they came back to.
            let newest = there.saturating_sub(AT_WORK);
            let next = table.edits / EDITS_UNTIL_NEXT % there;
            let from = if few { newest } else { next };
            choices.pick(&table.insights[from..(from + AT_WORK).min(there)])
        } else {
            choices.pick(&table.insights)
        };
        let kind = table.change(item, *size, choices);
        table.copy.commit();
        let changes = vec![newest_change(&mut table.copy)];
        let heads = table.copy.get_heads().iter().map(|head| ChangeHash(head.0)).collect();
        let contributions = vec![Contribution { kind, item: Some(item) }];
        Act::Changed { document: table.document, changes, contributions, heads }
    }
}

impl Table {
    fn insight(&self, item: ItemId) -> ObjId {
        let insights = self.copy.get(ROOT, "insights").unwrap().unwrap().1;
        self.copy.get(insights, item.to_string()).unwrap().unwrap().1
    }

    fn change(&mut self, item: ItemId, size: Size, choices: &mut Choices) -> Kind {
        if !self.insights.contains(&item) {
            let insights = self.copy.get(ROOT, "insights").unwrap().unwrap().1;
            let made = self.copy.put_object(insights, item.to_string(), ObjType::Map).unwrap();
            self.copy.put_object(&made, "text", ObjType::Text).unwrap();
            let position = format!("a{}", choices.below(1_000_000));
            self.copy.put(&made, "position", position).unwrap();
            self.insights.push(item);
            return Kind::InsightAdded;
        }
        let insight = self.insight(item);
        match choices.below(20) {
            0 => {
                let category = choices.pick(&["tip", "tool", "obstacle", "insight"]);
                self.copy.put(&insight, "category", category).unwrap();
                Kind::InsightRecategorised
            }
            1 => {
                let parent = choices.pick(&self.insights).to_string();
                self.copy.put(&insight, "parent", parent).unwrap();
                Kind::InsightMoved
            }
            2 => {
                self.copy.put(&insight, "removed", choices.below(4) == 0).unwrap();
                Kind::InsightRemoved
            }
            _ => {
                let text = self.copy.get(&insight, "text").unwrap().unwrap().1;
                let end = self.copy.length(&text);
                let words = choices.pick(&["de ", "buurt", " é", "samen", "."]);
                let gone = isize::try_from(end).unwrap();
                let (from, gone) =
                    if end >= size.text_characters_max { (0, gone) } else { (end, 0) };
                self.copy.splice_text(&text, from, gone, words).unwrap();
                Kind::InsightEdited
            }
        }
    }
}

fn newest_change(copy: &mut AutoCommit) -> ChangeBytes {
    let change = copy.get_last_local_change().unwrap();
    ChangeBytes(Bytes::copy_from_slice(change.raw_bytes()))
}

async fn append(log: &Arc<dyn EventLog>, entries: Vec<Entry>) {
    let (report, mut reports) = mpsc::channel(1);
    let append = Append { ticket: Ticket(1), gathering: GATHERING, entries, report };
    log.appends().room(&append).await.unwrap().append(append).unwrap();
    reports.recv().await.unwrap();
}
