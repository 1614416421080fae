//! A participant's group, name and role; and their end.

use actix_web::{HttpResponse, delete, put, web};
use oogst_core::port::{Caller, Command};
use oogst_protocol::api::{EditParticipant, Participant, Problem};
use oogst_protocol::ids::{GatheringId, ParticipantId};

use super::problem::ApiError;
use super::{App, Identity, members};
use crate::people::{Mark, Member};

/// Moves to a group, renames, promotes, marks as of the target group. Oneself: all but the role; a
/// facilitator: all but the credit, which nobody asks for but the person.
#[utoipa::path(
    tag = "participants",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("participant" = ParticipantId, Path, description = "Who"),
    ),
    request_body = EditParticipant,
    responses(
        (status = 200, description = "The participant", body = Participant),
        (status = 400, description = "Not a name", body = Problem),
        (status = 403, description = "Somebody else, a role of one's own, another's credit",
            body = Problem),
        (status = 404, description = "No such gathering, participant or group", body = Problem),
        (status = 409, description = "The group is full, its round does not run, or the person \
            said otherwise of themselves", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/participants/{participant}")]
pub(super) async fn edit_participant(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ParticipantId)>,
    body: web::Json<EditParticipant>,
) -> Result<web::Json<Participant>, ApiError> {
    let (gathering, participant) = path.into_inner();
    let caller = identity.caller_in(gathering)?;
    let EditParticipant { name, group, role, target_group, credited_as_target_group } =
        body.into_inner();
    // All that can be judged is judged before any of it is done.
    let name = name.map(|name| members::name_like("name", &name)).transpose()?;
    let by_themselves = caller == Caller::Member(participant);
    if role.is_some() || !by_themselves {
        app.require_facilitator(gathering, caller).await?;
    }
    if credited_as_target_group.is_some() && !by_themselves {
        return Err(ApiError::Forbidden { who: "the person themselves" });
    }
    let mark = Mark { is_of: target_group, is_credited: credited_as_target_group };
    if mark != Mark::default() {
        app.participant(gathering, caller, participant).await?;
        app.people.mark(Member { gathering, participant }, mark, by_themselves).await?;
    }
    if let Some(group) = group {
        app.ask.command(gathering, caller, Command::Move { participant, group }).await?;
    }
    if let Some(role) = role {
        app.ask.command(gathering, caller, Command::Promote { participant, role }).await?;
    }
    if let Some(name) = name {
        app.rename(gathering, caller, participant, name).await?;
    }
    Ok(web::Json(app.participant(gathering, caller, participant).await?))
}

/// Removes a participant, or leaves: the tokens are revoked, the sockets close with 4401. Oneself,
/// or a facilitator.
#[utoipa::path(
    tag = "participants",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("participant" = ParticipantId, Path, description = "Who"),
    ),
    responses(
        (status = 204, description = "Gone, now or before"),
        (status = 403, description = "Somebody else, and not a facilitator", body = Problem),
        (status = 404, description = "No such gathering or participant", body = Problem),
    ),
)]
#[delete("/api/gatherings/{gathering}/participants/{participant}")]
pub(super) async fn remove_participant(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ParticipantId)>,
) -> Result<HttpResponse, ApiError> {
    let (gathering, participant) = path.into_inner();
    let caller = identity.caller_in(gathering)?;
    if caller == Caller::Member(participant) {
        // The log first: with a token that is revoked nobody could say once more that they leave.
        app.ask.command(gathering, caller, Command::Leave { participant }).await?;
        app.people.revoke(Member { gathering, participant }).await?;
        return Ok(HttpResponse::NoContent().finish());
    }
    app.require_facilitator(gathering, caller).await?;
    // The tokens first: a request that breaks off in between leaves nobody in, and is repeated.
    app.people.revoke(Member { gathering, participant }).await?;
    app.ask.command(gathering, caller, Command::Remove { participant }).await?;
    Ok(HttpResponse::NoContent().finish())
}
