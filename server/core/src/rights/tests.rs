//! The table once more, written down cell by cell as the contract and the domain say it.

use super::*;

const RELATIONS: [Relation; 10] = [
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
];

/// While nothing is locked, a row a role, a column a relation in the order above: `W` write, `R`
/// read, `-` nothing.
const TABLE: [(DocumentKind, [(Role, &str); 6]); 2] = [
    (
        DocumentKind::Harvest,
        [
            (Role::Observer, "R R  R R  R R  R R  R -"),
            (Role::Guest, "W R  W R  W R  W R  W -"),
            (Role::Participant, "W R  W R  W R  W R  W -"),
            (Role::CoreGroup, "W R  W R  W R  W R  W -"),
            (Role::Facilitator, "W W  W W  W W  W W  W -"),
            (Role::Operator, "R R  R R  R R  R R  - -"),
        ],
    ),
    (
        DocumentKind::Programme,
        [
            (Role::Observer, "R R  R R  R R  R R  R -"),
            (Role::Guest, "W R  W R  W R  W R  W -"),
            (Role::Participant, "W R  W R  W R  W R  W -"),
            (Role::CoreGroup, "W R  W R  W R  W R  W -"),
            (Role::Facilitator, "W W  W W  W W  W W  W -"),
            (Role::Operator, "R R  R R  R R  R R  - -"),
        ],
    ),
];

/// Those that a gathering's closing locks: what belongs to it and its groups.
const CLOSE_WITH_THE_DAY: &[Relation] = RELATIONS.split_at(4).0;

#[test]
fn every_cell_of_the_table_is_as_the_contract_says() {
    let mut cells = 0;
    for (kind, rows) in TABLE {
        for (role, row) in rows {
            let row: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(row.len(), RELATIONS.len(), "{kind:?} {role:?}");
            for (relation, letter) in RELATIONS.into_iter().zip(row) {
                for status in [Status::Prepared, Status::Open, Status::Closed] {
                    for frozen in [false, true] {
                        let over =
                            status == Status::Closed && CLOSE_WITH_THE_DAY.contains(&relation);
                        let wanted = match letter {
                            "W" if frozen || over => Access::Read,
                            "W" => Access::Write,
                            "R" => Access::Read,
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
    assert_eq!(cells, TABLE.len() * 6 * RELATIONS.len() * 3 * 2);
}
