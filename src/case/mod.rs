//! Children, cases and needs: who asks for help, what is known, what is needed and how far it is met.
//!
//! Identity is ciphertext under a key of the child's own; a case without it is an alias, an age and its needs.

pub mod model;
pub mod store;
