//! What views show of a gathering as a whole: the wall.

use actix_web::{get, web};
use oogst_core::port::Caller;
use oogst_protocol::api::{Problem, Wall};
use oogst_protocol::event::Role;
use oogst_protocol::ids::GatheringId;

use super::problem::ApiError;
use super::{App, At, Identity};

/// The wall, now or as it was right after an event: what the round that ran had harvested, group by
/// group; the regions' questions with the themes that cluster them; the spotlight. Facilitators are
/// also told which groups are quiet, and how much of it has input of the target group: of those who
/// are marked so now, also for a wall of the past.
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
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let seen = app.ask.gathering(gathering, caller).await?;
    let conducts =
        |who| seen.participants.iter().any(|p| p.id == who && p.role == Role::Facilitator);
    let for_facilitator = matches!(caller, Caller::Member(who) if conducts(who));
    let for_facilitator = for_facilitator.then(|| app.people.marked(gathering));
    let mut wall = app.views.wall(gathering, query.at, for_facilitator).await?;
    if let Some(document) = wall.spotlight.as_ref().and_then(|spotlight| spotlight.document)
        && !app.ask.readable(gathering, caller).await?.documents.contains(&document)
    {
        wall.spotlight = None;
    }
    Ok(web::Json(wall))
}
