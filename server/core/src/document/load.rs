//! What one message may cost.

use oogst_protocol::limits::{MESSAGE_INFLATED_BYTES_MAX, MESSAGE_OPERATIONS_MAX};

use crate::accept;
use crate::change::ChangeFault;

/// What the chunks of one message cost so far.
#[derive(Default)]
pub(super) struct Load {
    bytes: usize,
    operations: usize,
}

impl Load {
    pub(super) fn bytes(&mut self, bytes: usize) -> Result<(), accept::Fault> {
        self.bytes += bytes;
        let most = MESSAGE_INFLATED_BYTES_MAX;
        Self::check(self.bytes, "bytes in one message, inflated", most)
    }

    pub(super) fn operations(&mut self, operations: usize) -> Result<(), accept::Fault> {
        self.operations += operations;
        Self::check(self.operations, "operations in one message", MESSAGE_OPERATIONS_MAX)
    }

    fn check(found: usize, what: &'static str, most: usize) -> Result<(), accept::Fault> {
        if found > most { Err(ChangeFault::TooMuch { what, most }.into()) } else { Ok(()) }
    }
}
