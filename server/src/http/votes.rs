//! Theme votes: hidden dots, the close, ties, the selection (ADR 0011).
//!
//! What a theme is called and which questions it came from is read from the programme, where the
//! caller may read that. A ballot goes in and never comes out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use oogst_core::port::{Caller, Command, Voting};
use oogst_protocol::api::{
    Ballot, ConfirmSelection, MergeThemes, NewVote, Problem, Vote, VoteBounds, Votes,
};
use oogst_protocol::event::Dots;
use oogst_protocol::ids::{GatheringId, VoteId};
use uuid::Uuid;

use super::problem::ApiError;
use super::themes::Themes;
use super::{App, Identity};

/// How many themes are chosen where nobody says otherwise: as many groups as a room of forty
/// makes.
const CHOOSE: usize = 5;

/// The most that one person may give one theme where nobody says otherwise: enough to say what
/// matters most, too little to decide alone.
const MOST_EACH: u16 = 2;

/// The votes as the caller may see them: before the close without any dots, whoever asks; after
/// it with the totals for who conducts, and for everybody once the selection is shown.
#[utoipa::path(
    tag = "votes",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "The votes", body = Votes),
    ),
)]
#[get("/api/gatherings/{gathering}/votes")]
pub(super) async fn votes(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<web::Json<Votes>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let seen = app.ask.votes(gathering, caller).await?;
    let themes = app.themes(gathering, caller).await?;
    Ok(web::Json(Votes { votes: seen.into_iter().map(|vote| themes.told(vote)).collect() }))
}

/// Opens a vote between themes of the programme. Facilitators.
#[utoipa::path(
    tag = "votes",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = NewVote,
    responses(
        (status = 201, description = "The vote", body = Vote),
        (status = 400, description = "Not such a vote", body = Problem),
        (status = 409, description = "Closed, too many, or the id is another vote's",
            body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/votes")]
pub(super) async fn open_vote(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<NewVote>,
) -> Result<HttpResponse, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    app.require_facilitator(gathering, caller).await?;
    let NewVote { id, themes, budget, most_each, choose } = body.into_inner();
    let programme = app.themes(gathering, caller).await?;
    if let Some(stranger) = themes.iter().find(|theme| !programme.has(**theme)) {
        let detail = format!("the programme has no theme {stranger}: vote on what stands there");
        return Err(ApiError::invalid(detail));
    }
    let vote = id.unwrap_or_else(|| VoteId::new(Uuid::new_v4()));
    let fewest = u16::try_from(themes.len().min(CHOOSE)).unwrap_or(u16::MAX);
    let choose = choose.unwrap_or(fewest);
    let budget = budget.unwrap_or(choose);
    let most_each = most_each.unwrap_or_else(|| MOST_EACH.min(budget));
    let asked = Voting::Open { themes, bounds: VoteBounds { budget, most_each, choose } };
    app.ask.command(gathering, caller, Command::Vote { vote, asked }).await?;
    let opened = app.vote(gathering, caller, vote).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(opened))
}

/// Gives all of the caller's dots, in place of those before. Participants, the core group,
/// facilitators. The answer says nothing of them.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    request_body = Ballot,
    responses(
        (status = 204, description = "Given"),
        (status = 400, description = "Too many dots, or none of its themes", body = Problem),
        (status = 403, description = "An observer, a guest or the operator", body = Problem),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "The vote or the gathering is closed", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/ballot")]
pub(super) async fn cast_ballot(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
    body: web::Json<Ballot>,
) -> Result<HttpResponse, ApiError> {
    let asked = Voting::Cast { dots: dots(body.into_inner()) };
    app.voted(identity, path.into_inner(), asked).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Notes the dots that were counted on paper, in place of those before. Facilitators; before the
/// close. The answer says nothing of them.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    request_body = Ballot,
    responses(
        (status = 204, description = "Noted"),
        (status = 400, description = "Too many dots, or none of its themes", body = Problem),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "The vote or the gathering is closed", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/paper")]
pub(super) async fn add_paper(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
    body: web::Json<Ballot>,
) -> Result<HttpResponse, ApiError> {
    let asked = Voting::AddPaper { dots: dots(body.into_inner()) };
    app.voted(identity, path.into_inner(), asked).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Closes a vote: no time does, and it is not opened again. Facilitators.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    responses(
        (status = 200, description = "The vote, with its totals", body = Vote),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "The gathering is closed", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/closed")]
pub(super) async fn close_vote(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
) -> Result<web::Json<Vote>, ApiError> {
    app.told(identity, path.into_inner(), Voting::Close).await
}

/// Has two themes count as one, with the dots and the questions of both. Facilitators; after the
/// close, before the selection.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    request_body = MergeThemes,
    responses(
        (status = 200, description = "The vote", body = Vote),
        (status = 400, description = "Not two themes that stand alone", body = Problem),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "Open, selected, or too few themes would be left",
            body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/merged")]
pub(super) async fn merge_themes(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
    body: web::Json<MergeThemes>,
) -> Result<web::Json<Vote>, ApiError> {
    let MergeThemes { from, into } = body.into_inner();
    app.told(identity, path.into_inner(), Voting::Merge { from, into }).await
}

/// Draws a lot between the themes that are tied for the last places: once. Facilitators.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    responses(
        (status = 200, description = "The vote", body = Vote),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "Open, selected, or nothing is tied", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/lot")]
pub(super) async fn draw_lot(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
) -> Result<web::Json<Vote>, ApiError> {
    // The system's randomness; the few bits that say that it is a UUID fall on random ones.
    let (high, low) = Uuid::new_v4().as_u64_pair();
    app.told(identity, path.into_inner(), Voting::DrawLot { chance: high ^ low }).await
}

/// Chooses exactly as many themes as the vote is to choose; with a reason where they are not
/// simply those that came out first. Until it is shown it can be replaced. Facilitators.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    request_body = ConfirmSelection,
    responses(
        (status = 200, description = "The vote", body = Vote),
        (status = 400, description = "Another number of themes, or no reason", body = Problem),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "Open, or another selection was shown", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/selection")]
pub(super) async fn confirm_selection(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
    body: web::Json<ConfirmSelection>,
) -> Result<web::Json<Vote>, ApiError> {
    let ConfirmSelection { themes, reason } = body.into_inner();
    let reason = reason.map(|reason| reason.trim().to_owned());
    app.told(identity, path.into_inner(), Voting::Confirm { themes, reason }).await
}

/// Shows everybody what was chosen, why, and how every theme came out. Facilitators.
#[utoipa::path(
    tag = "votes",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("vote" = VoteId, Path, description = "The vote"),
    ),
    responses(
        (status = 200, description = "The vote", body = Vote),
        (status = 404, description = "No such gathering or vote", body = Problem),
        (status = 409, description = "Open, or nothing is selected", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/votes/{vote}/shown")]
pub(super) async fn show_selection(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, VoteId)>,
) -> Result<web::Json<Vote>, ApiError> {
    app.told(identity, path.into_inner(), Voting::Show).await
}

fn dots(ballot: Ballot) -> Vec<Dots> {
    ballot.dots.into_iter().map(|(theme, count)| Dots { theme, count }).collect()
}

impl App {
    async fn voted(
        &self,
        identity: Identity,
        (gathering, vote): (GatheringId, VoteId),
        asked: Voting,
    ) -> Result<Caller, ApiError> {
        let caller = identity.caller_in(gathering)?;
        self.ask.command(gathering, caller, Command::Vote { vote, asked }).await?;
        Ok(caller)
    }

    async fn told(
        &self,
        identity: Identity,
        (gathering, vote): (GatheringId, VoteId),
        asked: Voting,
    ) -> Result<web::Json<Vote>, ApiError> {
        let caller = self.voted(identity, (gathering, vote), asked).await?;
        Ok(web::Json(self.vote(gathering, caller, vote).await?))
    }

    async fn vote(
        &self,
        gathering: GatheringId,
        caller: Caller,
        vote: VoteId,
    ) -> Result<Vote, ApiError> {
        let seen = self.ask.votes(gathering, caller).await?;
        let found = seen.into_iter().find(|seen| seen.id == vote);
        let found = found.ok_or(ApiError::Unknown { what: "vote" })?;
        Ok(self.themes(gathering, caller).await?.told(found))
    }

    /// What the programme says of themes, where the caller may read it.
    async fn themes(&self, gathering: GatheringId, caller: Caller) -> Result<Themes, ApiError> {
        let seen = self.ask.gathering(gathering, caller).await?;
        let is_programme = |document: &&_| Themes::stand_in(document);
        let Some(programme) = seen.documents.iter().find(is_programme) else {
            return Ok(Themes::default());
        };
        let read = self.views.united(gathering, programme.id, None).await?;
        Ok(Themes::of(&read.root))
    }
}
