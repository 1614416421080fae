//! How to reach the people behind a stakeholder map, under the stakeholders' ids.
//!
//! Personal data: contributions say neither whose contact it is nor what it holds. Who may read
//! the document at all is in the server's rights.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, Keys, Shape};
use super::rule::Rule;
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words {
        be: "Contactgegevens",
        nl: "Contactgegevens",
        fr: "Coordonnées",
        en: "Contact details",
    },
    seeds: no_seeds,
};

static ROOT: Shape =
    Shape::kept(Keys::Named(&[&HEADING, &[Field::map("contacts", &CONTACTS, Acts::INHERITED)]]));

static CONTACTS: Shape = Shape::kept(Keys::Items(&Item::new(&CONTACT, Kind::ContactEdited, &[])));

const EDITED: Acts = Acts::always(Kind::ContactEdited);

static CONTACT: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("name", EDITED),
    Field::text("function", EDITED),
    Field::text("phone", EDITED),
    Field::text("email", EDITED),
    Field::value("removed", Rule::Removed, EDITED),
]]));
