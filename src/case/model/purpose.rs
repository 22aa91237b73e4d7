//! Why somebody looks at what names a child, and which items that shows.

use serde::{Deserialize, Serialize};

use crate::access::{Class, Classes};

/// Why. A code, so that the log never holds a word about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Visiting or meeting the family.
    Visit,
    /// Reaching the family by phone.
    Contact,
    /// Preparing a referral.
    Referral,
    /// Reporting to the police or helping with an emergency.
    Report,
    /// Applying for a paper or allowance on the family's behalf.
    Application,
    /// Supervising the case.
    Supervision,
    /// Mending what is wrong, or answering the family's question about its record.
    Correction,
}

impl Purpose {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 7] =
        [Self::Visit, Self::Contact, Self::Referral, Self::Report, Self::Application, Self::Supervision, Self::Correction];
}

/// A part of a case that is shown only for a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Name.
    Name,
    /// Address.
    Address,
    /// Names and phones of the guardians.
    Contact,
    /// Identity number, day of birth, phone, school, point.
    Number,
    /// States of the guardians, since when, by which evidence: why a parent is absent.
    Guardians,
    /// The worker's account and words, diagnoses, certificates.
    Narrative,
}

impl Item {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 6] = [Self::Name, Self::Address, Self::Contact, Self::Number, Self::Guardians, Self::Narrative];
}

/// The items an actor may have shown. Who sees identity without what is sensitive is a child director: name, address and
/// contact, nothing more.
#[must_use]
pub fn items(classes: Classes) -> Vec<Item> {
    let whole = classes.has(Class::Sensitive);
    let shown = |item: &Item| match item {
        Item::Name | Item::Address => classes.has(Class::Identity),
        Item::Contact => classes.has(Class::Contact),
        Item::Number => classes.has(Class::Identity) && whole,
        Item::Guardians | Item::Narrative => whole,
    };
    Item::ALL.into_iter().filter(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_director_sees_name_address_and_contact_only() {
        let director = Classes::of(&[Class::Open, Class::Contact, Class::Identity]);
        assert_eq!(items(director), [Item::Name, Item::Address, Item::Contact]);
    }

    #[test]
    fn who_sees_no_identity_sees_no_item() {
        assert!(items(Classes::of(&[Class::Open, Class::Care, Class::Status])).is_empty());
    }
}
