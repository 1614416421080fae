//! What a replay's time bar shows.

use oogst_protocol::api::{Chapter, History};
use oogst_protocol::schema::DocumentKind;

use super::GatheringView;

impl GatheringView {
    /// The day in at most `buckets` equal spans of time, and the blocks that were started.
    #[must_use]
    pub fn history(&self, buckets: usize) -> History {
        let programme = self.first_of(DocumentKind::Programme);
        let mut chapters: Vec<Chapter> = Vec::new();
        for started in &self.course.blocks {
            let title = programme.map_or_else(String::new, |view| view.block_title(started.block));
            let (block, from, to) = (started.block, started.from, started.to);
            chapters.push(Chapter { block, title, from, to, seq: started.seq });
        }
        let (first, last) = (self.course.first(), self.covered());
        History { first, last, buckets: self.course.buckets(buckets), chapters }
    }
}
