//! `oogst archive`: a whole gathering in one file, from which a server makes it again.

use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use crate::Failure;
use crate::export::{Witness, save};
use crate::options::AsMember;

/// Longest last line that is looked at, in bytes; an archive's own has about a hundred.
const END_BYTES_MAX: usize = 4 << 10;

/// Writes a whole gathering to one file.
#[derive(Debug, Args)]
pub(crate) struct Archive {
    /// File to write; it is there whole or not at all, and replaces one of that name.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    member: AsMember,
}

impl Archive {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let download = self.member.access()?.archive().await?;
        save(download, Some(&self.file), Tail::default()).await
    }
}

/// The last line of what goes by, and how many lines there were before it.
#[derive(Debug, Default)]
struct Tail {
    lines: u64,
    last: Vec<u8>,
    ended: bool,
}

/// What an archive ends with.
#[derive(Deserialize)]
struct End {
    line: String,
    lines: u64,
}

impl Witness for Tail {
    fn see(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            if std::mem::take(&mut self.ended) {
                self.lines += 1;
                self.last.clear();
            }
            let room = END_BYTES_MAX.saturating_sub(self.last.len());
            self.last.extend_from_slice(&part[..part.len().min(room)]);
            self.ended = part.ends_with(b"\n");
        }
    }

    /// Whether the archive's own end came, after as many lines as it says.
    fn judge(&self) -> Result<(), &'static str> {
        let end: Option<End> = serde_json::from_slice(&self.last).ok();
        match end {
            Some(End { line, lines }) if line == "end" && lines == self.lines => Ok(()),
            Some(_) | None => Err("the archive was cut short and is not kept: ask for it again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pieces: &[&str]) -> Result<(), &'static str> {
        let mut tail = Tail::default();
        for piece in pieces {
            tail.see(piece.as_bytes());
        }
        tail.judge()
    }

    #[test]
    fn an_archive_is_whole_where_its_end_came_after_as_many_lines_as_it_says() {
        let end = "{\"line\":\"end\",\"lines\":2,\"sha256\":\"x\"}\n";
        assert_eq!(taken(&["{}\n{", "}\n", end]), Ok(()));
        assert_eq!(taken(&["{}\n{}\n", &end[..9], &end[9..]]), Ok(()));
        assert!(taken(&["{}\n", end]).is_err(), "a line is missing");
        assert!(taken(&["{}\n{}\n"]).is_err() && taken(&[]).is_err());
    }
}
