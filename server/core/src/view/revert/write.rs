//! A plan, written down as changes.

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, Value};
use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::limits::{CHANGE_OPERATIONS_MAX, HIGHLIGHTS_MAX};
use oogst_protocol::time::Timestamp;

use super::past::{Object, Past};
use super::plan::{Content, Plan, Step};
use super::{Left, LeftWhy, REVERT_OPERATIONS_MAX, UndoFault, Undoing};
use crate::accept::units;
use crate::change::Scalar;

/// About how many operations one change gets.
const BATCH_OPERATIONS: usize = 10_000;

pub(super) fn write(
    mut document: Automerge,
    past: &Past,
    plan: Plan<'_>,
    at: Timestamp,
) -> Result<Undoing, UndoFault> {
    let Plan { steps, items, left, .. } = plan;
    let mut undoing = Undoing { changes: Vec::new(), items, left };
    let costs = steps.iter().map(Step::cost);
    check(costs.sum(), REVERT_OPERATIONS_MAX)?;
    let steps: Vec<Step> = steps.into_iter().flat_map(Step::split).collect();
    let mut next = steps.iter().peekable();
    let seconds = at.milliseconds().div_euclid(1000);
    while next.peek().is_some() {
        let mut transaction = document.transaction();
        let mut cost = 0;
        while let Some(step) =
            next.next_if(|step| cost == 0 || cost + step.cost() <= BATCH_OPERATIONS)
        {
            check(step.cost(), CHANGE_OPERATIONS_MAX)?;
            cost += step.cost();
            let written = take(&mut transaction, past, step, &mut undoing.left);
            written.map_err(|error| UndoFault::Broken { why: error.to_string() })?;
        }
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(seconds));
        if hash.is_some()
            && let Some(change) = document.get_last_local_change()
        {
            undoing.changes.push(ChangeBytes(Bytes::copy_from_slice(change.raw_bytes())));
        }
    }
    Ok(undoing)
}

const fn check(operations: usize, most: usize) -> Result<(), UndoFault> {
    if operations > most {
        return Err(UndoFault::TooMuch { what: "operations to be undone", most });
    }
    Ok(())
}

impl Step {
    /// How many operations it takes.
    fn cost(&self) -> usize {
        match self {
            Self::Put { content, .. } => content.cost(),
            Self::Clear { .. } | Self::Highlight { .. } => 1,
            Self::Splice { remove, insert, .. } => remove + insert.chars().count(),
        }
    }

    /// The same in several steps, where one would be too long for a change.
    fn split(self) -> Vec<Self> {
        let Self::Splice { text, mut at, mut remove, insert } = self else { return vec![self] };
        if insert.len() <= BATCH_OPERATIONS {
            return vec![Self::Splice { text, at, remove, insert }];
        }
        let mut steps = Vec::new();
        let letters: Vec<char> = insert.chars().collect();
        for piece in letters.chunks(BATCH_OPERATIONS) {
            let insert: String = piece.iter().collect();
            let (length, remove) = (units(&insert), std::mem::take(&mut remove));
            steps.push(Self::Splice { text, at, remove, insert });
            at += length;
        }
        steps
    }
}

impl Content {
    fn cost(&self) -> usize {
        match self {
            Self::Plain(_) => 1,
            Self::Text(text) => 1 + text.chars().count(),
            Self::Map(entries) => 1 + entries.iter().map(|(_, entry)| entry.cost()).sum::<usize>(),
        }
    }
}

fn take(
    to: &mut Transaction<'_>,
    past: &Past,
    step: &Step,
    left: &mut Vec<Left>,
) -> Result<(), AutomergeError> {
    match step {
        Step::Put { map, key, content } => put(to, &object(past, *map), key, content),
        Step::Clear { map, key } => to.delete(object(past, *map), &**key),
        Step::Splice { text, at, remove, insert } => {
            let remove = isize::try_from(*remove).unwrap_or(isize::MAX);
            to.splice_text(object(past, Some(*text)), *at, remove, insert)
        }
        Step::Highlight { map, key, item } => {
            if highlights(to, past, *map)? >= HIGHLIGHTS_MAX {
                left.push(Left { item: *item, why: LeftWhy::KeyPoints });
                return Ok(());
            }
            to.put(object(past, *map), &**key, true)
        }
    }
}

fn put(
    to: &mut Transaction<'_>,
    map: &ObjId,
    key: &str,
    content: &Content,
) -> Result<(), AutomergeError> {
    match content {
        Content::Plain(value) => to.put(map, key, scalar(value)),
        Content::Text(text) => {
            let object = to.put_object(map, key, ObjType::Text)?;
            to.splice_text(&object, 0, 0, text)
        }
        Content::Map(entries) => {
            let object = to.put_object(map, key, ObjType::Map)?;
            entries.iter().try_for_each(|(key, entry)| put(to, &object, key, entry))
        }
    }
}

/// How many items beside this one are key points.
fn highlights(to: &Transaction<'_>, past: &Past, item: Object) -> Result<usize, AutomergeError> {
    let Some((items, _)) = item.and_then(|item| past.home(item)) else { return Ok(0) };
    let items = object(past, *items);
    let keys: Vec<String> = to.keys(&items).collect();
    let mut count = 0;
    for key in keys {
        let Some((_, item)) = to.get(&items, key.as_str())? else { continue };
        let flag = |key| {
            let value = to.get(&item, key).ok().flatten();
            value.is_some_and(|(value, _)| value == Value::from(true))
        };
        count += usize::from(flag("highlight") && !flag("removed"));
    }
    Ok(count)
}

fn object(past: &Past, object: Object) -> ObjId {
    match object {
        None => ObjId::Root,
        Some(id) => ObjId::Id(id.counter, ActorId::from(past.actor(id)), id.actor),
    }
}

fn scalar(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Flag(flag) => ScalarValue::Boolean(*flag),
        Scalar::Unsigned(number) => ScalarValue::Uint(*number),
        Scalar::Signed(number) => ScalarValue::Int(*number),
        Scalar::Float(number) => ScalarValue::F64(*number),
        Scalar::Text(text) => ScalarValue::Str((&**text).into()),
        Scalar::Bytes(bytes) => ScalarValue::Bytes(bytes.to_vec()),
        Scalar::Timestamp(moment) => ScalarValue::Timestamp(*moment),
    }
}
