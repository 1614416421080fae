//! The harvest in every format.
//!
//! The model is made by the view, which is fresh, and rendered elsewhere: off the threads that
//! serve others, few at a time.

use std::collections::BTreeMap;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use oogst_core::view::{Credited, Wish};
use oogst_protocol::api::{Attribution, HarvestExport, Outside, Problem};
use oogst_protocol::ids::{GatheringId, ParticipantId};
use serde::Deserialize;

use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};
use crate::exports::{Format, RenderError, file_name};

/// What an export is asked to hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    attribution: Attribution,
    #[serde(default)]
    outside: Outside,
}

/// The running round's harvest: a title, a heading a question, nested insights in their order.
///
/// Nobody is told more of than they consented to; who wants to be in nothing that is published is
/// in no export, whatever is asked for.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("format" = Format, Path, description = "The format, as the end of the file's name"),
        ("attribution" = Option<Attribution>, Query,
            description = "none (if left out), group or name; never more than consent allows"),
        ("outside" = Option<Outside>, Query,
            description = "What guests contributed: inline (if left out), or apart at the end"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (HarvestExport = "application/json"),
            (String = "text/markdown"),
            (String = "text/html"),
            (String = "text/csv"),
            (String =
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (String = "application/pdf"),
        ), headers(("Content-Disposition" = String, description = "A name for the file"))),
        (status = 400, description = "The query is not right", body = Problem),
        (status = 401, description = "No token, or one that opens nothing", body = Problem),
        (status = 403, description = "A page of another site asks", body = Problem),
        (status = 404, description = "None, not the caller's, or no such format", body = Problem),
        (status = 408, description = "It took too long", body = Problem),
        (status = 409, description = "Too long for a PDF", body = Problem),
        (status = 503, description = "The view is behind, or too many export", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/export.{format}")]
pub(super) async fn export(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, Format)>,
    query: web::Query<Asked>,
) -> Result<HttpResponse, ApiError> {
    let (gathering, format) = path.into_inner();
    let gathering = app.readable(identity, gathering).await?;
    let Asked { attribution, outside } = query.into_inner();
    let people = app.people.people(gathering).into_iter();
    let people: BTreeMap<ParticipantId, Credited> = people
        .map(|(who, person)| {
            (who, Credited { name: Some(person.name), organisation: person.organisation })
        })
        .collect();
    let wish = Wish { attribution, outside };
    let export = app.views.export(gathering, wish, people).await?;
    let name = file_name(&export.title, export.date.as_deref(), format);
    let file = app.renders.render(export, format).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.content_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file))
}

impl From<RenderError> for ApiError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Overload => Self::Overloaded { retry_after: OVERLOAD_WAIT },
            RenderError::TooLong { why } => Self::Conflict { detail: why },
            RenderError::Broken { .. } => Self::ours(error),
        }
    }
}
