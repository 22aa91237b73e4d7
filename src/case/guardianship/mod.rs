//! 监护: of every child on file, whether its guardianship was assessed and what was found, and whether it is in entrusted care
//! by an agreement where it needs to be. The two coverage figures aim at 100 %.

pub mod actions;
pub mod api;
pub mod page;
pub mod store;
