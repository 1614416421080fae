//! Files of a document: adding an image, reading it.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ContentEncoding, VARY,
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use futures_util::StreamExt;
use oogst_core::port::{self, Caller, Command, NewFile};
use oogst_protocol::api::{self, Problem};
use oogst_protocol::ids::{ChangeHash, DocumentId, FileId, GatheringId};
use serde::Deserialize;
use sha2::Digest;
use uuid::Uuid;

use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};
use crate::files::picture::{IMAGE_BYTES_MAX, MEDIA_TYPE, NotAPicture, Picture};
use crate::files::{Busy, Files};

/// How long a browser may keep a file, in seconds: what an id stands for never changes.
const CACHE: &str = "private, max-age=31536000, immutable";

/// Most files and MiB of files in one gathering; 0: no bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileLimits {
    /// Files.
    pub(crate) files_max: u32,
    /// MiB of all of them together.
    pub(crate) mebibytes_max: u32,
}

/// Which document a file is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    document: DocumentId,
}

/// Adds an image to a document, for those who may write in it. The body is the image itself: JPEG,
/// PNG or WebP, of at most 12 MiB and 50 megapixels; it is read by what it holds, whatever its
/// `Content-Type` says. What is kept is an upright JPEG of at most 400 KiB, without place, time or
/// anything else that stood beside the pixels.
#[utoipa::path(
    tag = "documents",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("document" = DocumentId, Query, description = "The document whose rights the file gets"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file", body = api::File),
        (status = 400, description = "No document was named, or the image is broken",
            body = Problem),
        (status = 403, description = "Not somebody who may write there", body = Problem),
        (status = 404, description = "No such gathering or document", body = Problem),
        (status = 408, description = "The image took too long to come", body = Problem),
        (status = 409, description = "The gathering has its most files", body = Problem),
        (status = 413, description = "The image is too large", body = Problem),
        (status = 415, description = "No JPEG, PNG or WebP", body = Problem),
        (status = 503, description = "Too many images come at once", body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/files")]
pub(super) async fn add_file(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    query: web::Query<Target>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (gathering, document) = (gathering.into_inner(), query.document);
    let caller = identity.caller_in(gathering)?;
    let seen = app.ask.document(gathering, caller, document).await?;
    let (true, Caller::Member(participant)) = (seen.writable, caller) else {
        return Err(ApiError::Forbidden { who: "whoever may write in this document now" });
    };
    let room = app.uploads.take(gathering, participant)?;
    let picture = app.uploads.picture(body(&request, payload).await?, room).await?;
    let file = FileId::new(Uuid::new_v4());
    let added = api::File {
        id: file,
        document,
        media_type: MEDIA_TYPE.to_owned(),
        length_bytes: picture.bytes.len() as u64,
        width: picture.width,
        height: picture.height,
    };
    let new = NewFile {
        file,
        document,
        media_type: MEDIA_TYPE.to_owned(),
        length_bytes: added.length_bytes,
        sha256: ChangeHash(sha2::Sha256::digest(&picture.bytes).into()),
        files_max: app.file_limits.files_max as usize,
        mebibytes_max: app.file_limits.mebibytes_max as usize,
    };
    app.add(gathering, caller, new, picture).await?;
    Ok(HttpResponse::build(StatusCode::CREATED)
        .insert_header(("Location", format!("/api/files/{file}")))
        .json(added))
}

/// The bytes of a file, for those who may read its document.
#[utoipa::path(
    tag = "documents",
    params(("file" = FileId, Path, description = "The file")),
    responses(
        (status = 200, description = "The image", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 404, description = "None, erased, or not the caller's", body = Problem),
        (status = 503, description = "The server has too much to do", body = Problem),
    ),
)]
#[get("/api/files/{file}")]
pub(super) async fn read_file(
    app: web::Data<App>,
    identity: Identity,
    file: web::Path<FileId>,
) -> Result<HttpResponse, ApiError> {
    let file = file.into_inner();
    let (gathering, found) = app.find_file(identity, file).await?;
    let bytes = app.disk(move |files| files.read(gathering, file)).await?;
    let bytes = bytes.ok_or(ApiError::Unknown { what: "file" })?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, found.media_type))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CACHE_CONTROL, CACHE))
        // What one of a shared device may see is not for the next one.
        .insert_header((VARY, "Authorization, Cookie"))
        .insert_header(ContentEncoding::Identity)
        .body(bytes))
}

/// The whole image, bounded before it is there.
async fn body(request: &HttpRequest, mut payload: web::Payload) -> Result<Vec<u8>, ApiError> {
    let too_large = || ApiError::TooLarge { limit_bytes: IMAGE_BYTES_MAX };
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|value| value.parse::<usize>().ok()).unwrap_or_default();
    if length > IMAGE_BYTES_MAX {
        return Err(too_large());
    }
    let mut image = Vec::with_capacity(length);
    while let Some(piece) = payload.next().await {
        let piece =
            piece.map_err(|error| ApiError::invalid(format!("the body did not come: {error}")))?;
        if image.len() + piece.len() > IMAGE_BYTES_MAX {
            return Err(too_large());
        }
        image.extend_from_slice(&piece);
    }
    Ok(image)
}

impl App {
    /// The bytes first, then the event: what the log names is on the disk.
    async fn add(
        &self,
        gathering: GatheringId,
        caller: Caller,
        new: NewFile,
        picture: Picture,
    ) -> Result<(), ApiError> {
        let file = new.file;
        self.disk(move |files| files.keep(gathering, file, &picture.bytes)).await?;
        match self.ask.command(gathering, caller, Command::AddFile(new)).await {
            Ok(()) => self.disk(move |files| files.settle(gathering, file)).await,
            Err(refused) if refused.is_certain() => {
                self.disk(move |files| files.discard(gathering, file)).await?;
                Err(refused)
            }
            // It may be in the log: the next start looks.
            Err(unsure) => Err(unsure),
        }
    }

    /// Where a file is, for who may read it. A member's is in their own gathering; the operator's
    /// is looked for.
    async fn find_file(
        &self,
        identity: Identity,
        file: FileId,
    ) -> Result<(GatheringId, port::File), ApiError> {
        let places = match identity {
            Identity::Member { gathering, .. } => vec![gathering],
            Identity::Operator => self.log.gatherings(),
        };
        for gathering in places {
            match self.ask.file(gathering, identity.caller_in(gathering)?, file).await {
                Ok(found) => return Ok((gathering, found)),
                Err(ApiError::Unknown { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Err(ApiError::Unknown { what: "file" })
    }

    /// Does something with the files, off the threads that answer.
    async fn disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let files = self.files.clone();
        let done = tokio::task::spawn_blocking(move || work(&files)).await;
        done.map_err(ApiError::ours)?.map_err(ApiError::ours)
    }
}

impl From<Busy> for ApiError {
    fn from(Busy: Busy) -> Self {
        Self::Overloaded { retry_after: OVERLOAD_WAIT }
    }
}

impl From<NotAPicture> for ApiError {
    fn from(fault: NotAPicture) -> Self {
        let detail = fault.to_string();
        match fault {
            NotAPicture::Heic | NotAPicture::Unknown => Self::MediaType { detail },
            NotAPicture::Broken | NotAPicture::TooManyPixels { .. } | NotAPicture::TooDeep => {
                Self::Invalid { detail }
            }
        }
    }
}
