//! Which parts of the policy work: all, unless a comparison leaves one out.

/// A part that can be left out to see what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The way, in the start and the completion.
    Travel,
    /// The fit of tags.
    Fit,
    /// The assignment of all open needs at once.
    Allocation,
    /// Postings of free places.
    Posted,
    /// Learning from events.
    Learning,
    /// The expected wait.
    Delay,
    /// Questions to families.
    Asking,
    /// One little-tried service now and then; never for tier 1.
    Exploration,
}

/// Which parts are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    without: Vec<Part>,
}

impl Default for Options {
    /// All parts but exploration.
    fn default() -> Self {
        Self { without: vec![Part::Exploration] }
    }
}

impl Options {
    /// Not this part.
    #[must_use]
    pub fn without(mut self, part: Part) -> Self {
        self.without.push(part);
        self
    }

    /// This part too.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.without.retain(|left_out| *left_out != part);
        self
    }

    /// Whether a part works.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        !self.without.contains(&part)
    }
}
