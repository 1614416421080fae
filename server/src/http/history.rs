//! The day as a replay's time bar shows it.

use actix_web::{get, web};
use oogst_protocol::api::{History, Problem};
use oogst_protocol::ids::GatheringId;
use serde::Deserialize;

use super::problem::ApiError;
use super::{App, Identity};

/// Spans of time where a query does not say: one for every few minutes of a day.
const BUCKETS: usize = 120;

/// Most spans of time: a bar has no more pixels.
const BUCKETS_MAX: usize = 1_000;

/// How fine the time bar is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bar {
    buckets: Option<usize>,
}

/// How much was contributed when, from the gathering's opening to its newest event, and the blocks
/// of the programme that were started.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("buckets" = Option<usize>, Query, minimum = 1, maximum = 1_000,
            description = "Most spans of time; 120 if left out"),
    ),
    responses(
        (status = 200, description = "The time bar", body = History),
        (status = 400, description = "Not such a number of spans", body = Problem),
        (status = 503, description = "The view is behind", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/history")]
pub(super) async fn history(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    query: web::Query<Bar>,
) -> Result<web::Json<History>, ApiError> {
    let gathering = app.readable(identity, gathering.into_inner()).await?;
    let buckets = query.buckets.unwrap_or(BUCKETS);
    if buckets == 0 || buckets > BUCKETS_MAX {
        let detail = format!("`buckets` is {buckets}: it must be from 1 to {BUCKETS_MAX}");
        return Err(ApiError::invalid(detail));
    }
    Ok(web::Json(app.views.history(gathering, buckets).await?))
}
