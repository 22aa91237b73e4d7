//! Who a sentence speaks of.

/// A person, or a kind of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// The child of the case.
    Child,
    /// The father.
    Father,
    /// The mother.
    Mother,
    /// Both parents.
    Parents,
    /// A grandparent, or several.
    Grandparent,
    /// A step-parent, or who lives with a parent.
    Step,
    /// A brother or sister.
    Sibling,
    /// An aunt, an uncle, another relative.
    Relative,
    /// A child among others: a schoolmate.
    Peer,
    /// A teacher.
    Teacher,
    /// Another grown-up.
    Adult,
    /// Whoever looks after the child, not named more closely.
    Guardian,
    /// The household.
    Family,
    /// Somebody the case is not about.
    Other,
}

impl Person {
    /// The person of that name in the tables.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "child" => Self::Child,
            "father" => Self::Father,
            "mother" => Self::Mother,
            "parents" => Self::Parents,
            "grandparent" => Self::Grandparent,
            "step" => Self::Step,
            "sibling" => Self::Sibling,
            "relative" => Self::Relative,
            "peer" => Self::Peer,
            "teacher" => Self::Teacher,
            "adult" => Self::Adult,
            "guardian" => Self::Guardian,
            "family" => Self::Family,
            _ => return None,
        })
    }

    /// Whether it is a father or mother, or both.
    #[must_use]
    pub fn is_parent(self) -> bool {
        matches!(self, Self::Father | Self::Mother | Self::Parents)
    }

    /// Whether it is a grown-up of the child's family.
    #[must_use]
    pub fn is_carer(self) -> bool {
        self.is_parent() || matches!(self, Self::Grandparent | Self::Step | Self::Relative | Self::Guardian)
    }

    /// Whether it is grown up.
    #[must_use]
    pub fn is_grown(self) -> bool {
        self.is_carer() || matches!(self, Self::Teacher | Self::Adult)
    }

    /// Who is meant where this one follows at once on another, as in 孩子的奶奶 and 同学妈妈.
    pub(super) fn after(self, other: Self) -> Self {
        if matches!(other, Self::Peer | Self::Teacher | Self::Adult | Self::Relative | Self::Sibling | Self::Other) {
            Self::Other
        } else {
            self
        }
    }
}
