//! Opening a gathering, looking at it, changing its title and status.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use oogst_core::port::{Caller, Command, CommonDocuments, NewRegion};
use oogst_protocol::api::{EditGathering, Gathering, NewGathering, OpenedGathering, Problem};
use oogst_protocol::event::Status;
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId, RegionId, RoundId};
use uuid::Uuid;

use super::problem::ApiError;
use super::{App, Identity, rounds};

/// What a gathering's language is where nobody says otherwise.
const LANGUAGE: &str = "nl-BE";

/// Opens a gathering with its first round's groups, each with a harvest, and with its programme,
/// its introductions and its closing round. With `day` the programme begins with that day's
/// blocks, in the gathering's language.
#[utoipa::path(
    tag = "gatherings",
    request_body = NewGathering,
    responses(
        (status = 201, description = "The gathering, its codes, its first facilitator's token",
            body = OpenedGathering),
        (status = 400, description = "Not a gathering", body = Problem),
        (status = 403, description = "Not the operator", body = Problem),
        (status = 409, description = "More groups than a round holds", body = Problem),
    ),
)]
#[post("/api/gatherings")]
pub(super) async fn open_gathering(
    app: web::Data<App>,
    identity: Identity,
    body: web::Json<NewGathering>,
) -> Result<HttpResponse, ApiError> {
    if identity != Identity::Operator {
        return Err(ApiError::Forbidden { who: "the operator" });
    }
    let new = body.into_inner();
    let gathering = GatheringId::new(Uuid::new_v4());
    let facilitator = ParticipantId::new(Uuid::new_v4());
    let groups = new.groups.into_iter().map(rounds::new_group);
    let region = new.region.map(new_region);
    let language = new.language.unwrap_or_else(|| LANGUAGE.to_owned());
    let command = Command::OpenGathering {
        title: new.title.trim().to_owned(),
        language: language.clone(),
        date: new.date.map(|day| day.to_string()),
        network: new.network,
        region,
        status: new.status.unwrap_or(Status::Open),
        facilitator,
        round: RoundId::new(Uuid::new_v4()),
        groups: groups.collect(),
        common: CommonDocuments {
            programme: DocumentId::new(Uuid::new_v4()),
            introductions: DocumentId::new(Uuid::new_v4()),
            closing: DocumentId::new(Uuid::new_v4()),
        },
        participants_max: new.participants_max,
        day: new.day,
    };
    // The vault first: see `members`.
    let facilitator_token = app.admit_first_facilitator(gathering, facilitator, &language).await?;
    if let Err(refused) = app.ask.command(gathering, Caller::Operator, command).await {
        if refused.is_certain() {
            app.people.forget_gathering(gathering).await?;
        }
        return Err(refused);
    }
    let gathering = app.gathering(gathering, Caller::Operator).await?;
    Ok(HttpResponse::build(StatusCode::CREATED)
        .insert_header(("Location", format!("/api/gatherings/{}", gathering.id)))
        .json(OpenedGathering { facilitator_token, gathering }))
}

/// A region as somebody calls it, with an id in case it is new.
pub(super) fn new_region(name: String) -> NewRegion {
    NewRegion { region: RegionId::new(Uuid::new_v4()), name }
}

/// The gathering as the caller may see it.
#[utoipa::path(
    tag = "gatherings",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "The gathering", body = Gathering),
    ),
)]
#[get("/api/gatherings/{gathering}")]
pub(super) async fn look(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<web::Json<Gathering>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    Ok(web::Json(app.gathering(gathering, caller).await?))
}

/// Changes the title, how many take part at most, or the status. Facilitators.
#[utoipa::path(
    tag = "gatherings",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = EditGathering,
    responses(
        (status = 200, description = "The gathering", body = Gathering),
        (status = 400, description = "Not a title, a number of places or a status",
            body = Problem),
    ),
)]
#[patch("/api/gatherings/{gathering}")]
pub(super) async fn edit_gathering(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<EditGathering>,
) -> Result<web::Json<Gathering>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let EditGathering { title, participants_max, status } = body.into_inner();
    // Also where nothing is to be changed: who may not change anything is told so.
    app.require_facilitator(gathering, caller).await?;
    if let Some(title) = title {
        let title = title.trim().to_owned();
        app.ask.command(gathering, caller, Command::Retitle { title }).await?;
    }
    if let Some(participants_max) = participants_max {
        let command = Command::BoundParticipants { participants_max };
        app.ask.command(gathering, caller, command).await?;
    }
    if let Some(status) = status {
        app.ask.command(gathering, caller, Command::SetStatus { status }).await?;
    }
    Ok(web::Json(app.gathering(gathering, caller).await?))
}
