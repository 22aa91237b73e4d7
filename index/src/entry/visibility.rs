//! Who may see an entry. The caller computes it from the record's states by the table "Visible to
//! whom"; here it is only obeyed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::code::OrganizationId;

/// What the caller has decided about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visibility {
    /// Whether a search shows it.
    pub search: Shown,
    /// Whether it may be proposed for a child.
    pub matching: bool,
    /// Who may read it.
    pub level: Level,
    /// Whether its verification has run out: it then comes after all valid ones of equal utility.
    #[serde(default)]
    pub verification_expired: bool,
    /// Whether a registrar's verification holds, whatever it is marked for.
    #[serde(default)]
    pub verified: bool,
}

/// Whether and how a search shows an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Only by direct link.
    None,
    /// With a mark.
    Marked(Mark),
    /// Plainly.
    Yes,
}

/// Why an entry is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Never verified.
    Pending,
    /// Verification has run out.
    Expired,
    /// Changed after verification and not yet checked.
    Edited,
    /// The service is not active now.
    Inactive,
    /// The project that pays for it is over.
    ProgramOver,
    /// The practitioner's licence has lapsed.
    LicenceLapsed,
    /// Do not refer here.
    DoNotRefer,
}

/// Who may read an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everybody.
    #[default]
    Public,
    /// Workers.
    Workers,
    /// Workers named for it.
    Restricted,
}

/// Who looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The public, or a worker.
    pub level: Level,
    /// Organisations whose restricted entries this worker may read.
    pub restricted: BTreeSet<OrganizationId>,
}

impl Viewer {
    /// Anybody.
    #[must_use]
    pub fn public() -> Self {
        Self::default()
    }

    /// A worker without restricted organisations.
    #[must_use]
    pub fn worker() -> Self {
        Self { level: Level::Workers, restricted: BTreeSet::new() }
    }

    /// Whether this viewer may read entries of that level and organisation.
    #[must_use]
    pub fn may_read(&self, visibility: Visibility, organization: &OrganizationId) -> bool {
        match visibility.level {
            Level::Public => true,
            Level::Workers => self.level >= Level::Workers,
            Level::Restricted => self.level >= Level::Workers && self.restricted.contains(organization),
        }
    }

    /// Whether a search shows the entry to this viewer. The public sees what is verified, with an
    /// expired verification marked.
    #[must_use]
    pub fn finds(&self, visibility: Visibility, organization: &OrganizationId) -> bool {
        let shown = match visibility.search {
            Shown::Yes | Shown::Marked(Mark::Expired | Mark::Edited) => true,
            Shown::Marked(_) => self.level >= Level::Workers,
            Shown::None => false,
        };
        shown && self.may_read(visibility, organization)
    }
}
