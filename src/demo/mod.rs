//! The demo province: invented bodies, services and cases, the same for the same seed and day.

pub mod codes;
pub mod draw;
pub mod names;
