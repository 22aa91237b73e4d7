//! lianjie 链接: finds help for a child, links the bodies that give it, and follows each referral until the
//! need is met.
//!
//! An offering comes in at the left of this list, a statistic goes out at the right. A folder imports folders
//! to its left and the kits; `docs/ARCHITECTURE.md` walks through them.

rust_i18n::i18n!("locales", fallback = "zh-CN");

// Kits.
pub mod access;
pub mod api;
pub mod app;
pub mod clock;
pub mod config;
pub mod error;
pub mod grid;
pub mod id;
pub mod locale;
pub mod secret;
pub mod seed;
pub mod store;
pub mod web;

// Folders, in import order.
pub mod account;
pub mod allocation;
pub mod audit;
pub mod calendar;
pub mod case;
pub mod comparison;
pub mod conference;
pub mod consent;
pub mod demo;
pub mod division;
pub mod duplicate;
pub mod emergency;
pub mod everyday;
pub mod exchange;
pub mod freshness;
pub mod handover;
pub mod link;
pub mod matching;
pub mod merge;
pub mod organization;
pub mod program;
pub mod referral;
pub mod roster;
pub mod schedule;
pub mod search;
pub mod service;
pub mod shortlist;
pub mod statistics;
pub mod taxonomy;
pub mod today;

// Where all comes together.
pub mod boot;
pub mod cli;
pub mod rounds;
pub mod server;
