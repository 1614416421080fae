//! The second fold: of the log's records alone, one event at a time.
//!
//! The live fold takes what the hub hears, as it hears it. This one decodes what is on the disk,
//! as a server would that starts now. Wherever the two differ, something is shown that the log
//! does not hold, or held back that it does.

use std::slice;
use std::sync::Arc;

use oogst_core::gathering::Fold;
use oogst_core::view::GatheringView;
use oogst_protocol::event::Event;
use oogst_protocol::ids::{GatheringId, Seq};

use super::disk::Disk;

/// What the records say, as far as they were read.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) fold: Fold,
    pub(super) view: GatheringView,
}

impl Replay {
    pub(super) fn new(gathering: GatheringId) -> Self {
        Self { fold: Fold::default(), view: GatheringView::new(gathering) }
    }

    /// Reads on up to the event `upto`.
    pub(super) fn follow(&mut self, disk: &Disk, upto: Seq) {
        let place = |seq: Seq| usize::try_from(seq.0).unwrap();
        let records = &disk.records()[place(self.view.covered())..place(upto)];
        for record in records {
            let event = Arc::new(Event::decode(record).unwrap());
            assert_eq!(event.seq, self.view.covered().next(), "the log has a gap");
            self.fold.fold(&event.entry);
            self.view.fold(slice::from_ref(&event)).unwrap();
        }
    }
}
