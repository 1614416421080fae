//! What goes out of a gathering as a file, and what comes in as one.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use oogst_protocol::api::{Attribution, ExportFormat, File};
use oogst_protocol::ids::{DocumentId, FileId};

use crate::{Access, ClientError};

impl Access {
    /// The harvest as a file, piece by piece.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn export(
        &self,
        format: ExportFormat,
        attribution: Attribution,
    ) -> Result<Download, ClientError> {
        let (ending, attribution) = (format.ending(), attribution.word());
        self.download(&format!("/export.{ending}?attribution={attribution}")).await
    }

    /// The gathering in one file, piece by piece. Facilitators.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn archive(&self) -> Result<Download, ClientError> {
        self.download("/archive").await
    }

    /// A stakeholder map or an action plan as a table (CSV), piece by piece.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 409 where its kind is no table.
    pub async fn table(&self, document: DocumentId) -> Result<Download, ClientError> {
        self.download_at(&format!("/api/documents/{document}/export.csv")).await
    }

    /// Adds an image to a document in which the holder of the token may write: JPEG, PNG or WebP,
    /// at most 12 MiB and 50 megapixels. It is shown where an item's `photos` name it. Made again
    /// after an answer that was lost, the request adds another file.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 403 where they may not write there, 415 where it is
    /// no such image.
    pub async fn add_photo(
        &self,
        document: DocumentId,
        image: impl Into<Bytes>,
    ) -> Result<File, ClientError> {
        let path = self.path(&format!("/files?document={document}"));
        self.server().upload(self.request("POST", &path), image.into()).await
    }

    /// An image that was added: a JPEG, whatever it came as, upright and without its place.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is; 404 where there is none for the holder of the token.
    pub async fn photo(&self, file: FileId) -> Result<Bytes, ClientError> {
        let path = format!("/api/files/{file}");
        self.server().bytes(self.request("GET", &path)).await
    }

    async fn download(&self, rest: &str) -> Result<Download, ClientError> {
        self.download_at(&self.path(rest)).await
    }

    async fn download_at(&self, path: &str) -> Result<Download, ClientError> {
        let answer = self.server().send(self.request("GET", path), None).await?;
        Ok(Download { body: answer.into_body() })
    }
}

/// A file that is coming, in pieces as the line brings them: it may be larger than memory.
#[derive(Debug)]
pub struct Download {
    body: Incoming,
}

impl Download {
    /// The next piece; nothing at the end of the file.
    ///
    /// # Errors
    ///
    /// The line's: what came so far is not the whole file.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            match self.body.frame().await.transpose().map_err(ClientError::unreachable)? {
                None => return Ok(None),
                Some(frame) => match frame.into_data() {
                    Ok(data) if data.is_empty() => {}
                    Ok(data) => return Ok(Some(data)),
                    Err(_trailers) => {}
                },
            }
        }
    }
}
