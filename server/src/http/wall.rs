//! What views show of a gathering as a whole: the wall, and the harvest as Markdown.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, get, web};
use oogst_core::view::Attribution;
use oogst_protocol::api::{Problem, Wall};
use oogst_protocol::ids::GatheringId;
use serde::Deserialize;

use super::problem::ApiError;
use super::{App, At, Identity};

/// The wall, now or as it was right after an event.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("at" = Option<u64>, Query, description = "The event right after which; now if left out"),
    ),
    responses(
        (status = 200, description = "The wall", body = Wall),
        (status = 404, description = "None, not yet then, or not the caller's", body = Problem),
        (status = 503, description = "The view is behind, or too many look back", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/wall")]
pub(super) async fn wall(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    query: web::Query<At>,
) -> Result<web::Json<Wall>, ApiError> {
    let gathering = app.readable(identity, gathering.into_inner()).await?;
    Ok(web::Json(app.views.wall(gathering, query.at).await?))
}

/// How much an export says of who contributed what.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Export {
    #[serde(default)]
    attribution: Choice,
}

/// `attribution` as a query spells it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    #[default]
    None,
    Group,
    Name,
}

impl From<Choice> for Attribution {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::None => Self::None,
            Choice::Group => Self::Group,
            Choice::Name => Self::Name,
        }
    }
}

/// The running round's harvest as Markdown: a title, a heading a question, nested items.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("attribution" = Option<String>, Query,
            description = "none (if left out), group or name; never more than consent allows"),
    ),
    responses(
        (status = 200, description = "Markdown", body = String, content_type = "text/markdown"),
        (status = 404, description = "None, or not the caller's", body = Problem),
        (status = 503, description = "The view is behind", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/export.md")]
pub(super) async fn markdown(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    query: web::Query<Export>,
) -> Result<HttpResponse, ApiError> {
    let gathering = app.readable(identity, gathering.into_inner()).await?;
    let text = app.views.markdown(gathering, query.attribution.into()).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/markdown; charset=utf-8"))
        .insert_header(("Content-Disposition", "attachment; filename=\"oogst.md\""))
        .body(text))
}
