//! The tables of the case side. Ciphertext is opened here, and only by the functions that say so.

mod case;
mod child;
mod list;
mod need;
mod report;

pub use case::{find, has_live_referral, insert, of_child_open, of_station, of_worker, put_writing, risk_before, update, writing};
pub use child::{
    Filled, child, child_key, children_by_blind, filled, guardians, identity, insert_child, insert_key, names_of_guardians, put_identity,
    replace_guardians, take_aliases, update_child,
};
pub use list::{Line, Within, briefs, count, lines};
pub use need::{insert_need, need, needs, put_words, settle, update_need, words};
pub use report::{ReportDuty, insert_report_duty, make_report, report_duties};
