//! The walk over a message before anything of it is read.
//!
//! One pass proves the whole frame harmless: every length definite and within the frame, nesting
//! and number of items bounded, no key twice. What it finds is the place of each field's value;
//! reading a field afterwards cannot meet a surprise larger than the field's own bound.

use std::collections::BTreeSet;
use std::ops::Range;

use minicbor::Decoder;
use minicbor::data::Type;

use super::decode::DecodeError;
use crate::limits::{MESSAGE_DEPTH_MAX, MESSAGE_ITEMS_MAX};

/// The fields of a message: each key with the place of its value in the frame.
pub(super) struct Fields<'b> {
    frame: &'b [u8],
    places: Vec<(&'b str, Range<usize>)>,
}

impl<'b> Fields<'b> {
    /// Walks over a whole frame, which must hold exactly one map with text keys.
    pub(super) fn scan(frame: &'b [u8]) -> Result<Self, DecodeError> {
        let mut walk = Walk { decoder: Decoder::new(frame), frame, items: 0 };
        let count = walk.head(Decoder::map)?;
        let mut places: Vec<(&'b str, Range<usize>)> = Vec::new();
        for _ in 0..count {
            walk.count()?;
            let key = walk.decoder.str().map_err(DecodeError::NotCbor)?;
            // A list: a message has few fields, and the walk counts them.
            if places.iter().any(|(known, _)| *known == key) {
                return Err(DecodeError::DuplicateKey);
            }
            let start = walk.decoder.position();
            walk.value(1)?;
            places.push((key, start..walk.decoder.position()));
            if places.len() > FIELDS_MAX {
                return Err(DecodeError::TooManyItems { limit: FIELDS_MAX });
            }
        }
        match walk.decoder.position() {
            end if end == frame.len() => Ok(Self { frame, places }),
            end => Err(DecodeError::Trailing { found_bytes: frame.len() - end }),
        }
    }

    /// A decoder at a field's value; `None` where the field is absent, `null` or `undefined`.
    pub(super) fn value(&self, key: &str) -> Option<Decoder<'b>> {
        let (_, place) = self.places.iter().find(|(known, _)| *known == key)?;
        let decoder = Decoder::new(&self.frame[place.clone()]);
        match decoder.datatype() {
            Ok(Type::Null | Type::Undefined) => None,
            _ => Some(decoder),
        }
    }

    /// The fields of a map that is a field's value, already walked over with the frame.
    pub(super) fn nested(value: &Decoder<'b>) -> Result<Self, DecodeError> {
        Self::scan(value.input())
    }
}

/// Most fields of one message; the protocol's longest has eight.
const FIELDS_MAX: usize = 64;

struct Walk<'b> {
    decoder: Decoder<'b>,
    frame: &'b [u8],
    items: usize,
}

impl<'b> Walk<'b> {
    fn count(&mut self) -> Result<(), DecodeError> {
        self.items += 1;
        if self.items > MESSAGE_ITEMS_MAX {
            return Err(DecodeError::TooManyItems { limit: MESSAGE_ITEMS_MAX });
        }
        Ok(())
    }

    /// The length in the head of a map or array. What it promises must fit: an item has a byte.
    fn head(
        &mut self,
        read: fn(&mut Decoder<'b>) -> Result<Option<u64>, minicbor::decode::Error>,
    ) -> Result<usize, DecodeError> {
        let length = read(&mut self.decoder).map_err(DecodeError::NotCbor)?;
        let length = length.ok_or(DecodeError::Indefinite)?;
        let remaining = self.frame.len() - self.decoder.position();
        usize::try_from(length)
            .ok()
            .filter(|length| *length <= remaining)
            .ok_or(DecodeError::LengthBeyondFrame { remaining_bytes: remaining })
    }

    /// Passes over one value that stands `depth` containers deep.
    fn value(&mut self, depth: usize) -> Result<(), DecodeError> {
        if depth > MESSAGE_DEPTH_MAX {
            return Err(DecodeError::TooDeep { limit: MESSAGE_DEPTH_MAX });
        }
        self.count()?;
        match self.decoder.datatype().map_err(DecodeError::NotCbor)? {
            Type::Map => self.map(depth),
            Type::Array => {
                let count = self.head(Decoder::array)?;
                (0..count).try_for_each(|_| self.value(depth + 1))
            }
            Type::Tag => {
                self.decoder.tag().map_err(DecodeError::NotCbor)?;
                self.value(depth + 1)
            }
            Type::String => self.decoder.str().map(drop).map_err(DecodeError::NotCbor),
            Type::Bytes => self.decoder.bytes().map(drop).map_err(DecodeError::NotCbor),
            Type::MapIndef | Type::ArrayIndef | Type::StringIndef | Type::BytesIndef => {
                Err(DecodeError::Indefinite)
            }
            Type::Bool
            | Type::Null
            | Type::Undefined
            | Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::I8
            | Type::I16
            | Type::I32
            | Type::I64
            | Type::Int
            | Type::F16
            | Type::F32
            | Type::F64
            | Type::Simple => self.decoder.skip().map_err(DecodeError::NotCbor),
            Type::Break | Type::Unknown(_) => Err(DecodeError::Indefinite),
        }
    }

    fn map(&mut self, depth: usize) -> Result<(), DecodeError> {
        let count = self.head(Decoder::map)?;
        let mut keys = BTreeSet::new();
        for _ in 0..count {
            let start = self.decoder.position();
            self.value(depth + 1)?;
            if !keys.insert(&self.frame[start..self.decoder.position()]) {
                return Err(DecodeError::DuplicateKey);
            }
            self.value(depth + 1)?;
        }
        Ok(())
    }
}
