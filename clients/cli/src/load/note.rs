//! What a simulated participant writes: an insight, then its text letter by letter, then the next.
//!
//! Changes are made from their operations, without a document: one takes the same time however
//! long the history is, so that the generator does not slow down as the day grows.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::transaction::Transactable;
use automerge::{
    ActorId, AutoCommit, Change, ChangeHash, ExpandedChange, ObjId, ObjType, ROOT, ReadDoc,
    ScalarValue,
};
use oogst_protocol::ids::ParticipantId;
use uuid::Uuid;

use super::LoadError;

/// The map that insights stand in.
const INSIGHTS: &str = "insights";

/// What is typed, over and over.
const LETTERS: &str = "wie luistert hoort wat er niet wordt gezegd ";

/// The objects of a document that are written to.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    insights: OpId,
}

impl Ground {
    /// Looks them up in a document that is here whole.
    ///
    /// # Errors
    ///
    /// [`LoadError::Content`] where it has no insights: it is no harvest.
    pub(super) fn of(document: &AutoCommit) -> Result<Self, LoadError> {
        let found = document.get(ROOT, INSIGHTS).ok().flatten();
        let Some((_, ObjId::Id(counter, actor, _))) = found else {
            return Err(LoadError::Content("a document without insights".to_owned()));
        };
        Ok(Self { insights: OpId::new(counter, &actor) })
    }

    /// A new document for a server that knows no harvests, of the same shape.
    ///
    /// # Errors
    ///
    /// [`LoadError::Content`]: automerge would not make it.
    pub(super) fn document() -> Result<AutoCommit, LoadError> {
        let mut document = AutoCommit::new();
        let made = document.put(ROOT, "kind", "harvest");
        let made = made.and_then(|()| document.put_object(ROOT, INSIGHTS, ObjType::Map));
        made.map_err(|error| LoadError::Content(error.to_string()))?;
        document.commit();
        Ok(document)
    }
}

/// Somebody who writes.
#[derive(Debug)]
pub(super) struct Author {
    actor: ActorId,
    participant: ParticipantId,
    ground: Ground,
    /// How long a text gets before the next insight begins, in characters.
    characters: usize,
    seq: u64,
    text: Option<Text>,
}

/// The text that somebody is at.
#[derive(Debug)]
struct Text {
    id: OpId,
    last: ElementId,
    characters: usize,
}

impl Author {
    pub(super) fn new(participant: ParticipantId, ground: Ground, characters: usize) -> Self {
        let actor = ActorId::from(Uuid::new_v4().as_bytes().as_slice());
        Self { actor, participant, ground, characters, seq: 0, text: None }
    }

    /// The next thing that they write, on top of `deps`; its operations are numbered from
    /// `start_op`. `milliseconds` since 1970.
    pub(super) fn write(
        &mut self,
        deps: Vec<ChangeHash>,
        start_op: u64,
        milliseconds: i64,
    ) -> Change {
        self.seq += 1;
        let operations = match &mut self.text {
            Some(text) if text.characters < self.characters => {
                vec![text.letter(OpId::new(start_op, &self.actor))]
            }
            _ => self.insight(start_op, milliseconds),
        };
        ExpandedChange {
            operations,
            actor_id: self.actor.clone(),
            hash: None,
            seq: self.seq,
            start_op: NonZeroU64::new(start_op).unwrap_or(NonZeroU64::MIN),
            time: milliseconds,
            message: None,
            deps,
            extra_bytes: Vec::new(),
            author: None,
        }
        .into()
    }

    /// A new insight with its empty text, as the web client begins one.
    fn insight(&mut self, start_op: u64, milliseconds: i64) -> Vec<Op> {
        let id = |place: u64| OpId::new(start_op + place, &self.actor);
        let (item, text) = (id(0), id(1));
        let in_item = |key: &str, action| put(ObjectId::Id(item.clone()), key, action);
        let name = Uuid::new_v4().to_string();
        let insights = ObjectId::Id(self.ground.insights.clone());
        let word = |word: String| OpType::Put(ScalarValue::Str(word.into()));
        let operations = vec![
            put(insights, &name, OpType::Make(ObjType::Map)),
            in_item("text", OpType::Make(ObjType::Text)),
            in_item("author", word(self.participant.to_string())),
            in_item("created", OpType::Put(ScalarValue::Int(milliseconds))),
            in_item("position", word("a0".to_owned())),
            in_item("removed", OpType::Put(ScalarValue::Boolean(false))),
        ];
        self.text = Some(Text { id: text, last: ElementId::Head, characters: 0 });
        operations
    }
}

impl Text {
    fn letter(&mut self, id: OpId) -> Op {
        let letters = LETTERS.len();
        let letter = LETTERS.get(self.characters % letters..=self.characters % letters);
        let action = OpType::Put(ScalarValue::Str(letter.unwrap_or("e").into()));
        let key = Key::Seq(std::mem::replace(&mut self.last, ElementId::Id(id)));
        self.characters += 1;
        let obj = ObjectId::Id(self.id.clone());
        Op { action, obj, key, pred: SortedVec::new(), insert: true }
    }
}

fn put(obj: ObjectId, key: &str, action: OpType) -> Op {
    Op { action, obj, key: Key::Map(key.into()), pred: SortedVec::new(), insert: false }
}
