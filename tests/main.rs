//! Journeys through the product, over HTTP and by command, in one binary.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

mod accounts;
mod architecture;
mod case_access;
mod case_states;
mod cases;
mod casework;
mod comparison;
mod conference;
mod conference_decisions;
mod conference_readers;
mod demo;
mod directory;
mod dispatch;
mod duplicates;
mod following;
mod freshness;
mod handover;
mod hsds;
mod hsds_import;
mod kill;
mod leads;
mod links;
mod lists;
mod matching;
mod merge;
mod near;
mod notices;
mod numbers;
mod openapi;
mod organization_states;
mod permissions;
mod practice;
mod programs;
mod referral_clock;
mod referral_lists;
mod referral_pages;
mod referral_places;
mod referral_states;
mod referrals;
mod registration;
mod relevance;
mod schedule;
mod search;
mod search_gaps;
mod services;
mod sheets;
mod shortlists;
mod simulation;
mod texts;
mod versions;
mod visits;
