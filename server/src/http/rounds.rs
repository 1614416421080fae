//! Rounds: planning one with its groups, running one, one more group.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use oogst_core::port::{self, Command};
use oogst_protocol::api::{Gathering, Group, NewGroup, NewRound, Problem, Round};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, RoundId};
use uuid::Uuid;

use super::problem::ApiError;
use super::{App, Identity, members};

/// Plans a round: its groups, each with a harvest, and who will sit where. Facilitators.
#[utoipa::path(
    tag = "rounds",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = NewRound,
    responses(
        (status = 201, description = "The round, planned", body = Round),
        (status = 400, description = "Not a round", body = Problem),
        (status = 404, description = "No such gathering or participant", body = Problem),
        (status = 409, description = "More than a gathering holds", body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/rounds")]
pub(super) async fn plan_round(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<NewRound>,
) -> Result<HttpResponse, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let NewRound { title, kind, groups, members } = body.into_inner();
    let round = RoundId::new(Uuid::new_v4());
    let groups = groups.into_iter().map(new_group).collect();
    let title = title.trim().to_owned();
    let command = Command::PlanRound { round, title, kind, groups, members };
    app.ask.command(gathering, caller, command).await?;
    let seen = app.ask.gathering(gathering, caller).await?;
    let planned = seen.rounds.into_iter().find(|found| found.id == round);
    let planned = planned.ok_or(ApiError::Unknown { what: "round" })?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(members::round(planned)))
}

/// Opens a round, which ends the one before; `null` ends the one that runs. Facilitators.
#[utoipa::path(
    tag = "rounds",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body(content = Option<RoundId>, description = "The round's id, or `null`"),
    responses(
        (status = 200, description = "The gathering", body = Gathering),
        (status = 400, description = "Not a round's id", body = Problem),
        (status = 404, description = "No such gathering or round", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/rounds/running")]
pub(super) async fn run_round(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<Option<RoundId>>,
) -> Result<web::Json<Gathering>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let round = body.into_inner();
    app.ask.command(gathering, caller, Command::RunRound { round }).await?;
    Ok(web::Json(app.gathering(gathering, caller).await?))
}

/// Forms one more group, with a harvest, in a round that is planned or runs. Facilitators.
#[utoipa::path(
    tag = "rounds",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("round" = RoundId, Path, description = "The round"),
    ),
    request_body = NewGroup,
    responses(
        (status = 201, description = "The group", body = Group),
        (status = 400, description = "Not a group", body = Problem),
        (status = 404, description = "No such gathering or round", body = Problem),
        (status = 409, description = "The round is over, or holds its most", body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/rounds/{round}/groups")]
pub(super) async fn form_group(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, RoundId)>,
    body: web::Json<NewGroup>,
) -> Result<HttpResponse, ApiError> {
    let (gathering, round) = path.into_inner();
    let caller = identity.caller_in(gathering)?;
    let group = new_group(body.into_inner());
    let id = group.group;
    app.ask.command(gathering, caller, Command::FormGroup { round, group }).await?;
    let seen = app.ask.gathering(gathering, caller).await?;
    let elsewhere = seen.rounds.into_iter().flat_map(|round| round.groups);
    let formed = seen.groups.into_iter().chain(elsewhere).find(|found| found.id == id);
    let formed = formed.ok_or(ApiError::Unknown { what: "group" })?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(members::group(formed)))
}

/// A group to be formed, with the ids that it needs.
pub(super) fn new_group(group: NewGroup) -> port::NewGroup {
    let NewGroup { name, question, seats, table, theme } = group;
    port::NewGroup {
        group: GroupId::new(Uuid::new_v4()),
        harvest: DocumentId::new(Uuid::new_v4()),
        name: name.trim().to_owned(),
        question: question.unwrap_or_default().trim().to_owned(),
        seats,
        table: table.map(|table| table.trim().to_owned()),
        theme,
    }
}
