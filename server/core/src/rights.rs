//! Who may do what in which document: one table, and the only place that decides.
//!
//! Invariant: rights come from the role, the group, the region and the room that the server
//! knows, never from a payload. Writing is asked of the *accepted* state, so that a lock that is
//! on its way to the disk already holds; reading of the *durable* one, so that nothing is shown
//! too early. The same function answers for a request and for each sync message.
//!
//! Not here: which key of a document whom belongs to (the schemas), who may give a command
//! (`gathering::command`).

#[cfg(test)]
mod tests;

use oogst_protocol::event::{Role, Status};
use oogst_protocol::schema::DocumentKind;

/// How somebody stands to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It belongs to the member's group: that of the running round, or one of an earlier round,
    /// where the right to write stays until the document is locked.
    OwnGroup,
    /// It belongs to another group.
    OtherGroup,
    /// It belongs to the gathering, and the member has a group.
    CommonGrouped,
    /// It belongs to the gathering, and the member has no group yet.
    CommonUngrouped,
    /// It belongs to the member's region.
    OwnRegion,
    /// It belongs to another region.
    OtherRegion,
    /// It belongs to the network, and the member has a group.
    NetworkGrouped,
    /// It belongs to the network, and the member has no group yet.
    NetworkUngrouped,
    /// It belongs to the member.
    Oneself,
    /// It belongs to another person.
    SomebodyElse,
    /// It is an intervision, whosever it is, and the member is inside its room.
    Inside,
    /// It is an intervision, and the member is not.
    Outside,
}

/// What a member may do in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Not even know that it exists.
    Nothing,
    /// Read it.
    Read,
    /// Read and write it.
    Write,
}

/// What `role` may do in a document of `kind` to which it stands in `relation`.
///
/// A closed gathering and a locked document are read only, for the facilitator too: a lock that
/// its owner can write through protects nothing, and it is the facilitator who can take it off.
/// What a region, the network or a person owns lives on after the gathering has closed.
#[must_use]
pub const fn access(
    role: Role,
    relation: Relation,
    kind: DocumentKind,
    status: Status,
    frozen: bool,
) -> Access {
    let is_over = matches!(status, Status::Closed) && !lives_on(relation);
    match unlocked(role, relation, kind) {
        Access::Write if frozen || is_over => Access::Read,
        access @ (Access::Nothing | Access::Read | Access::Write) => access,
    }
}

/// Whether everybody who may be in the gathering reads its own documents of this kind, whatever
/// their role and group: nobody has to be asked about one of them twice.
#[must_use]
pub const fn is_open(kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::Harvest
        | DocumentKind::Programme
        | DocumentKind::Visit
        | DocumentKind::Closing
        | DocumentKind::Report => true,
        DocumentKind::Introductions
        | DocumentKind::Stakeholders
        | DocumentKind::Contacts
        | DocumentKind::ActionPlan
        | DocumentKind::Intervision => false,
    }
}

const fn lives_on(relation: Relation) -> bool {
    match relation {
        Relation::OwnRegion
        | Relation::OtherRegion
        | Relation::NetworkGrouped
        | Relation::NetworkUngrouped
        | Relation::Oneself
        | Relation::SomebodyElse => true,
        Relation::OwnGroup
        | Relation::OtherGroup
        | Relation::CommonGrouped
        | Relation::CommonUngrouped
        | Relation::Inside
        | Relation::Outside => false,
    }
}

/// What somebody may do while nothing is locked.
const fn unlocked(role: Role, relation: Relation, kind: DocumentKind) -> Access {
    // A confidential case: for its room, whosever it is, and for nobody outside.
    let is_confidential = matches!(kind, DocumentKind::Intervision);
    if is_confidential || matches!(relation, Relation::Inside | Relation::Outside) {
        return in_room(role, relation, is_confidential);
    }
    match (relation, role) {
        // What is a person's own is nobody else's business, whatever it is and whoever asks. The
        // operator is nobody in a gathering, and has nothing of their own.
        (Relation::SomebodyElse, _) | (Relation::Oneself, Role::Operator) => {
            return Access::Nothing;
        }
        (Relation::Oneself, Role::Observer) => return Access::Read,
        (Relation::Oneself, _) => return Access::Write,
        _ => {}
    }
    match kind {
        DocumentKind::Harvest | DocumentKind::Programme | DocumentKind::Visit => {
            open_to_all(role, relation)
        }
        // Everybody writes a card of their own, at a table or not; the schema sees to whose.
        DocumentKind::Closing => open_to_all(role, Relation::CommonGrouped),
        // Fresh eyes stay fresh: guests see nothing of the morning's people and plans.
        DocumentKind::Introductions if matches!(role, Role::Guest) => Access::Nothing,
        DocumentKind::Introductions => open_to_all(role, Relation::CommonGrouped),
        DocumentKind::Stakeholders | DocumentKind::ActionPlan if matches!(role, Role::Guest) => {
            Access::Nothing
        }
        DocumentKind::Stakeholders | DocumentKind::ActionPlan => open_to_all(role, relation),
        DocumentKind::Contacts => contacts(role, relation),
        DocumentKind::Report => match role {
            Role::CoreGroup | Role::Facilitator => Access::Write,
            Role::Observer | Role::Guest | Role::Participant | Role::Operator => Access::Read,
        },
        // Answered above.
        DocumentKind::Intervision => Access::Nothing,
    }
}

const fn in_room(role: Role, relation: Relation, is_confidential: bool) -> Access {
    match (role, relation) {
        (
            Role::Guest | Role::Participant | Role::CoreGroup | Role::Facilitator,
            Relation::Inside,
        ) if is_confidential => Access::Write,
        _ => Access::Nothing,
    }
}

/// How to reach people: for those who work with it, and for nobody else to see.
const fn contacts(role: Role, relation: Relation) -> Access {
    match (role, relation) {
        (Role::CoreGroup | Role::Facilitator, _)
        | (Role::Participant, Relation::OwnRegion | Relation::OwnGroup) => Access::Write,
        _ => Access::Nothing,
    }
}

/// What everybody in the room may read, and its own people write.
const fn open_to_all(role: Role, relation: Relation) -> Access {
    match role {
        Role::Observer | Role::Operator => Access::Read,
        Role::Facilitator => Access::Write,
        Role::Guest | Role::Participant | Role::CoreGroup if is_own(relation) => Access::Write,
        Role::Guest | Role::Participant | Role::CoreGroup => Access::Read,
    }
}

/// Whether somebody is one of those whose document it is.
const fn is_own(relation: Relation) -> bool {
    match relation {
        Relation::OwnGroup
        | Relation::CommonGrouped
        | Relation::OwnRegion
        | Relation::NetworkGrouped
        | Relation::Oneself => true,
        Relation::OtherGroup
        | Relation::CommonUngrouped
        | Relation::OtherRegion
        | Relation::NetworkUngrouped
        | Relation::SomebodyElse
        | Relation::Inside
        | Relation::Outside => false,
    }
}
