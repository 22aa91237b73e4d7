//! Matching a stored case, and cases that are only asked about.

use jiff::Timestamp;
use lianjie_index::entry::Viewer;
use lianjie_index::matching::answer::{Limits, WhyNot};
use lianjie_index::matching::{self, Case as Request, PublicRule, Setting};
use lianjie_index::{Answer, Entry, Language, Query, Rates, TermCode};
use serde_json::Value;

use super::model::{Source, facts_used, freeze, is_matched, request};
use super::store;
use crate::access::{Action, Actor, Class, Classes, Decision, decide, directory_level};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::actions::load;
use crate::case::model::{Case, Child, Need};
use crate::case::store as cases;
use crate::case::store::ReportDuty;
use crate::error::{Error, Result};
use crate::id::{CaseId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::store::{Connection, Tx};

/// A stored case with its answer.
pub struct Matched {
    /// The case.
    pub case: Case,
    /// Its child, without identity.
    pub child: Child,
    /// Its needs that are to be matched, most urgent first.
    pub needs: Vec<Need>,
    /// Whether a report must still be made.
    pub report_waits: bool,
    /// Whether the actor may refer.
    pub may_refer: bool,
    /// Whether the reader may write what is known of the child.
    pub may_write: bool,
    /// What the matcher was asked: nothing in it names the child.
    pub request: Request,
    /// What it answered.
    pub answer: Answer,
}

/// The index's language of a locale.
#[must_use]
pub const fn language(locale: Locale) -> Language {
    match locale {
        Locale::Zh => Language::Zh,
        Locale::En => Language::En,
    }
}

/// What matching rests on besides the case.
pub(super) struct Ground {
    rates: std::sync::Arc<Rates>,
    rules: std::sync::Arc<Vec<PublicRule>>,
}

impl Ground {
    pub(super) fn of(app: &App) -> Self {
        Self { rates: app.rates.get(), rules: app.public_rules.get() }
    }

    fn setting(&self, app: &App, request: &Request, locale: Locale, viewer: Viewer) -> Setting<'_> {
        let calendar = app.calendar.get();
        let at = |division| calendar.school_break(app.today(), division).is_some();
        Setting {
            language: language(locale),
            viewer,
            school_break: request.division().is_some_and(at),
            ..Setting::new(&self.rates, &self.rules, app.now(), app.today())
        }
    }
}

/// A stored case as it is handed to the matcher.
struct Stored {
    case: Case,
    child: Child,
    needs: Vec<Need>,
    duties: Vec<ReportDuty>,
    request: Request,
}

/// Reads a case for the matcher, and writes into the log which facts it was asked with.
async fn gathered(app: &App, tx: &mut Tx, actor: &Actor, case: Case, at: Timestamp) -> Result<Stored> {
    let child = cases::child(tx, &case.child).await?.ok_or_else(|| Error::missing("case", &case.id))?;
    let needs = cases::needs(tx, &case.id).await?;
    let duties = cases::report_duties(tx, &case.id).await?;
    let request = asked(app, tx, actor, &case, &child, &needs, !duties.is_empty()).await?;
    audit::record(tx, actor, Event::new("case.matched", "case", &case.id).fields(facts_used(&request)), at).await?;
    Ok(Stored { case, child, needs, duties, request })
}

fn matched(app: &App, actor: &Actor, ground: &Ground, source: Stored, limits: Option<Limits>, locale: Locale) -> Result<Matched> {
    let Stored { case, child, needs, duties, request } = source;
    let setting = Setting { limits, ..ground.setting(app, &request, locale, Viewer::worker()) };
    let answer = matching::answer(&app.index.get(), &request, &setting)?;
    Ok(Matched {
        may_refer: decide(actor, Action::Refer, &case).is_allowed(),
        may_write: decide(actor, Action::WriteCase, &case).is_allowed(),
        needs: needs.into_iter().filter(is_matched).collect(),
        report_waits: duties.iter().any(|duty| duty.made_at.is_none()),
        case,
        child,
        request,
        answer,
    })
}

/// Matches the needs of a stored case. What the actor may not see of it is unknown to the matcher too.
pub async fn match_case(app: &App, actor: &Actor, id: &CaseId, locale: Locale) -> Result<Matched> {
    plan_case(app, actor, id, None, locale).await
}

/// The same with the plan that keeps these limits of the family, where there are some.
pub async fn plan_case(app: &App, actor: &Actor, id: &CaseId, limits: Option<Limits>, locale: Locale) -> Result<Matched> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::Match, id).await?;
    let source = gathered(app, &mut tx, actor, case, at).await?;
    tx.commit(at).await?;
    matched(app, actor, &Ground::of(app), source, limits, locale)
}

/// A case that was not matched with others.
pub struct LeftOut {
    /// Its number.
    pub number: String,
    /// Why: `not_yours`, `birth_needed`.
    pub reason: &'static str,
}

/// Matches the needs of several cases, each in the log, with an event for the whole. Cases that the actor may not do this to, or
/// that cannot be matched, are left out with the reason.
pub async fn match_cases(
    app: &App,
    actor: &Actor,
    action: Action,
    ids: &[CaseId],
    event: Event,
    locale: Locale,
) -> Result<(Vec<Matched>, Vec<LeftOut>)> {
    let at = app.now();
    let (mut sources, mut left) = (Vec::new(), Vec::new());
    let mut tx = app.begin().await?;
    for id in ids {
        let Some(case) = cases::find(&mut tx, id).await? else { continue };
        let number = case.number.clone();
        if !decide(actor, action, &case).is_allowed() {
            left.push(LeftOut { number, reason: "not_yours" });
            continue;
        }
        match gathered(app, &mut tx, actor, case, at).await {
            Ok(source) => sources.push(source),
            Err(Error::Invalid(_)) => left.push(LeftOut { number, reason: "birth_needed" }),
            Err(error) => return Err(error),
        }
    }
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    let ground = Ground::of(app);
    let mut all = Vec::new();
    for source in sources {
        all.push(matched(app, actor, &ground, source, None, locale)?);
        // Others are served between one case and the next.
        tokio::task::yield_now().await;
    }
    Ok((all, left))
}

/// The request of a case, as far as the actor sees it: the point and the diagnoses are sealed.
async fn asked(
    app: &App,
    db: &mut Connection,
    actor: &Actor,
    case: &Case,
    child: &Child,
    needs: &[Need],
    reported: bool,
) -> Result<Request> {
    let classes = match decide(actor, Action::ReadCase, case) {
        Decision::Mask(classes) => classes,
        _ => Classes::NONE,
    };
    let key = cases::child_key(db, &app.keyring, &child.id).await?;
    let diagnoses = if classes.has(Class::Sensitive) { cases::writing(db, &key, case).await?.diagnoses } else { None };
    let point = if classes.has(Class::Identity) { cases::identity(db, &key, &child.id).await?.point } else { None };
    let source = Source { case, child, needs, reported, diagnoses: diagnoses.as_ref(), point: point.as_ref() };
    request(&source, app.today())
}

/// Why a service stands where it stands for a need of a stored case.
pub fn why_not(app: &App, matched: &Matched, need: &TermCode, service: &str, locale: Locale) -> Result<WhyNot> {
    let ground = Ground::of(app);
    let setting = ground.setting(app, &matched.request, locale, Viewer::worker());
    Ok(matching::why_not(&app.index.get(), &matched.request, &setting, need, &service.into())?)
}

/// The candidates of a need as they stand now, for a dispatch to keep; none for a site that is not among those proposed, which
/// a worker may choose all the same.
pub async fn frozen(app: &App, actor: &Actor, case: &CaseId, need: &TermCode, sites: &[ServiceAtLocationId]) -> Result<Vec<Option<Value>>> {
    let matched = match_case(app, actor, case, Locale::Zh).await?;
    Ok(sites.iter().map(|site| freeze(&matched.answer, need, site.as_str(), app.now())).collect())
}

/// Entries whose names or words fit, to ask about.
pub fn named(app: &App, words: &str, limit: usize) -> Result<Vec<std::sync::Arc<Entry>>> {
    let mut query = Query::new(words, app.now());
    query.viewer = Viewer::worker();
    query.limit = limit;
    Ok(app.index.get().search(&query)?.hits.into_iter().map(|hit| hit.entry).collect())
}

/// Some entry of a service, for its name.
#[must_use]
pub fn entry_of(app: &App, service: &str) -> Option<std::sync::Arc<Entry>> {
    app.index.get().entries_of(&service.into()).into_iter().next()
}

/// Matches a case that is stored nowhere. Who is not signed in, or reads the directory at the public level, is matched with
/// public entries only.
pub fn match_request(app: &App, actor: &Actor, request: &Request, locale: Locale) -> Result<Answer> {
    let viewer = if actor.is_signed_in() && directory_level(actor) == "workers" { Viewer::worker() } else { Viewer::public() };
    answer(app, request, locale, viewer)
}

fn answer(app: &App, request: &Request, locale: Locale, viewer: Viewer) -> Result<Answer> {
    let ground = Ground::of(app);
    let setting = Setting { limits: Some(Limits::default()), ..ground.setting(app, request, locale, viewer) };
    Ok(matching::answer(&app.index.get(), request, &setting)?)
}

/// The same at the workers' level, for whoever matches many with one ground.
pub(super) fn answer_with(app: &App, ground: &Ground, request: &Request, locale: Locale) -> Result<Answer> {
    Ok(matching::answer(&app.index.get(), request, &ground.setting(app, request, locale, Viewer::worker()))?)
}

/// `lianjie match`: one case, or with `lines` one a line; the answers in the same order. Whoever runs it has the store.
pub fn match_file(app: &App, text: &str, lines: bool, locale: Locale) -> Result<String> {
    let one = |json: &str, line: Option<usize>| -> Result<String> {
        let request = Request::read(json)
            .map_err(|fault| Error::Store(line.map_or_else(|| fault.to_string(), |line| format!("line {line}: {fault}"))))?;
        let answer = answer(app, &request, locale, Viewer::worker())?;
        let printed = if lines { serde_json::to_string(&answer) } else { serde_json::to_string_pretty(&answer) };
        printed.map_err(|fault| Error::Store(format!("the answer does not print: {fault}")))
    };
    if !lines {
        return one(text, None);
    }
    let cases = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let answers = cases.map(|(number, line)| one(line, Some(number + 1))).collect::<Result<Vec<_>>>()?;
    Ok(answers.join("\n"))
}

/// Reads anew what the loop has learnt; called after the counts have changed and once a day.
pub async fn learn(app: &App) -> Result<()> {
    let rates = store::rates(&mut *app.store.read().await?, app.today()).await?;
    app.rates.set(rates);
    Ok(())
}
