//! The demo province: invented bodies, services, cases and referrals on the real divisions of Jiangsu.
//!
//! The same seed on the same day gives the same records. Numbers that could be somebody's cannot exist: telephone
//! numbers begin with four zeros, codes and identity numbers name a division that is none. What the field itself
//! agrees on (`seed-data/*.csv`) is loaded as for any store.

mod body;
mod build;
mod cases;
mod codes;
mod county;
mod draw;
mod facts;
mod fees;
mod histories;
mod kinds;
mod leaves;
mod names;
mod offers;
mod office;
mod people;
mod places;
mod projects;
mod province;
mod referrals;
mod scenes;
mod schedules;
mod services;
mod sharing;
mod texts;
mod visits;
mod write;

pub use build::{Plan, Summary, build, build_plan};
pub use people::{LogIn, log_ins};
