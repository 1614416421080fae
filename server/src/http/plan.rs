//! An action plan at a glance.

use actix_web::{get, web};
use oogst_core::view::plan_overview;
use oogst_protocol::api::{PlanOverview, Problem};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::schema::DocumentKind;

use super::problem::ApiError;
use super::{App, At, Identity};

/// What an action plan adds up to: scenarios, hundred days, periods with their check-ins.
#[utoipa::path(
    tag = "documents",
    params(
        ("document" = DocumentId, Path, description = "The action plan"),
        ("at" = Option<u64>, Query, description = "The event right after which; now if left out"),
    ),
    responses(
        (status = 200, description = "The overview", body = PlanOverview),
        (status = 400, description = "Not a moment that has been", body = Problem),
        (status = 401, description = "Not a token", body = Problem),
        (status = 404, description = "No action plan, not yet then, or not the caller's",
            body = Problem),
        (status = 503, description = "The view is behind, or too many look back", body = Problem),
    ),
)]
#[get("/api/documents/{document}/overview")]
pub(super) async fn overview(
    app: web::Data<App>,
    identity: Identity,
    document: web::Path<DocumentId>,
    query: web::Query<At>,
) -> Result<web::Json<PlanOverview>, ApiError> {
    let document = document.into_inner();
    let gathering = app.home_of(identity, document).await?;
    let caller = identity.caller_in(gathering)?;
    if app.document(gathering, caller, document).await?.kind != DocumentKind::ActionPlan {
        return Err(ApiError::Unknown { what: "action plan" });
    }
    let found = app.views.united(gathering, document, query.at).await?;
    Ok(web::Json(plan_overview(found.seq, &found.root)))
}
