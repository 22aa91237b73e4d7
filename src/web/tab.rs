//! One of several lists or parts that a page can show.

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// Whether it is shown.
    pub current: bool,
}
