//! The table once more, written down cell by cell as the contract and the domain say it.

use super::*;

/// The columns of the table below, in order.
const RELATIONS: [Relation; 12] = [
    Relation::OwnGroup,
    Relation::OtherGroup,
    Relation::CommonGrouped,
    Relation::CommonUngrouped,
    Relation::OwnRegion,
    Relation::OtherRegion,
    Relation::NetworkGrouped,
    Relation::NetworkUngrouped,
    Relation::Oneself,
    Relation::SomebodyElse,
    Relation::Inside,
    Relation::Outside,
];

/// The rows of each kind, in order.
const ROLES: [Role; 6] = [
    Role::Observer,
    Role::Guest,
    Role::Participant,
    Role::CoreGroup,
    Role::Facilitator,
    Role::Operator,
];

/// While nothing is locked, a row a role: `W` write, `R` read, `-` nothing.
///
/// The columns: own group, another; the gathering's, with a group and without; own region,
/// another; the network's, with a group and without; one's own, somebody else's; inside the
/// room, outside.
const TABLE: [(DocumentKind, [&str; 6]); 10] = [
    (
        DocumentKind::Harvest,
        [
            "RR RR RR RR R- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Programme,
        [
            "RR RR RR RR R- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Introductions,
        [
            "RR RR RR RR R- --",
            "-- -- -- -- W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Stakeholders,
        [
            "RR RR RR RR R- --",
            "-- -- -- -- W- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Contacts,
        [
            "-- -- -- -- R- --",
            "-- -- -- -- W- --",
            "W- -- W- -- W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "-- -- -- -- -- --",
        ],
    ),
    (
        DocumentKind::ActionPlan,
        [
            "RR RR RR RR R- --",
            "-- -- -- -- W- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Intervision,
        [
            "-- -- -- -- -- --",
            "-- -- -- -- -- W-",
            "-- -- -- -- -- W-",
            "-- -- -- -- -- W-",
            "-- -- -- -- -- W-",
            "-- -- -- -- -- --",
        ],
    ),
    (
        DocumentKind::Visit,
        [
            "RR RR RR RR R- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WR WR WR WR W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Closing,
        [
            "RR RR RR RR R- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
    (
        DocumentKind::Report,
        [
            "RR RR RR RR R- --",
            "RR RR RR RR W- --",
            "RR RR RR RR W- --",
            "WW WW WW WW W- --",
            "WW WW WW WW W- --",
            "RR RR RR RR -- --",
        ],
    ),
];

/// What a closing gathering locks: its own documents, its groups' and its rooms'. What regions,
/// the network and people own lives on.
fn closes_with_the_day(relation: Relation) -> bool {
    let place = RELATIONS.iter().position(|found| *found == relation).unwrap();
    !(4..10).contains(&place)
}

#[test]
fn every_cell_of_the_table_is_as_the_contract_says() {
    let mut cells = 0;
    for (kind, rows) in TABLE {
        for (role, row) in ROLES.into_iter().zip(rows) {
            let row: Vec<char> = row.chars().filter(|letter| *letter != ' ').collect();
            assert_eq!(row.len(), RELATIONS.len(), "{kind:?} {role:?}");
            for (relation, letter) in RELATIONS.into_iter().zip(row) {
                for status in [Status::Prepared, Status::Open, Status::Closed] {
                    for frozen in [false, true] {
                        let over = status == Status::Closed && closes_with_the_day(relation);
                        let wanted = match letter {
                            'W' if frozen || over => Access::Read,
                            'W' => Access::Write,
                            'R' => Access::Read,
                            _ => Access::Nothing,
                        };
                        let found = access(role, relation, kind, status, frozen);
                        let cell = (role, relation, kind, status, frozen);
                        assert_eq!(found, wanted, "{cell:?}");
                        cells += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cells, DocumentKind::ALL.len() * ROLES.len() * RELATIONS.len() * 3 * 2);
}

#[test]
fn what_is_open_is_read_by_every_member_and_nothing_else_is() {
    for (kind, rows) in TABLE {
        // Members, and what is no person's own.
        let cells = rows[..5].iter().map(|row| row.replace(' ', ""));
        let everybody_reads = cells.clone().all(|row| !row[..8].contains('-'));
        assert_eq!(is_open(kind), everybody_reads, "{kind:?}");
    }
}
