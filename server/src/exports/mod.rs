//! Files of the harvest in every format, made on threads that serve nobody.
//!
//! Texts are rendered by the core; the two that need more, DOCX and PDF, are here. A render is
//! work without waiting and may take a second: few run at once, some wait, more are refused.
//! Equal models give equal bytes: no clock, no random id. Way in: [`Renders::render`].
//! Not here: who may be named, which the model has settled, and who may ask.

mod direction;
mod docx;
mod pdf;

use std::sync::Arc;

use oogst_core::export;
use oogst_protocol::api::{ExportFormat, HarvestExport};
use tokio::sync::Semaphore;

/// Renders that run at once: a second core stays free for whoever writes.
const RUNNING_MAX: usize = 2;

/// Renders that run or wait; more are refused at once.
const WAITING_MAX: usize = 32;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Load: too many wait already.
    #[error("too many exports wait; ask again")]
    Overload,
    /// The caller's: the harvest is too long for the format.
    #[error("{why}")]
    TooLong {
        /// The bound, and what would be right.
        why: String,
    },
    /// Ours: the renderer failed.
    #[error("a harvest could not be written as {format:?}")]
    Broken {
        /// As what.
        format: ExportFormat,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Where files are made. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renders {
    waiting: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Renders {
    pub(crate) fn new() -> Self {
        let seats = |most| Arc::new(Semaphore::new(most));
        Self { waiting: seats(WAITING_MAX), running: seats(RUNNING_MAX) }
    }

    /// Makes a file.
    ///
    /// # Errors
    ///
    /// [`RenderError`] says whose fault it is.
    pub(crate) async fn render(
        &self,
        export: HarvestExport,
        format: ExportFormat,
    ) -> Result<Vec<u8>, RenderError> {
        let seat = self.waiting.clone().try_acquire_owned().map_err(|_| RenderError::Overload)?;
        let turn = self.running.clone().acquire_owned().await;
        let broken = |source| RenderError::Broken { format, source };
        let turn = turn.map_err(|closed| broken(closed.into()))?;
        // The seats go along: whoever no longer waits for the file must not make room for more.
        let work = move || {
            let file = render(&export, format);
            drop((seat, turn));
            file
        };
        tokio::task::spawn_blocking(work).await.map_err(|fault| broken(fault.into()))?
    }
}

/// The file's bytes. Takes up to a second; blocks.
///
/// # Errors
///
/// [`RenderError::TooLong`] and [`RenderError::Broken`].
pub fn render(export: &HarvestExport, format: ExportFormat) -> Result<Vec<u8>, RenderError> {
    match format {
        ExportFormat::Markdown => Ok(export::markdown(export).into_bytes()),
        ExportFormat::Html => Ok(export::html(export).into_bytes()),
        ExportFormat::Csv => Ok(export::csv(export).into_bytes()),
        ExportFormat::Json => Ok(export::json(export).into_bytes()),
        ExportFormat::Docx => {
            docx::docx(export).map_err(|error| RenderError::Broken { format, source: error.into() })
        }
        ExportFormat::Pdf => pdf::pdf(export).map_err(|error| match error {
            pdf::PdfError::TooLong => RenderError::TooLong { why: error.to_string() },
            pdf::PdfError::Broken(_) => RenderError::Broken { format, source: error.into() },
        }),
    }
}

/// Longest name of a file, in characters, without its ending.
const FILE_NAME_CHARACTERS_MAX: usize = 80;

/// A `Content-Disposition` whose name holds letters and digits of ASCII alone, so that no program
/// on the way has to guess: `2026-11-21-startdag.pdf`.
pub(crate) fn file_name(title: &str, date: Option<&str>, format: ExportFormat) -> String {
    let mut name = date.map(|date| format!("{date}-")).unwrap_or_default();
    for letter in title.chars() {
        let plain = match letter.to_ascii_lowercase() {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'Á' | 'À' | 'Â' | 'Ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Î' | 'Ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ô' | 'Ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Û' | 'Ü' => 'u',
            'ç' | 'Ç' => 'c',
            'ñ' | 'Ñ' => 'n',
            plain => plain,
        };
        let plain = if plain.is_ascii_alphanumeric() { plain } else { '-' };
        if plain != '-' || !name.ends_with('-') {
            name.push(plain);
        }
    }
    let name: String = name.chars().take(FILE_NAME_CHARACTERS_MAX).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "oogst" } else { name };
    format!("attachment; filename=\"{name}.{}\"", format.ending())
}

#[cfg(test)]
mod tests {
    use oogst_protocol::api::{Attribution, HARVEST_FORMAT, HARVEST_FORMAT_VERSION, Outside};
    use oogst_protocol::ids::{GatheringId, Seq};

    use super::*;

    #[test]
    fn a_file_is_called_after_its_gathering_in_letters_that_every_program_reads() {
        let name = |title, date| file_name(title, date, ExportFormat::Markdown);
        let of = |name: &str| format!("attachment; filename=\"{name}.md\"");
        assert_eq!(name("Startdag: één netwerk!", None), of("startdag-een-netwerk"));
        assert_eq!(name("\"\r\nX: y", Some("2026-11-21")), of("2026-11-21-x-y"));
        assert_eq!(name("العربية", None), of("oogst"));
        assert_eq!(name(&"a".repeat(500), None), of(&"a".repeat(80)));
    }

    fn empty() -> HarvestExport {
        HarvestExport {
            format: HARVEST_FORMAT.to_owned(),
            version: HARVEST_FORMAT_VERSION,
            gathering: GatheringId::new(uuid::Uuid::from_u128(7)),
            seq: Seq(1),
            title: String::new(),
            date: None,
            language: "nl-BE".to_owned(),
            attribution: Attribution::None,
            outside: Outside::Inline,
            withheld: 0,
            groups: Vec::new(),
        }
    }

    #[tokio::test]
    async fn more_renders_than_may_wait_are_refused_at_once() {
        let renders = Renders::new();
        let most = u32::try_from(WAITING_MAX).unwrap();
        let others = renders.waiting.clone().try_acquire_many_owned(most).unwrap();
        let refused = renders.render(empty(), ExportFormat::Markdown).await;
        assert!(matches!(refused, Err(RenderError::Overload)), "{refused:?}");
        drop(others);
        let file = renders.render(empty(), ExportFormat::Markdown).await.unwrap();
        assert_eq!(file, b"# \n");
    }
}
