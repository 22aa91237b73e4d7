//! A referral: one need to one service, with what the provider sees of it.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::{DivisionCode, TermCode};
use serde::{Deserialize, Serialize};

use super::{Known, Standing, State, Timer};
use crate::access::{Facts, Subject};
use crate::case::model::{Case, Sex};
use crate::consent::model::{Item, Purpose};
use crate::id::{AccountId, CaseId, ConsentId, DispatchId, NeedId, OrganizationId, ReferralId, ServiceAtLocationId};
use crate::service::model::Offering;

/// What a provider sees before it accepts. Frozen when written; every text in it was looked through for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// 小 and a character.
    pub alias: String,
    /// Band of three years.
    pub age_band: Option<String>,
    /// Sex, where it matters.
    pub sex: Option<Sex>,
    /// Township.
    pub township: DivisionCode,
    /// What is needed.
    pub term: TermCode,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// When the child can come.
    pub time_windows: String,
    /// What staff must know to be safe.
    pub safety_notes: String,
    /// How the child moves.
    pub mobility: String,
    /// How the family travels.
    pub travel: Option<String>,
}

/// A referral.
#[derive(Debug, Clone)]
pub struct Referral {
    /// Id.
    pub id: ReferralId,
    /// Number to say on the phone.
    pub number: String,
    /// Which need.
    pub need: NeedId,
    /// Whose case.
    pub case: CaseId,
    /// Of which dispatch.
    pub dispatch: DispatchId,
    /// Which service, where.
    pub site: ServiceAtLocationId,
    /// Whose service.
    pub organization: OrganizationId,
    /// Who wrote it.
    pub author: AccountId,
    /// Who chases; of live ones never absent.
    pub owner: Option<AccountId>,
    /// For what.
    pub purpose: Purpose,
    /// What is seen before acceptance.
    pub brief: Brief,
    /// What is to be seen afterwards.
    pub items: Vec<Item>,
    /// The consent it was written under.
    pub consent: Option<ConsentId>,
    /// The one it follows.
    pub follows: Option<ReferralId>,
    /// Where it stands.
    pub standing: Standing,
    /// When something is due, and which timer says so; of live ones never absent.
    pub due: Option<(Timestamp, Timer)>,
    /// When it last changed; of ended ones the end.
    pub changed_at: Timestamp,
}

impl Referral {
    /// State.
    #[must_use]
    pub const fn state(&self) -> State {
        self.standing.state
    }

    /// What is known when a step is asked for.
    #[must_use]
    pub fn known(&self, actor: &AccountId, today: Date) -> Known {
        Known {
            tier: self.standing.tier,
            needs_approval: false,
            waits_for_turn: false,
            is_author: self.author == *actor,
            questions: self.standing.questions,
            withdrawal_requested: self.standing.has(super::Flag::WithdrawalRequested),
            consent_blocked: self.standing.has(super::Flag::ConsentBlocked),
            to_confirm: self.standing.has(super::Flag::ToConfirm),
            on_hold: self.standing.hold.is_some(),
            ended_days: self.state().is_terminal().then(|| (today - crate::clock::day(self.changed_at)).get_days()),
        }
    }

    /// The facts to decide upon. The provider knows of it only once it went out.
    #[must_use]
    pub fn facts(&self, case: &Case) -> Facts {
        Facts {
            thing: "referral",
            id: self.id.to_string(),
            organization: self.standing.sent_at.is_some().then(|| self.organization.clone()),
            author: Some(self.author.clone()),
            draft: self.state() == State::Draft,
            ..case.facts()
        }
    }

    /// Whether the provider may still see the brief.
    #[must_use]
    pub fn shows_brief(&self) -> bool {
        shows_brief(self.standing.sent_at, self.state(), &self.standing.flags)
    }

    /// Whether the provider may see the packet, as far as consents allow.
    #[must_use]
    pub fn shows_packet(&self) -> bool {
        self.state().is_accepted() && !self.standing.has(super::Flag::ConsentBlocked)
    }
}

/// Whether a provider may still see the brief of what was sent, stands so and has these flags.
#[must_use]
pub fn shows_brief(sent_at: Option<Timestamp>, state: State, flags: &[super::Flag]) -> bool {
    sent_at.is_some() && state.is_live() && !flags.contains(&super::Flag::ConsentBlocked)
}

/// Whether another person must let it go out: another county's provider, a sensitive or secret item, or the station pays.
#[must_use]
pub fn needs_approval(case: &Case, offering: &Offering, items: &[Item], station_pays: bool) -> bool {
    let elsewhere = offering.organization.division.county() != case.division.county();
    elsewhere || station_pays || items.iter().any(|item| item.is_grave())
}
