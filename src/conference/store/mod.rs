//! The tables of meetings. Ciphertext is opened here, and only by the functions that say so.

mod action;
mod agenda;
mod conference;
mod decision;
mod handover;
mod item;
mod ledger;
mod receiver;

pub use action::{
    act, acts, acts_due, acts_of_case, acts_of_organization, acts_to_check, insert_act, late_acts, next_act, open_acts, person_of,
    report_act, set_act_words, told,
};
pub use agenda::{Found, agenda, case_of_number, give_back_proposal, insert_proposal, proposal_words, take_proposal};
pub use conference::{Invited, attended, bodies, find, insert, invite, left_open, lines, next_copy, planned, update};
pub use decision::{decisions, dissents, insert_decision, insert_dissent, next_decision};
pub use handover::{give, led, release};
pub use item::{
    amendments, coming_item, insert_amendment, insert_item, item, item_words, items, last_items, minutes, put_minutes, remove_item,
    update_item,
};
pub use ledger::{Asked, asked};
pub use receiver::{Receiver, address, receivers, strike};

use crate::id::ChildId;
use crate::secret::{ChildKey, Place, Words};

/// Whose key seals the words of an item, and all that hangs on it.
pub type Sealing<'a> = (&'a ChildKey, &'a ChildId);

/// Words of a row under the child's key.
fn seal((key, child): Sealing<'_>, table: &'static str, words: &Words) -> Option<String> {
    words.seal(key, Place { table, child: child.as_str(), field: "words" })
}

/// The words of a row: the caller has asked `decide` and records the view.
fn open((key, child): Sealing<'_>, table: &'static str, cell: Option<&str>) -> crate::error::Result<Words> {
    Ok(Words::open(key, Place { table, child: child.as_str(), field: "words" }, cell)?)
}
