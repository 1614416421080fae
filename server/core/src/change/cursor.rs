//! A reader over bytes that never reads past them, and takes each number in one spelling only.

use super::ChangeFault;

/// What is left to read of one part of a change.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    part: &'static str,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(rest: &'a [u8], part: &'static str) -> Self {
        Self { rest, part }
    }

    pub(super) const fn fault(&self) -> ChangeFault {
        ChangeFault::Malformed { what: self.part }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn finish(&self) -> Result<(), ChangeFault> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault()) }
    }

    pub(super) fn byte(&mut self) -> Result<u8, ChangeFault> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| self.fault())?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], ChangeFault> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.fault())?;
        self.rest = rest;
        Ok(taken)
    }

    /// An unsigned LEB128 of at most 64 bits, in its shortest form.
    pub(super) fn unsigned(&mut self) -> Result<u64, ChangeFault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let low = u64::from(byte & 0x7f);
            if shift == 63 && low > 1 {
                return Err(self.fault());
            }
            value |= low << shift;
            if byte & 0x80 == 0 {
                let overlong = byte == 0 && shift > 0;
                return if overlong { Err(self.fault()) } else { Ok(value) };
            }
        }
        Err(self.fault())
    }

    /// A signed LEB128 of at most 64 bits, in its shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, ChangeFault> {
        let mut value = 0_i64;
        let mut before = 0_u8;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let low = byte & 0x7f;
            if shift == 63 && !matches!(byte, 0 | 0x7f) {
                return Err(self.fault());
            }
            value |= i64::from(low) << shift;
            if byte & 0x80 == 0 {
                let repeats_sign =
                    (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if shift > 0 && repeats_sign {
                    return Err(self.fault());
                }
                if shift < 57 && byte & 0x40 != 0 {
                    value |= -1 << (shift + 7);
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(self.fault())
    }

    /// An unsigned number that is to fit in memory; what it counts is still to be bounded.
    pub(super) fn length(&mut self) -> Result<usize, ChangeFault> {
        usize::try_from(self.unsigned()?).map_err(|_| self.fault())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsigned(bytes: &[u8]) -> Result<u64, ChangeFault> {
        let mut cursor = Cursor::new(bytes, "a test");
        cursor.unsigned().and_then(|value| cursor.finish().map(|()| value))
    }

    fn signed(bytes: &[u8]) -> Result<i64, ChangeFault> {
        let mut cursor = Cursor::new(bytes, "a test");
        cursor.signed().and_then(|value| cursor.finish().map(|()| value))
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(unsigned(&[0x80, 0x01]), Ok(128));
        assert!(unsigned(&[0x81, 0x00]).is_err());
        let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(unsigned(&most), Ok(u64::MAX));
        assert!(unsigned(&[0xff; 11]).is_err());
        assert!(unsigned(&[0x80]).is_err());
        assert_eq!(signed(&[0x7f]), Ok(-1));
        assert_eq!(signed(&[0x80, 0x01]), Ok(128));
        assert_eq!(signed(&[0x80, 0x40]), Ok(-8192));
        assert!(signed(&[0xbf, 0x00]).is_err());
        assert_eq!(signed(&[0xff, 0x00]), Ok(127));
        assert!(signed(&[0x81, 0xff, 0x7f]).is_err());
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(signed(&least), Ok(i64::MIN));
    }
}
