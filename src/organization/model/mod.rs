//! What an organization is, the states it goes through, and the checks of what is written about it.

mod location;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::entry::Level;
use lianjie_index::{DivisionCode, TermCode};
use serde::{Deserialize, Serialize};

use super::phone;
use crate::access::{Actor, Facts, Subject};
use crate::error::{Fault, Transition};
use crate::id::{AccountId, OrganizationId, PractitionerId, ProgramId};

pub use location::{Crs, Location, LocationType};

/// Where an organization stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written.
    Draft,
    /// Handed in, waits for the registrar.
    Pending,
    /// Verified by a registrar.
    Verified,
    /// Taken out of referral for a reason.
    Suspended,
    /// Gone.
    Closed,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Pending, Self::Verified, Self::Suspended, Self::Closed];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

/// A step of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The organization hands its entry in.
    Submit,
    /// The registrar verifies it.
    Verify,
    /// The registrar gives it back with a remark.
    Return,
    /// The registrar takes it out of referral.
    Suspend,
    /// The registrar puts it back.
    Resume,
    /// It is gone.
    Close,
    /// It is there again and must be verified anew.
    Reopen,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Submit, Self::Verify, Self::Return, Self::Suspend, Self::Resume, Self::Close, Self::Reopen];

    /// The name, as in `locales/` below `organization.action.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Verify => "verify",
            Self::Return => "return",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    /// Whether a reason must be said.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Suspend | Self::Close)
    }

    /// Whether only a registrar takes it; the others are the organization's own too.
    #[must_use]
    pub const fn is_registrars(self) -> bool {
        matches!(self, Self::Verify | Self::Return | Self::Suspend | Self::Resume | Self::Reopen)
    }
}

/// An organization: a provider, a body, a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Id.
    pub id: OrganizationId,
    /// Code of its kind (`org-types.csv`).
    pub kind: String,
    /// Name.
    pub name: String,
    /// Another name people use.
    pub alternate_name: Option<String>,
    /// What it is, in its own words.
    pub description: String,
    /// 统一社会信用代码.
    pub code_uscc: Option<String>,
    /// Division it lies in.
    pub division: DivisionCode,
    /// Address.
    pub address: String,
    /// Phone numbers of the organization, never a person's private one.
    pub phones: Vec<String>,
    /// Those of them that are mobile and, as the organization says, its office's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub office_phones: Vec<String>,
    /// Website.
    pub website: Option<String>,
    /// The body it is a branch of.
    pub parent: Option<OrganizationId>,
    /// Status.
    pub status: Status,
    /// Why it was returned, suspended or closed.
    pub status_reason: Option<String>,
    /// Who entered it.
    pub entered_by: Option<AccountId>,
    /// When a registrar last verified it.
    pub verified_at: Option<Timestamp>,
    /// Last day that verification holds.
    pub verified_until: Option<Date>,
    /// Who may see it.
    pub confidentiality: Level,
    /// Whether it is listed at all.
    pub listed: bool,
    /// Whether workers are told not to refer there.
    pub do_not_refer: bool,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Organization {
    /// Whether the actor entered it and it is still the actor's to look after: what is confidential is so for that person too, once
    /// a registrar has verified it.
    #[must_use]
    pub fn still_of(&self, actor: &Actor) -> bool {
        let wrote = actor.is_signed_in() && self.entered_by.as_ref() == Some(&actor.id);
        wrote && (self.confidentiality != Level::Restricted || matches!(self.status, Status::Draft | Status::Pending))
    }

    /// A draft in which nothing is written yet.
    #[must_use]
    pub fn blank(at: Timestamp) -> Self {
        Self {
            id: OrganizationId::new(at),
            kind: String::new(),
            name: String::new(),
            alternate_name: None,
            description: String::new(),
            code_uscc: None,
            division: "32".parse().expect("two digits are a division"),
            address: String::new(),
            phones: Vec::new(),
            office_phones: Vec::new(),
            website: None,
            parent: None,
            status: Status::Draft,
            status_reason: None,
            entered_by: None,
            verified_at: None,
            verified_until: None,
            confidentiality: Level::Public,
            listed: true,
            do_not_refer: false,
            version: 1,
        }
    }

    /// Whether a number of it is likely somebody's own.
    #[must_use]
    pub fn is_private(&self, phone: &str) -> bool {
        phone::is_private(phone, &self.office_phones)
    }

    /// The numbers that anybody may read.
    #[must_use]
    pub fn public_phones(&self) -> Vec<String> {
        self.phones.iter().filter(|phone| !self.is_private(phone)).cloned().collect()
    }

    /// The numbers that are likely somebody's own.
    #[must_use]
    pub fn private_phones(&self) -> Vec<String> {
        self.phones.iter().filter(|phone| self.is_private(phone)).cloned().collect()
    }

    /// Where a step leads.
    ///
    /// # Errors
    /// [`Transition`] for every step the status does not allow.
    pub fn step(&self, step: Step) -> Result<Status, Transition> {
        match (self.status, step) {
            (Status::Draft, Step::Submit) | (Status::Closed, Step::Reopen) => Ok(Status::Pending),
            (Status::Pending, Step::Return) => Ok(Status::Draft),
            (Status::Pending | Status::Verified, Step::Verify) | (Status::Suspended, Step::Resume) => Ok(Status::Verified),
            (Status::Verified, Step::Suspend) => Ok(Status::Suspended),
            (Status::Draft | Status::Pending | Status::Verified | Status::Suspended, Step::Close) => Ok(Status::Closed),
            (from, step) => Err(Transition { thing: "organization", from: from.name(), action: step.name() }),
        }
    }

    /// Whether its verification has run out by a day.
    #[must_use]
    pub fn is_expired(&self, day: Date) -> bool {
        self.verified_until.is_some_and(|until| until < day)
    }
}

impl Subject for Organization {
    fn facts(&self) -> Facts {
        Facts {
            thing: "organization",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            organization: Some(self.id.clone()),
            author: self.entered_by.clone(),
            ..Facts::default()
        }
    }
}

/// Languages and dialects of the province, as a licensed person, a service and a family write them alike.
pub const LANGUAGES: [&str; 6] = ["普通话", "江淮官话", "吴语", "中原官话", "手语", "英语"];

/// A psychologist, therapist or other licensed person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Practitioner {
    /// Id.
    pub id: PractitionerId,
    /// Whose.
    pub organization: OrganizationId,
    /// Name at work.
    pub name: String,
    /// `psychologist`, `counsellor`, `psychiatrist`, `therapist`, `social_worker`, `lawyer`, `teacher`.
    pub profession: String,
    /// What licence.
    pub licence_kind: Option<String>,
    /// Last day it holds.
    pub licence_until: Option<Date>,
    /// Taxonomy leaves.
    pub terms: Vec<TermCode>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// Whether the name is shown.
    pub listed: bool,
}

/// A purchased project (服务项目); when it ends, so do its services' places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// Id.
    pub id: ProgramId,
    /// Whose.
    pub organization: OrganizationId,
    /// Name.
    pub name: String,
    /// Who pays.
    pub funder: String,
    /// Division that buys it: there it is seen, paid and counted. None is where the organization sits.
    #[serde(default)]
    pub division: Option<DivisionCode>,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Budget in fen.
    pub budget_fen: i64,
    /// Children to be reached.
    pub target_children: Option<i64>,
    /// Sessions to be held.
    pub target_sessions: Option<i64>,
}

const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Reads a 统一社会信用代码 (GB 32100-2015): full width, small letters and blanks are forgiven.
///
/// # Errors
/// The fault: wrong length, a letter that cannot occur, or a check character that does not fit.
pub fn read_uscc(text: &str) -> Result<String, Fault> {
    let code: String = lianjie_index::text::fold(text).to_uppercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let fault = |reason| Fault::new("code_uscc", reason);
    if code.chars().count() != 18 {
        return Err(fault("uscc_length").with("length", code.chars().count()));
    }
    let value = |letter: char| USCC_ALPHABET.chars().zip(0u32..).find(|(known, _)| *known == letter).map(|(_, value)| value);
    let values: Option<Vec<u32>> = code.chars().map(value).collect();
    let Some(values) = values else {
        let letter = code.chars().find(|letter| value(*letter).is_none()).unwrap_or(' ');
        return Err(fault("uscc_letter").with("letter", letter));
    };
    let sum: u32 = values.iter().zip(USCC_WEIGHTS).map(|(value, weight)| value * weight).sum();
    let check = (31 - sum % 31) % 31;
    if values[17] == check { Ok(code) } else { Err(fault("uscc_check")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_are_right_and_common_mistakes_are_named() {
        for code in [
            "91350100M000100Y43",
            "91330100799655058B",
            "9144030071526726XG",
            "91310000132260250X",
            "52329900MJ9900012Q",
            "12329900MB99000484",
        ] {
            assert_eq!(read_uscc(code).unwrap(), code);
        }
        assert_eq!(read_uscc("９１３５０１００ｍ０００１００ｙ４３").unwrap(), "91350100M000100Y43");
        assert_eq!(read_uscc(" 9135 0100 M000 100Y 43 ").unwrap(), "91350100M000100Y43");
        assert_eq!(read_uscc("91350100MO00100Y43").unwrap_err().reason, "uscc_letter");
        assert_eq!(read_uscc("91330100799655058C").unwrap_err().reason, "uscc_check");
        assert_eq!(read_uscc("91350100M000100Y4").unwrap_err().reason, "uscc_length");
    }
}
