//! The demo province: invented bodies, services and cases, the same for the same seed and day.

mod codes;
mod draw;
mod fees;
mod kinds;
mod leaves;
mod names;
mod province;
mod schedules;
mod texts;
