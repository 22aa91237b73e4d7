//! A made-up county that judges policies: what a year of referrals comes to under each of them.
//!
//! [`luck`] draws, [`world`] is the county with what it hides, [`people`] are its families,
//! [`year`] lets 60 weeks pass against a [`contender`], [`oracle`] is the contender that knows
//! what is hidden, [`score`] counts.
//!
//! How its parameters were chosen: sizes, the 8 % of dead listings and what is hidden are those of
//! the description in `docs/MATCHING.md`. Rates are round numbers with a spread between services
//! and between organisations. Only two of them were then set by looking at results, both before
//! the policy was tuned and by baselines and the oracle alone: how many places a service has and
//! how many of them families from elsewhere take, until the careful worker and the oracle complete
//! about as many needs as in the worlds of that description (0.588 and 0.685). The families' start
//! and the services' completion have the form that the policy assumes, with other coefficients.

pub mod contender;
pub mod luck;
pub mod oracle;
pub mod people;
pub mod report;
pub mod score;
pub mod world;
pub mod year;
