//! The list of contributions, complete and oldest first.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, get, web};
use oogst_protocol::api::{Line, Problem};
use oogst_protocol::ids::GatheringId;
use oogst_protocol::limits::EVENTS_PAGE_MAX;

use super::lines::{Pairs, Wanted};
use super::problem::ApiError;
use super::{App, Identity};

/// Contributions, one a line of JSON, oldest first. `limit` counts lines, and a page ends with a
/// whole event, so that the last line's `seq` is the next `after`: it holds fewer where the next
/// event would not fit, and more only where its first event alone has more. What filters leave out
/// is as if it were not there. Of a document that the caller may not read a line says that
/// something was done, and no more.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("after" = Option<u64>, Query, description = "The last event that is known; 0: none"),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 10_000,
            description = "Most lines, in whole events; 10,000 if left out"),
        ("type" = Option<String>, Query,
            description = "Only these types, as `insight.added`: repeated, or parted by commas"),
        ("group" = Option<String>, Query,
            description = "Only in or about these groups: repeated, or parted by commas"),
        ("participant" = Option<String>, Query,
            description = "Only by these participants: repeated, or parted by commas"),
    ),
    responses(
        (status = 200, description = "Contributions", body = Line,
            content_type = "application/x-ndjson"),
        (status = 400, description = "Not such a page, or no such type", body = Problem),
        (status = 503, description = "The view is behind", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/events")]
pub(super) async fn events(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    query: web::Query<Pairs>,
) -> Result<HttpResponse, ApiError> {
    let gathering = app.readable(identity, gathering.into_inner()).await?;
    let wanted = Wanted::page(&query)?;
    let limit = wanted.limit.unwrap_or(EVENTS_PAGE_MAX);
    if limit == 0 || limit > EVENTS_PAGE_MAX {
        let detail = format!("`limit` is {limit}: it must be from 1 to {EVENTS_PAGE_MAX}");
        return Err(ApiError::invalid(detail));
    }
    let lines = app.views.lines(gathering, wanted.after, limit, wanted.filter).await?;
    let (lines, _) = app.concealed(identity, gathering, lines).await?;
    let mut body = String::new();
    for line in &lines {
        body.push_str(&serde_json::to_string(line).map_err(ApiError::ours)?);
        body.push('\n');
    }
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/x-ndjson")).body(body))
}
