//! Who may do what in which document: one table, and the only place that decides.
//!
//! Invariant: rights come from the role and the group that the server knows, never from a
//! payload. Writing is asked of the *accepted* state, so that a lock that is on its way to the
//! disk already holds; reading of the *durable* one, so that nothing is shown too early.
//!
//! Not here: which key of a document whom belongs to (the schemas), who may give a command
//! (`gathering::command`).

use oogst_protocol::event::{Role, Status};
use oogst_protocol::schema::DocumentKind;

/// How a member stands to a document.
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
#[must_use]
pub const fn access(
    role: Role,
    relation: Relation,
    kind: DocumentKind,
    status: Status,
    frozen: bool,
) -> Access {
    match kind {
        // Everybody in the room may read these; intervision will differ here.
        DocumentKind::Harvest | DocumentKind::Programme => {}
    }
    let writes = match role {
        Role::Observer | Role::Operator => false,
        Role::Facilitator => true,
        Role::Guest | Role::Participant | Role::CoreGroup => match relation {
            Relation::OwnGroup | Relation::CommonGrouped => true,
            Relation::OtherGroup | Relation::CommonUngrouped => false,
        },
    };
    let live = match status {
        Status::Prepared | Status::Open => !frozen,
        Status::Closed => false,
    };
    if writes && live { Access::Write } else { Access::Read }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELATIONS: [Relation; 4] = [
        Relation::OwnGroup,
        Relation::OtherGroup,
        Relation::CommonGrouped,
        Relation::CommonUngrouped,
    ];

    /// Own group, other group, common with a group, common without: while nothing is locked.
    const TABLE: [(Role, [Access; 4]); 6] = {
        use Access::{Read as R, Write as W};
        [
            (Role::Observer, [R, R, R, R]),
            (Role::Guest, [W, R, W, R]),
            (Role::Participant, [W, R, W, R]),
            (Role::CoreGroup, [W, R, W, R]),
            (Role::Facilitator, [W, W, W, W]),
            (Role::Operator, [R, R, R, R]),
        ]
    };

    #[test]
    fn every_cell_of_the_table_is_as_the_contract_says() {
        let mut cells = 0;
        for (role, row) in TABLE {
            for (relation, unlocked) in RELATIONS.into_iter().zip(row) {
                for kind in [DocumentKind::Harvest, DocumentKind::Programme] {
                    for status in [Status::Prepared, Status::Open, Status::Closed] {
                        for frozen in [false, true] {
                            let locked = frozen || status == Status::Closed;
                            let wanted = if locked { Access::Read } else { unlocked };
                            let found = access(role, relation, kind, status, frozen);
                            let cell = (role, relation, kind, status, frozen);
                            assert_eq!(found, wanted, "{cell:?}");
                            cells += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(cells, 6 * 4 * 2 * 3 * 2);
    }
}
