//! The harvest in every format, and maps and plans as tables.
//!
//! The model is made by the view, which is fresh, and rendered elsewhere: off the threads that
//! serve others, few at a time.

use std::collections::BTreeMap;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use oogst_core::export::{actions_csv, stakeholders_csv};
use oogst_core::view::{Credited, Wish};
use oogst_protocol::api::{Attribution, ExportFormat, HarvestExport, Outside, Problem};
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId};
use oogst_protocol::schema::DocumentKind;
use serde::Deserialize;

use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};
use crate::exports::{RenderError, file_name};
use crate::people::Person;

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
        ("format" = inline(ExportFormat), Path, description = "As the end of the file's name"),
        ("attribution" = inline(Option<Attribution>), Query,
            description = "none (if left out), group or name; never more than consent allows"),
        ("outside" = inline(Option<Outside>), Query,
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
        (status = 404, description = "None, not the caller's, or no such format", body = Problem),
        (status = 409, description = "Too long for a PDF", body = Problem),
        (status = 503, description = "The view is behind, or too many export", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/export.{format}")]
pub(super) async fn export(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ExportFormat)>,
    query: web::Query<Asked>,
) -> Result<HttpResponse, ApiError> {
    let (gathering, format) = path.into_inner();
    let gathering = app.readable(identity, gathering).await?;
    let Asked { attribution, outside } = query.into_inner();
    let people = app.credited(gathering);
    let wish = Wish { attribution, outside };
    let export = app.views.export(gathering, wish, people).await?;
    let name = file_name(&export.title, export.date.as_deref(), format);
    let file = app.renders.render(export, format).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(file))
}

/// A stakeholder map or an action plan as a table, for those who may read it.
///
/// Contact data is in another document, and in no table. Whose action it is goes by consent.
#[utoipa::path(
    tag = "documents",
    params(("document" = DocumentId, Path, description = "The map or the plan")),
    responses(
        (status = 200, description = "The table", body = String, content_type = "text/csv",
            headers(("Content-Disposition" = String, description = "A name for the file"))),
        (status = 409, description = "A document without rows", body = Problem),
        (status = 503, description = "The view is behind", body = Problem),
    ),
)]
#[get("/api/documents/{document}/export.csv")]
pub(super) async fn table(
    app: web::Data<App>,
    identity: Identity,
    document: web::Path<DocumentId>,
) -> Result<HttpResponse, ApiError> {
    let document = document.into_inner();
    let gathering = app.home_of(identity, document).await?;
    let caller = identity.caller_in(gathering)?;
    let seen = app.document(gathering, caller, document).await?;
    let write = if seen.kind == DocumentKind::Stakeholders {
        stakeholders_csv
    } else if seen.kind == DocumentKind::ActionPlan {
        actions_csv
    } else {
        let detail = "only stakeholder maps and action plans are tables; a harvest is exported \
                      with its gathering";
        return Err(ApiError::Conflict { detail: detail.to_owned(), reason: None });
    };
    let people = app.credited(gathering);
    let table = app.views.table(gathering, document, people, write).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, ExportFormat::Csv.media_type()))
        .insert_header((CONTENT_DISPOSITION, file_name(&seen.title, None, ExportFormat::Csv)))
        .body(table))
}

impl App {
    /// What the vault has of a gathering's people.
    fn credited(&self, gathering: GatheringId) -> BTreeMap<ParticipantId, Credited> {
        let people = self.people.people(gathering).into_iter();
        let credited = people.map(|(who, person)| {
            let Person { name, organisation, target_group, .. } = person;
            let as_target_group = target_group.is_of && target_group.is_credited;
            (who, Credited { name: Some(name), organisation, as_target_group })
        });
        credited.collect()
    }
}

impl From<RenderError> for ApiError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Overload => Self::Overloaded { retry_after: OVERLOAD_WAIT },
            RenderError::TooLong { why } => Self::Conflict { detail: why, reason: None },
            RenderError::Broken { .. } => Self::ours(error),
        }
    }
}
