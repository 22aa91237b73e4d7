//! A saved list: whose it is, who else keeps it, how much it holds.

use jiff::Timestamp;

use crate::access::{Facts, Subject};
use crate::error::Fault;
use crate::id::{AccountId, OrganizationId, ShortlistId};

/// Services of a list at most.
pub const MOST_SERVICES: u32 = 60;
/// Lists of a person at most.
pub const MOST_LISTS: usize = 100;
/// Characters of a name at most.
const LONGEST_NAME: usize = 40;

/// A list.
#[derive(Clone)]
pub struct Shortlist {
    /// Id.
    pub id: ShortlistId,
    /// Whose it is.
    pub owner: AccountId,
    /// The owner's name.
    pub owner_name: String,
    /// The station that shares it.
    pub station: Option<OrganizationId>,
    /// Name, as its owner gave it; in no log.
    pub name: String,
    /// How many services it holds.
    pub services: u32,
    /// Version, for changes.
    pub version: i64,
    /// When it was begun.
    pub at: Timestamp,
}

impl Subject for Shortlist {
    fn facts(&self) -> Facts {
        Facts { station: self.station.clone(), ..self.own_facts() }
    }
}

impl Shortlist {
    /// The facts that its owner's deeds are decided upon: sharing grants none of them.
    #[must_use]
    pub fn own_facts(&self) -> Facts {
        Facts { thing: ShortlistId::KIND, id: self.id.to_string(), worker: Some(self.owner.clone()), ..Facts::default() }
    }
}

/// The name of a list, in `field` of a form.
///
/// # Errors
/// [`Fault`] unless it is there and of at most forty characters.
pub fn name(field: &str, text: &str) -> Result<String, Fault> {
    match text.trim() {
        "" => Err(Fault::new(field, "required")),
        long if long.chars().count() > LONGEST_NAME => Err(Fault::new(field, "too_long")),
        name => Ok(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_there_and_short() {
        assert_eq!(name("name", " 放学后去哪儿 ").unwrap(), "放学后去哪儿");
        assert_eq!(name("name", "  ").unwrap_err().reason, "required");
        assert_eq!(name("name", &"长".repeat(41)).unwrap_err().reason, "too_long");
    }
}
