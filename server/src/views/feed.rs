//! The live feed of one gathering, for one reader.
//!
//! A feed pulls: it holds its place in the log and asks for the next page when its reader wants
//! more, so a slow reader queues up nothing and slows nobody; it just reads later.

use std::sync::Arc;
use std::time::Instant;

use oogst_core::view::Filter;
use oogst_protocol::api::Line;
use oogst_protocol::ids::{GatheringId, Seq};
use tokio::sync::watch;

use super::calm::Calm;
use super::kept::now;
use super::{Page, ViewError, Views};

/// Most lines that a feed takes at a time.
const FEED_LINES_MAX: usize = 500;

/// What was missed, then what comes.
pub struct Feed {
    views: Views,
    gathering: GatheringId,
    /// The newest event that was taken in.
    through: Seq,
    filter: Arc<Filter>,
    grown: watch::Receiver<Seq>,
    calm: Calm,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("through", &self.through).finish_non_exhaustive()
    }
}

impl Feed {
    pub(super) fn new(
        views: Views,
        gathering: GatheringId,
        after: Seq,
        filter: Filter,
        grown: watch::Receiver<Seq>,
    ) -> Self {
        let (filter, calm) = (Arc::new(filter), Calm::default());
        Self { views, gathering, through: after, filter, grown, calm }
    }

    /// Waits for the next lines: never none, in order, with events whole.
    ///
    /// It may be cancelled and called again without loss.
    ///
    /// # Errors
    ///
    /// [`ViewError::Closed`] where the view left memory or the server stops, any other where it
    /// can't be read: the reader resumes after the last line that it got.
    pub async fn next(&mut self) -> Result<Vec<Line>, ViewError> {
        loop {
            let due = self.calm.release(Instant::now());
            if !due.is_empty() {
                return Ok(due);
            }
            if *self.grown.borrow_and_update() > self.through {
                let (gathering, through) = (self.gathering, self.through);
                let page = Page::after(through);
                let page = self.views.slice(gathering, page, FEED_LINES_MAX, &self.filter).await?;
                self.through = page.through;
                let out = self.calmed(page.lines);
                if !out.is_empty() {
                    return Ok(out);
                }
                continue;
            }
            let release = self.calm.due();
            let waiting = async {
                match release {
                    Some(due) => tokio::time::sleep_until(due.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.grown.changed() => changed.map_err(|_| ViewError::Closed)?,
                () = waiting => {}
            }
        }
    }

    fn calmed(&mut self, lines: Vec<Line>) -> Vec<Line> {
        let (moment, clock) = (now(), Instant::now());
        let mut out = Vec::new();
        let mut lines = lines.into_iter().peekable();
        while let Some(first) = lines.next() {
            let seq = first.seq;
            let mut event = vec![first];
            while let Some(line) = lines.next_if(|line| line.seq == seq) {
                event.push(line);
            }
            out.extend(self.calm.take(event, moment, clock));
        }
        out
    }
}
