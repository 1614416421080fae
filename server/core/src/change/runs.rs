//! Run-length encoded columns, read one row at a time and in one spelling only.
//!
//! A count costs nothing until its rows are asked for, and whoever reads a column asks for as
//! many rows as the change has operations: so a run of a thousand million is refused at the end,
//! unread.

use super::ChangeFault;
use super::cursor::Cursor;

/// What stands in a run.
pub(super) trait Cell<'a>: Copy + PartialEq {
    fn read(input: &mut Cursor<'a>) -> Result<Self, ChangeFault>;
}

impl Cell<'_> for u64 {
    fn read(input: &mut Cursor<'_>) -> Result<Self, ChangeFault> {
        input.unsigned()
    }
}

impl Cell<'_> for i64 {
    fn read(input: &mut Cursor<'_>) -> Result<Self, ChangeFault> {
        input.signed()
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(input: &mut Cursor<'a>) -> Result<Self, ChangeFault> {
        let length = input.length()?;
        std::str::from_utf8(input.take(length)?).map_err(|_| input.fault())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Run {
    Start,
    Repeated,
    Literal,
    Null,
}

/// A column of optional values.
pub(super) struct Runs<'a, V> {
    input: Cursor<'a>,
    run: Run,
    left: u64,
    last: Option<V>,
    absent: bool,
    any: bool,
}

impl<'a, V: Cell<'a>> Runs<'a, V> {
    pub(super) const fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self {
            input: Cursor::new(bytes, part),
            run: Run::Start,
            left: 0,
            last: None,
            absent: bytes.is_empty(),
            any: false,
        }
    }

    /// The next row. A column that is absent holds nothing in every row.
    pub(super) fn next(&mut self) -> Result<Option<V>, ChangeFault> {
        if self.absent {
            return Ok(None);
        }
        if self.left == 0 {
            self.open()?;
        }
        self.left -= 1;
        match self.run {
            Run::Null => Ok(None),
            Run::Repeated => Ok(self.last),
            Run::Start | Run::Literal => self.literal(),
        }
    }

    /// The next row of a column that has a value in each.
    pub(super) fn value(&mut self) -> Result<V, ChangeFault> {
        self.next()?.ok_or_else(|| self.input.fault())
    }

    fn literal(&mut self) -> Result<Option<V>, ChangeFault> {
        let value = V::read(&mut self.input)?;
        // Two equal neighbours are a run.
        if self.last == Some(value) {
            return Err(self.input.fault());
        }
        self.last = Some(value);
        Ok(self.last)
    }

    fn open(&mut self) -> Result<(), ChangeFault> {
        let before = self.run;
        let count = self.input.signed()?;
        let magnitude = count.unsigned_abs();
        if count == 0 {
            self.left = self.input.unsigned()?;
            self.last = None;
            self.run = Run::Null;
            if self.left == 0 || before == Run::Null {
                return Err(self.input.fault());
            }
        } else if count > 0 {
            let value = V::read(&mut self.input)?;
            if count == 1 || self.last == Some(value) {
                return Err(self.input.fault());
            }
            self.left = magnitude;
            self.last = Some(value);
            self.run = Run::Repeated;
            self.any = true;
        } else {
            if before == Run::Literal {
                return Err(self.input.fault());
            }
            self.left = magnitude;
            self.run = Run::Literal;
            self.any = true;
        }
        Ok(())
    }

    /// All rows were asked for: nothing may be left, and an empty column is left out.
    pub(super) fn finish(&self) -> Result<(), ChangeFault> {
        let whole = self.left == 0 && self.input.is_empty() && (self.absent || self.any);
        if whole { Ok(()) } else { Err(self.input.fault()) }
    }

    /// How many rows there are, up to `most`; reads the column once, without its rows.
    pub(super) fn count(mut self, most: usize) -> Result<usize, ChangeFault> {
        let mut rows = 0_u64;
        while !self.input.is_empty() {
            self.open()?;
            rows = rows.saturating_add(self.left);
            if rows > most as u64 {
                return Err(ChangeFault::TooMuch { what: "operations", most });
            }
            while self.run == Run::Literal && self.left > 0 {
                self.literal()?;
                self.left -= 1;
            }
        }
        usize::try_from(rows).map_err(|_| self.input.fault())
    }
}

/// A column of optional numbers, each stored as the difference from the one before it.
pub(super) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    last: i64,
}

impl<'a> Deltas<'a> {
    pub(super) const fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { runs: Runs::new(bytes, part), last: 0 }
    }

    /// The next row, never below zero.
    pub(super) fn next(&mut self) -> Result<Option<u64>, ChangeFault> {
        let Some(delta) = self.runs.next()? else { return Ok(None) };
        self.last = self.last.checked_add(delta).ok_or_else(|| self.runs.input.fault())?;
        u64::try_from(self.last).map(Some).map_err(|_| self.runs.input.fault())
    }

    pub(super) fn finish(&self) -> Result<(), ChangeFault> {
        self.runs.finish()
    }
}

/// A column of flags: how many are false, then how many are true, and so on.
pub(super) struct Flags<'a> {
    input: Cursor<'a>,
    left: u64,
    value: bool,
    first: bool,
}

impl<'a> Flags<'a> {
    pub(super) const fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { input: Cursor::new(bytes, part), left: 0, value: true, first: true }
    }

    pub(super) fn next(&mut self) -> Result<bool, ChangeFault> {
        while self.left == 0 {
            self.left = self.input.unsigned()?;
            self.value = !self.value;
            // Only the first run, of those that are false, may be empty.
            if self.left == 0 && !self.first {
                return Err(self.input.fault());
            }
            self.first = false;
        }
        self.left -= 1;
        Ok(self.value)
    }

    pub(super) fn finish(&self) -> Result<(), ChangeFault> {
        if self.left == 0 { self.input.finish() } else { Err(self.input.fault()) }
    }
}
