//! How text is read: folded alike however it was typed, cut into bigrams for the index, and
//! spelt in pinyin. What words mean is in [`crate::vocabulary`].

pub mod bigram;
pub mod fold;
pub mod pinyin;

pub use fold::{Folded, fold};
