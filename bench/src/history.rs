//! A harvest's history as people type it: one change a key, several at a time.
//!
//! Two devices write at the same moment and merge every [`BURST`] keys, so that heads part and
//! join as at a table. An insight has [`INSIGHT_CHARACTERS`]; past [`INSIGHTS_MAX`] of them an
//! older one is typed anew, so that what grows without end is history alone. Equal numbers give
//! equal bytes.

use std::collections::{BTreeSet, VecDeque};

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, AutomergeError, Change, ObjId, ObjType, ROOT, ReadDoc};
use automerge::{ScalarValue, Value};
use bytes::Bytes;
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, By, ChangeBytes, Entry, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, ItemId, ParticipantId, Seq};

use crate::gathering::{id, moment};

/// How long an insight is, in characters.
pub const INSIGHT_CHARACTERS: usize = 40;

/// Most insights of one harvest.
pub const INSIGHTS_MAX: usize = 2_400;

/// Keys that two people press before each sees the other's.
const BURST: usize = 10;

/// What is typed, over and over.
const WORDS: &str = "samen koken brengt buren aan één tafel. ";

/// One change, and what the log says of it.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Who pressed the key.
    pub by: ParticipantId,
    /// The change.
    pub change: ChangeBytes,
    /// Its hash.
    pub hash: ChangeHash,
    /// The insight that it is in, and what it did with it.
    pub contribution: Contribution,
    /// The document's heads after it, ascending.
    pub heads: Vec<ChangeHash>,
}

impl Edit {
    /// What the log keeps of it, as that of `document` at this place of a stream.
    #[must_use]
    pub fn entry(&self, document: DocumentId, seq: Seq) -> Entry {
        let by = By { participant: Some(self.by), role: Role::Participant };
        let (changes, heads) = (vec![self.change.clone()], self.heads.clone());
        let contributions = vec![self.contribution];
        let act = Act::Changed { document, changes, contributions, heads };
        Entry { at: moment(seq), by, act }
    }
}

/// A device, which some people type on, each under an actor of their own.
struct Device {
    copy: AutoCommit,
    /// What somebody is in the midst of: the insight, its text, how much of it is there.
    open: Vec<Option<(ItemId, ObjId, usize)>>,
    /// What was begun on it, for when it is typed anew.
    insights: VecDeque<(ItemId, ObjId)>,
}

/// A harvest that is being written.
pub struct History {
    devices: [Device; 2],
    people: Vec<ParticipantId>,
    heads: BTreeSet<ChangeHash>,
    ready: VecDeque<Edit>,
    bursts: usize,
    insights: usize,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("bursts", &self.bursts).finish_non_exhaustive()
    }
}

impl History {
    /// A harvest that these people, at least two, are about to write in.
    ///
    /// # Errors
    ///
    /// Where `template` is no change.
    pub fn new(template: &ChangeBytes, people: &[ParticipantId]) -> Result<Self, AutomergeError> {
        let first = Change::from_bytes(template.0.to_vec())?;
        let device = |people: usize| {
            let mut copy = AutoCommit::new();
            copy.apply_changes([first.clone()])?;
            let open = vec![None; people];
            Ok::<_, AutomergeError>(Device { copy, open, insights: VecDeque::new() })
        };
        Ok(Self {
            devices: [device(people.len().div_ceil(2))?, device(people.len() / 2)?],
            people: people.to_vec(),
            heads: BTreeSet::from([ChangeHash(first.hash().0)]),
            ready: VecDeque::new(),
            bursts: 0,
            insights: 0,
        })
    }

    /// The next change.
    ///
    /// # Errors
    ///
    /// Where the document is none of ours.
    pub fn edit(&mut self) -> Result<Edit, AutomergeError> {
        loop {
            if let Some(edit) = self.ready.pop_front() {
                return Ok(edit);
            }
            self.burst()?;
        }
    }

    /// The next so many changes.
    ///
    /// # Errors
    ///
    /// As [`History::edit`].
    pub fn edits(&mut self, count: usize) -> Result<Vec<Edit>, AutomergeError> {
        (0..count).map(|_| self.edit()).collect()
    }

    /// Two people type at once; then each device takes in what the other has.
    fn burst(&mut self) -> Result<(), AutomergeError> {
        let mut news = [Vec::new(), Vec::new()];
        for _ in 0..BURST {
            for (device, news) in news.iter_mut().enumerate() {
                let place = self.bursts % self.devices[device].open.len();
                news.push(self.press(device, place)?);
            }
        }
        let [first, second] = news;
        self.devices[0].copy.apply_changes(second)?;
        self.devices[1].copy.apply_changes(first)?;
        self.bursts += 1;
        Ok(())
    }

    /// Somebody presses a key.
    fn press(&mut self, device: usize, place: usize) -> Result<Change, AutomergeError> {
        let by = self.people[2 * place + device];
        let Device { copy, open, insights } = &mut self.devices[device];
        copy.set_actor(ActorId::from(by.uuid().as_bytes().as_slice()));
        let open = &mut open[place];
        let (kind, item) = match open.take() {
            Some((item, text, typed)) if typed < INSIGHT_CHARACTERS => {
                let letter = WORDS.chars().cycle().nth(typed).map(String::from);
                copy.splice_text(&text, typed, 0, &letter.unwrap_or_default())?;
                *open = Some((item, text, typed + 1));
                (Kind::InsightEdited, item)
            }
            _ if self.insights < INSIGHTS_MAX => {
                self.insights += 1;
                let number = u32::try_from(self.insights).unwrap_or(u32::MAX);
                let item = ItemId::new(id(8, number));
                let text = begin(copy, item, by)?;
                insights.push_back((item, text.clone()));
                *open = Some((item, text, 0));
                (Kind::InsightAdded, item)
            }
            _ => {
                let (item, text) = insights.pop_front().ok_or(AutomergeError::Fail)?;
                let length = copy.length(&text);
                copy.splice_text(&text, 0, isize::try_from(length).unwrap_or_default(), "")?;
                insights.push_back((item, text.clone()));
                *open = Some((item, text, 0));
                (Kind::InsightEdited, item)
            }
        };
        let mut change = copy.get_last_local_change().ok_or(AutomergeError::Fail)?.clone();
        let hash = ChangeHash(change.hash().0);
        for dep in change.deps() {
            self.heads.remove(&ChangeHash(dep.0));
        }
        self.heads.insert(hash);
        self.ready.push_back(Edit {
            by,
            change: ChangeBytes(Bytes::copy_from_slice(&change.bytes())),
            hash,
            contribution: Contribution { kind, item: Some(item) },
            heads: self.heads.iter().copied().collect(),
        });
        Ok(change)
    }
}

/// Begins an insight as the web client does: its words are texts, its marks are values.
fn begin(copy: &mut AutoCommit, item: ItemId, by: ParticipantId) -> Result<ObjId, AutomergeError> {
    let Some((Value::Object(ObjType::Map), insights)) = copy.get(ROOT, "insights")? else {
        return Err(AutomergeError::Fail);
    };
    let insight = copy.put_object(&insights, item.to_string(), ObjType::Map)?;
    let text = copy.put_object(&insight, "text", ObjType::Text)?;
    for (key, words) in [("author", by.to_string()), ("position", "a0".to_owned())] {
        let value = copy.put_object(&insight, key, ObjType::Text)?;
        copy.splice_text(&value, 0, 0, &words)?;
    }
    copy.put(&insight, "removed", false)?;
    copy.put(&insight, "parent", ScalarValue::Null)?;
    copy.put_object(&insight, "supports", ObjType::Map)?;
    Ok(text)
}
