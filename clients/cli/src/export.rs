//! `oogst export`: the harvest as a file.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use oogst_client::Download;
use oogst_protocol::api::{Attribution, ExportFormat};
use serde::de::value::Error as WordError;
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::Failure;
use crate::options::AsMember;

/// Writes the harvest to a file.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write.
    #[arg(long, default_value = ExportFormat::Markdown.ending(),
        value_parser = one_of::<ExportFormat>(&ExportFormat::ALL.map(ExportFormat::ending)))]
    format: ExportFormat,
    /// What to say of who contributed; never more than they agreed to.
    #[arg(long, default_value = Attribution::None.word(),
        value_parser = one_of::<Attribution>(&Attribution::ALL.map(Attribution::word)))]
    attribution: Attribution,
    /// File to write; it is there whole or not at all, and replaces one of that name
    /// [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    member: AsMember,
}

/// Reads one of the protocol's own words, and lists them where it is none.
fn one_of<Value>(words: &[&'static str]) -> impl TypedValueParser<Value = Value>
where
    Value: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let read = |word: String| Value::deserialize(word.into_deserializer());
    PossibleValuesParser::new(words).try_map(read as fn(_) -> Result<_, WordError>)
}

impl Export {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let shown = self.output.is_none() && std::io::stdout().is_terminal();
        if shown && matches!(self.format, ExportFormat::Docx | ExportFormat::Pdf) {
            let what = "this is nothing for a terminal: name a file with --output FILE";
            return Err(Failure::Usage(what.to_owned()));
        }
        let access = self.member.access()?;
        let download = access.export(self.format, self.attribution).await?;
        save(download, self.output.as_deref(), Trusting).await
    }
}

/// Looks at what goes by, and says at the end whether it is a whole file.
pub(crate) trait Witness {
    /// The next piece.
    fn see(&mut self, piece: &[u8]);

    /// # Errors
    ///
    /// What is wrong with the file, and what would be right.
    fn judge(&self) -> Result<(), &'static str>;
}

/// For files that do not say where they end: the line says it.
struct Trusting;

impl Witness for Trusting {
    fn see(&mut self, _piece: &[u8]) {}

    fn judge(&self) -> Result<(), &'static str> {
        Ok(())
    }
}

/// Writes a download to a file, or to the standard output. A file gets its name only when all of
/// it is there and the witness finds nothing wrong.
pub(crate) async fn save(
    mut download: Download,
    output: Option<&Path>,
    witness: impl Witness,
) -> Result<(), Failure> {
    let Some(path) = output else {
        let mut out = std::io::stdout();
        while let Some(piece) = download.piece().await? {
            out.write_all(&piece).map_err(Failure::Output)?;
        }
        return out.flush().map_err(Failure::Output);
    };
    // Beside its place, so that renaming it there replaces what was there at once.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let done = fill(download, &part, witness).await.and_then(|()| {
        let what = "it could not be put in its place";
        let failed = |source| Failure::File { path: path.to_owned(), what, source };
        std::fs::rename(&part, path).map_err(failed)
    });
    if done.is_err() {
        // It may not even have been made.
        std::fs::remove_file(&part).ok();
    }
    done
}

async fn fill(
    mut download: Download,
    part: &Path,
    mut witness: impl Witness,
) -> Result<(), Failure> {
    let what = "it could not be written";
    let failed = |source| Failure::File { path: part.to_owned(), what, source };
    let mut file = File::create(part).map_err(failed)?;
    while let Some(piece) = download.piece().await? {
        witness.see(&piece);
        file.write_all(&piece).map_err(failed)?;
    }
    let wrong = |what: &str| Failure::Content { path: part.to_owned(), what: what.to_owned() };
    witness.judge().map_err(wrong)?;
    file.sync_all().map_err(failed)
}
