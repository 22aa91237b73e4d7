//! A sheet in the words of a page: codes are put into a language here, at the last moment.

use lianjie_index::TermCode;
use rust_i18n::t;

use super::super::model::{ActionState, TEXTS};
use super::super::sheet::{ActLine, AskedLine, DecisionLine, NeedLine, Sheet};
use crate::app::App;
use crate::case::{risk, term, word};
use crate::locale::Locale;

/// An action in words.
pub struct ActRow {
    pub id: String,
    pub number: u32,
    pub what: String,
    pub evidence: String,
    pub said: String,
    pub who: String,
    pub backup: String,
    pub due: String,
    pub late: bool,
    pub open: bool,
    pub to_check: bool,
    /// Who is named to check it.
    pub checker: String,
    pub state: String,
    pub tone: &'static str,
}

/// A referral in words.
pub struct AskedRow {
    pub href: String,
    pub number: String,
    pub provider: String,
    pub state: String,
    pub tone: &'static str,
    pub days: i32,
    pub due: String,
    pub late: bool,
    pub reason: String,
}

/// A need in words.
pub struct NeedRow {
    pub id: String,
    pub name: String,
    pub tier: u8,
    pub tier_label: String,
    pub state: String,
    pub class: &'static str,
    pub target: String,
    pub asked: Vec<AskedRow>,
}

/// A decision in words.
pub struct DecisionRow {
    pub number: u32,
    pub what: String,
    pub need: String,
    pub note: String,
    pub executed: bool,
    pub href: String,
    pub why_failed: String,
    pub agreed: String,
    pub dissents: Vec<String>,
}

/// A sheet in words.
pub struct Words {
    pub alias: String,
    pub number: String,
    pub band: String,
    pub risk: Option<(String, String, String)>,
    /// Whether it rose (↑) or fell (↓) when it changed last, and in words.
    pub trend: Option<(&'static str, String)>,
    pub days: i32,
    pub worker: String,
    pub station: String,
    pub place: String,
    pub why: Vec<String>,
    pub last_actions: Vec<ActRow>,
    pub needs: Vec<NeedRow>,
    pub tried: Vec<(String, u32)>,
    /// Name, label, text.
    pub texts: Vec<(String, String, String)>,
    pub decisions: Vec<DecisionRow>,
    pub actions: Vec<ActRow>,
    pub next_review: String,
    /// Papers on file: what, and the day; empty where it is not there.
    pub papers: Vec<(String, String)>,
    pub receivers: Vec<String>,
    pub attendance: Vec<(String, String)>,
}

/// The tone of a state's badge, by its name.
fn tone(state: &str) -> &'static str {
    match state {
        "pending_approval" | "needs_info" | "waitlisted" => "warn",
        "sent" | "acknowledged" | "reported" => "info",
        "accepted" | "in_service" | "closed" => "ok",
        "declined" | "expired" | "ended" => "bad",
        _ => "",
    }
}

/// A coded reason: of a refusal, a withdrawal, or an end.
pub fn reason(state: &str, code: &str, locale: Locale) -> String {
    let root = match state {
        "declined" => "referral.decline",
        "withdrawn" => "referral.withdraw",
        "ended" => "referral.end",
        _ => return String::new(),
    };
    word(root, code, locale)
}

fn act(line: &ActLine, today: jiff::civil::Date, locale: Locale) -> ActRow {
    ActRow {
        id: line.id.clone(),
        number: line.number,
        what: line.what.clone(),
        evidence: line.evidence.clone(),
        said: line.said.clone(),
        who: format!("{} · {}", line.body, line.person),
        backup: line.backup.clone(),
        due: line.due_day.to_string(),
        late: line.state == ActionState::Open && line.due_day < today,
        open: line.state == ActionState::Open,
        // Somebody who is named does it, below the own tasks.
        to_check: line.state == ActionState::Done && !line.checked && line.checker.is_empty(),
        checker: line.checker.clone(),
        state: if line.checked { word("conference", "checked", locale) } else { word("action.state", line.state.name(), locale) },
        tone: match line.state {
            ActionState::Open => "info",
            ActionState::Done => "ok",
            ActionState::NotPossible => "warn",
            ActionState::NotDone => "bad",
        },
    }
}

fn asked(line: &AskedLine, locale: Locale) -> AskedRow {
    AskedRow {
        href: format!("/referrals/{}", line.id),
        number: line.number.clone(),
        provider: line.provider.clone(),
        state: word("referral.state", &line.state, locale),
        tone: tone(&line.state),
        days: line.days,
        due: line.due.map(|day| day.to_string()).unwrap_or_default(),
        late: line.late,
        reason: line.reason.as_ref().map(|code| reason(&line.state, code, locale)).unwrap_or_default(),
    }
}

fn name(app: &App, code: &str, locale: Locale) -> String {
    code.parse::<TermCode>().map(|code| term(app, &code, locale)).unwrap_or_default()
}

fn need(app: &App, line: &NeedLine, locale: Locale) -> NeedRow {
    NeedRow {
        id: line.id.clone(),
        name: name(app, &line.term, locale),
        tier: line.tier,
        tier_label: word("case.tier", &format!("t{}", line.tier), locale),
        state: word("need.state", &line.state, locale),
        class: match line.state.as_str() {
            "being_served" | "met" | "partly_met" => "is-met",
            "open" | "in_dispatch" => "is-waiting",
            "gap" | "not_met" => "is-gap",
            _ => "",
        },
        target: line.target.map(|day| day.to_string()).unwrap_or_default(),
        asked: line.asked.iter().map(|line| asked(line, locale)).collect(),
    }
}

fn decision(app: &App, line: &DecisionLine, locale: Locale) -> DecisionRow {
    let dissent = |dissent: &super::super::sheet::DissentLine| {
        t!(
            "conference.dissents",
            locale = locale.tag(),
            body = dissent.body,
            reason = dissent.reason,
            next = dissent.next_step,
            day = dissent.due_day
        )
        .into_owned()
    };
    DecisionRow {
        number: line.number,
        what: word("decision.code", line.code.name(), locale),
        need: line.need.as_ref().map(|code| name(app, code, locale)).unwrap_or_default(),
        note: line.note.clone(),
        executed: line.executed,
        href: line.created.as_ref().map(|made| format!("/{made}")).unwrap_or_default(),
        why_failed: line.why_failed.as_ref().map(|key| t!(key.as_str(), locale = locale.tag()).into_owned()).unwrap_or_default(),
        agreed: line.agreed.join(locale.pick("、", ", ")),
        dissents: line.dissents.iter().map(dissent).collect(),
    }
}

/// Which way the risk went when it changed last.
fn trend(app: &App, sheet: &Sheet, locale: Locale) -> Option<(&'static str, String)> {
    let categories = app.categories.get();
    let rank = |code: &Option<String>| categories.risk(code.as_deref()?).map(|level| level.rank);
    let (before, now) = (rank(&sheet.risk_before)?, rank(&sheet.risk)?);
    let (arrow, key) = match before.cmp(&now) {
        std::cmp::Ordering::Greater => ("↑", "rose"),
        std::cmp::Ordering::Less => ("↓", "fell"),
        std::cmp::Ordering::Equal => return None,
    };
    let from = risk(app, sheet.risk_before.as_deref().unwrap_or_default(), locale).2;
    Some((arrow, t!(format!("conference.{key}"), locale = locale.tag(), from = from).into_owned()))
}

/// The sheet in a language.
pub fn sheet(app: &App, sheet: &Sheet, locale: Locale) -> Words {
    let today = app.today();
    let attended = |attended: Option<bool>| match attended {
        None => String::new(),
        Some(true) => word("conference", "was_there", locale),
        Some(false) => word("conference", "apologies", locale),
    };
    let tried = |(state, code, count): &(String, Option<String>, u32)| {
        let why = code.as_ref().map(|code| reason(state, code, locale)).filter(|why| !why.is_empty());
        let label = word("referral.state", state, locale);
        (why.map_or(label.clone(), |why| format!("{label} · {why}")), *count)
    };
    Words {
        alias: sheet.alias.clone(),
        number: sheet.number.clone(),
        band: sheet.band.clone(),
        risk: sheet.risk.as_ref().map(|code| risk(app, code, locale)),
        trend: trend(app, sheet, locale),
        days: sheet.days,
        worker: sheet.worker.clone(),
        station: sheet.station.clone(),
        place: sheet.division.parse().map(|code| app.divisions.get().name(&code)).unwrap_or_default(),
        why: sheet.why.iter().map(|why| word("agenda.why", why.name(), locale)).collect(),
        last_actions: sheet.last_actions.iter().map(|line| act(line, today, locale)).collect(),
        needs: sheet.needs.iter().map(|line| need(app, line, locale)).collect(),
        tried: sheet.tried.iter().map(tried).collect(),
        texts: TEXTS
            .iter()
            .map(|(name, _)| {
                ((*name).to_owned(), word("conference.text", name, locale), sheet.words.get(*name).cloned().unwrap_or_default())
            })
            .collect(),
        decisions: sheet.decisions.iter().map(|line| decision(app, line, locale)).collect(),
        actions: sheet.actions.iter().map(|line| act(line, today, locale)).collect(),
        next_review: sheet.next_review.map(|day| day.to_string()).unwrap_or_default(),
        papers: sheet
            .papers
            .iter()
            .map(|paper| (word("conference.paper", &paper.what, locale), paper.day.map(|day| day.to_string()).unwrap_or_default()))
            .collect(),
        receivers: sheet.receivers.clone(),
        attendance: sheet.attendance.iter().map(|(name, was)| (name.clone(), attended(*was))).collect(),
    }
}
