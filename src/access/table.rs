//! The permission table: role × action → how far the role reaches.

use std::fmt::Write as _;

use super::{Action, Role};

/// How far a role reaches for an action. Everything not listed is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// A: anywhere.
    Anywhere,
    /// a: a case of one's own, in a station one is granted.
    Assigned,
    /// v: the own village.
    Village,
    /// s: the own station.
    Station,
    /// c: the county or prefecture subtree.
    County,
    /// c, but only cases of risk red.
    RedCounty,
    /// o: the own organization.
    Own,
    /// m: a meeting one is invited to.
    Meeting,
    /// By an approved ticket for this case.
    Ticket,
    /// On behalf of somebody who spoke: anywhere, recorded with the name, and checked by a registrar.
    OnBehalf,
    /// One's own draft.
    OwnDraft,
    /// One's own work.
    Self_,
}

impl Reach {
    /// The letter in the printed table.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Anywhere => "A",
            Self::Assigned => "a",
            Self::Village => "v",
            Self::Station => "s",
            Self::County => "c",
            Self::RedCounty => "red in c",
            Self::Own => "o",
            Self::Meeting => "m",
            Self::Ticket => "ticket",
            Self::OnBehalf => "on behalf",
            Self::OwnDraft => "own draft",
            Self::Self_ => "own",
        }
    }
}

use Reach::{Anywhere, Assigned, County, Meeting, OnBehalf, Own, OwnDraft, RedCounty, Self_, Station, Ticket, Village};

const NEVER: &[Reach] = &[];
const A: &[Reach] = &[Anywhere];
const AS: &[Reach] = &[Assigned];
const V: &[Reach] = &[Village];
const S: &[Reach] = &[Station];
const C: &[Reach] = &[County];
const O: &[Reach] = &[Own];
const M: &[Reach] = &[Meeting];
const BEHALF: &[Reach] = &[OnBehalf];
const MINE: &[Reach] = &[Self_];
const OURS: &[Reach] = &[Self_, Station];

/// How far `role` reaches for `action`.
#[must_use]
pub fn cell(action: Action, role: Role) -> &'static [Reach] {
    row(action)[role as usize]
}

/// One row; the columns are those of [`Role::ALL`]: child director, worker, supervisor, coordinator, registrar,
/// provider, participant, data manager, system admin, auditor.
#[rustfmt::skip]
const fn row(action: Action) -> [&'static [Reach]; 10] {
    match action {
        //                              director worker supervisor coordinator registrar provider participant data admin auditor
        Action::SearchDirectory   => [A, A, A, A, A, A, A, A, A, A],
        Action::ReadRestricted    => [NEVER, AS, S, C, C, O, NEVER, NEVER, NEVER, NEVER],
        Action::KeepShortlist     => [MINE, OURS, OURS, MINE, MINE, MINE, MINE, MINE, NEVER, NEVER],
        Action::EditDirectory     => [NEVER, BEHALF, BEHALF, BEHALF, C, O, NEVER, NEVER, NEVER, NEVER],
        Action::SuggestChange     => [A, A, A, A, A, A, A, A, A, A],
        Action::VerifyDirectory   => [NEVER, NEVER, NEVER, NEVER, C, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ConfirmFreshness  => [V, A, A, A, C, O, NEVER, NEVER, NEVER, NEVER],
        Action::EditReference     => [NEVER, NEVER, NEVER, NEVER, C, NEVER, NEVER, C, NEVER, NEVER],
        Action::EditSchedule      => [NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, C, NEVER, NEVER],
        Action::FileLead          => [V, S, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::OpenCase          => [NEVER, S, S, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::WriteCase         => [NEVER, AS, S, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::RecordVisit       => [V, AS, S, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ReadCase          => [V, S, S, C, NEVER, NEVER, M, NEVER, NEVER, NEVER],
        Action::IdentifyCase      => [V, &[Assigned, Ticket], S, &[RedCounty, Ticket], NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ApproveCase       => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::Match             => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::Refer             => [NEVER, AS, S, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::Dispatch          => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::HoldPlace         => [NEVER, AS, S, C, NEVER, O, NEVER, NEVER, NEVER, NEVER],
        Action::ApproveReferral   => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ReadReferral      => [NEVER, S, S, C, NEVER, O, M, NEVER, NEVER, NEVER],
        Action::AnswerReferral    => [NEVER, AS, S, NEVER, NEVER, O, NEVER, NEVER, NEVER, NEVER],
        Action::WithdrawReferral  => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::RerouteReferral   => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::OverrideReferral  => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::VoidReferral      => [NEVER, &[OwnDraft], S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::RunProgram        => [NEVER, S, S, C, NEVER, O, NEVER, NEVER, NEVER, NEVER],
        Action::ApproveTicket     => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::RecordConsent     => [NEVER, AS, S, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::RunMeeting        => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ReadMeeting       => [NEVER, AS, S, C, NEVER, NEVER, M, NEVER, NEVER, NEVER],
        Action::ReportAction      => [NEVER, MINE, MINE, MINE, NEVER, MINE, MINE, NEVER, NEVER, NEVER],
        Action::Allocate          => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ReadStatistics    => [V, S, S, C, C, O, C, C, NEVER, C],
        Action::ExportIdentified  => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::HandOver          => [NEVER, MINE, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ImportDirectory   => [NEVER, NEVER, NEVER, NEVER, C, O, NEVER, C, NEVER, NEVER],
        Action::MendQuarantine    => [NEVER, MINE, MINE, MINE, C, NEVER, NEVER, C, NEVER, NEVER],
        Action::CompareLists      => [NEVER, S, S, C, NEVER, NEVER, NEVER, C, NEVER, NEVER],
        Action::BreakGlass        => [NEVER, S, &[Station, County], C, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
        Action::ManageAccounts    => [NEVER, NEVER, NEVER, NEVER, NEVER, O, NEVER, NEVER, A, NEVER],
        Action::OperateStore      => [NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, A, NEVER],
        Action::ReadAudit         => [NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, A],
        Action::WhoSaw            => [NEVER, AS, S, C, NEVER, NEVER, NEVER, NEVER, NEVER, A],
        Action::ManageRetention   => [NEVER, NEVER, S, C, NEVER, NEVER, NEVER, C, NEVER, NEVER],
    }
}

/// The table as `docs/PERMISSIONS.md` shows it.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("| action |");
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    for action in Action::ALL {
        let _ = write!(text, "\n| {} |", action.code());
        for role in Role::ALL {
            let letters: Vec<_> = cell(*action, role).iter().map(|reach| reach.letter()).collect();
            let _ = write!(text, " {} |", if letters.is_empty() { "–".into() } else { letters.join(", ") });
        }
    }
    text.push('\n');
    text
}
