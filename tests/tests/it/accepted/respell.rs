//! The same change in another spelling: its columns encoded otherwise, its checksum mended.
//!
//! Automerge reads most of these as the same operations, and writes them back in its own spelling,
//! under another hash. So the law's last half decides here: what is saved loads again.

use automerge::Change;
use bytes::Bytes;

use super::chunks::{body, chunk};
use super::random::Random;

/// One column: its specification, whose low three bits are its type, and its bytes.
struct Column {
    kind: u64,
    data: Vec<u8>,
}

/// A column's runs: how many rows, and their cell as it is encoded; nothing is null.
type Runs = Vec<(u64, Option<Vec<u8>>)>;

/// Spells the last of some changes otherwise; those before it stay.
pub(super) fn bend(changes: &[Change], random: &mut Random) -> Vec<Bytes> {
    let mut chunks: Vec<Bytes> =
        changes.iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect();
    if let (Some(last), Some(chunk_of_last)) = (changes.last(), chunks.last_mut())
        && let Some(other) = respell(last, random)
    {
        *chunk_of_last = chunk(&other);
    }
    chunks
}

fn respell(change: &Change, random: &mut Random) -> Option<Vec<u8>> {
    let body = body(change);
    let (before, mut columns, after) = split(&body, change)?;
    let place = random.below(columns.len());
    let column = &mut columns[place];
    column.data = match column.kind & 7 {
        4 if random.once_in(2) => [&column.data[..], &[0]].concat(),
        4 => [&[0, 0][..], &column.data].concat(),
        7 => return None,
        _ => {
            let mut runs = read(column)?;
            bend_runs(&mut runs, random);
            write(&runs, random)
        }
    };
    if random.once_in(8) {
        columns.swap_remove(place);
    }
    let mut other = before.to_vec();
    unsigned(&mut other, columns.len() as u64);
    for column in &columns {
        unsigned(&mut other, column.kind);
        unsigned(&mut other, column.data.len() as u64);
    }
    columns.iter().for_each(|column| other.extend(&column.data));
    other.extend(after);
    Some(other)
}

/// What stands before the columns, the columns, what stands after them.
fn split<'a>(body: &'a [u8], change: &Change) -> Option<(&'a [u8], Vec<Column>, &'a [u8])> {
    let mut rest = body;
    let count = read_unsigned(&mut rest)?;
    rest = rest.get(usize::try_from(count).ok()? * 32..)?;
    skip(&mut rest)?;
    for _ in 0..3 {
        read_unsigned(&mut rest)?;
    }
    skip(&mut rest)?;
    for _ in 0..read_unsigned(&mut rest)? {
        skip(&mut rest)?;
    }
    let before = &body[..body.len() - rest.len()];
    let mut heads = Vec::new();
    for _ in 0..read_unsigned(&mut rest)? {
        heads.push((read_unsigned(&mut rest)?, usize::try_from(read_unsigned(&mut rest)?).ok()?));
    }
    let mut columns = Vec::new();
    for (kind, length) in heads {
        let (data, left) = rest.split_at_checked(length)?;
        columns.push(Column { kind, data: data.to_vec() });
        rest = left;
    }
    assert_eq!(rest, change.extra_bytes(), "the columns were found");
    (!columns.is_empty()).then_some((before, columns, rest))
}

fn skip(rest: &mut &[u8]) -> Option<()> {
    let length = usize::try_from(read_unsigned(rest)?).ok()?;
    *rest = rest.get(length..)?;
    Some(())
}

fn read_unsigned(rest: &mut &[u8]) -> Option<u64> {
    let end = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let (bytes, left) = rest.split_at(end);
    *rest = left;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)))
}

fn unsigned(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
}

fn read(column: &Column) -> Option<Runs> {
    let mut rest = &column.data[..];
    let mut runs = Runs::new();
    while !rest.is_empty() {
        let encoded = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let last = rest[encoded - 1];
        let magnitude = read_unsigned(&mut rest)?;
        if magnitude == 0 {
            runs.push((read_unsigned(&mut rest)?, None));
        } else if last & 0x40 == 0 {
            runs.push((magnitude, Some(cell(column, &mut rest)?)));
        } else {
            let width = u64::try_from(encoded).ok()? * 7;
            for _ in 0..(1_u64 << width) - magnitude {
                runs.push((1, Some(cell(column, &mut rest)?)));
            }
        }
    }
    Some(runs)
}

/// One cell, as it is encoded: a number, or a string with its length.
fn cell(column: &Column, rest: &mut &[u8]) -> Option<Vec<u8>> {
    let whole = *rest;
    let number = read_unsigned(rest)?;
    if column.kind & 7 == 5 {
        *rest = rest.get(usize::try_from(number).ok()?..)?;
    }
    Some(whole[..whole.len() - rest.len()].to_vec())
}

fn bend_runs(runs: &mut Runs, random: &mut Random) {
    if runs.is_empty() {
        return;
    }
    let place = random.below(runs.len());
    let (count, value) = runs[place].clone();
    match random.below(4) {
        // A run in two.
        0 if count > 1 => {
            runs[place].0 = 1;
            runs.insert(place + 1, (count - 1, value));
        }
        // Trailing nulls, more or fewer.
        1 => runs.push((1 + random.below(3) as u64, None)),
        2 if runs.last().is_some_and(|(_, value)| value.is_none()) => drop(runs.pop()),
        // A number that ends in an empty group of bits.
        _ => {
            if let Some(value) = &mut runs[place].1
                && let Some(last) = value.last_mut()
                && *last & 0xc0 == 0
            {
                *last |= 0x80;
                value.push(0);
            }
        }
    }
}

/// Literals are runs of one, or one run of literals for each.
fn write(runs: &Runs, random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    let as_runs = random.once_in(4);
    let mut place = 0;
    while let Some((count, value)) = runs.get(place) {
        place += 1;
        match value {
            None => {
                bytes.push(0);
                unsigned(&mut bytes, *count);
            }
            Some(value) if *count == 1 && !as_runs => {
                let literals = runs[place - 1..].iter();
                let literals = literals.take_while(|(count, value)| *count == 1 && value.is_some());
                let most = 1 + random.below(60);
                let values: Vec<_> =
                    literals.take(most).filter_map(|(_, value)| value.as_ref()).collect();
                bytes.push(0x80 - u8::try_from(values.len()).unwrap());
                place += values.len() - 1;
                values.iter().for_each(|value| bytes.extend(*value));
                debug_assert!(values.first().is_some_and(|first| *first == value));
            }
            Some(value) => {
                let mut positive = Vec::new();
                unsigned(&mut positive, *count);
                if positive.last().is_some_and(|last| last & 0x40 != 0) {
                    *positive.last_mut().unwrap() |= 0x80;
                    positive.push(0);
                }
                bytes.extend(positive);
                bytes.extend(value);
            }
        }
    }
    bytes
}
