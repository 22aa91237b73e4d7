//! 查重: what may be one, side by side, merged, told apart as what it is, and either undone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::duplicate::LIKELY;
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Decided};
use super::answers::{self, Named};
use super::model::{Answer, Kind, Relied};
use crate::access::{Action, Actor, Facts, Role, decide};
use crate::app::App;
use crate::duplicate::{self, Cluster};
use crate::error::{Error, Result};
use crate::id::MergeId;
use crate::locale::Locale;
use crate::organization::registrar_scopes;
use crate::service::said;
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

struct Evidence {
    words: String,
    points: i32,
}

/// Two entries of a group.
struct Two {
    href: String,
    left: String,
    right: String,
    score: String,
    evidence: Vec<Evidence>,
}

struct Group {
    kind: String,
    pairs: Vec<Two>,
}

struct Made {
    id: String,
    kept: String,
    gone: String,
    href: String,
    at: String,
    undo: bool,
    undone: bool,
}

/// An answer that was given.
struct Said {
    href: String,
    words: String,
    left: String,
    right: String,
    at: String,
}

#[derive(Template)]
#[template(path = "merge/html/list.html")]
struct ListPage {
    page: Page,
    counties: Vec<Choice>,
    likely: Vec<Group>,
    perhaps: Vec<Group>,
    merges: Vec<Made>,
    answers: Vec<Said>,
}

/// Where duplicates are looked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    division: String,
}

/// The groups of a county that may be one.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    if !actor.is(Role::Registrar) {
        decide(&actor, Action::VerifyDirectory, &Facts { thing: "page", ..Facts::default() }).allowed()?;
    }
    let scopes = registrar_scopes(&actor);
    let divisions = app.divisions.get();
    let reached = |code: &str| scopes.iter().any(|scope| code.starts_with(scope.as_str()) || scope.starts_with(code));
    let mut counties: Vec<Choice> = divisions
        .of_level("county")
        .filter(|row| reached(row.code.as_str()))
        .map(|row| Choice {
            value: row.code.to_string(),
            label: divisions.full_name(&row.code),
            selected: asked.division == row.code.as_str(),
            hint: String::new(),
            count: 0,
        })
        .collect();
    if let Some(first) = counties.first_mut().filter(|_| asked.division.is_empty()) {
        first.selected = true;
    }
    let chosen = counties.iter().find(|choice| choice.selected).map(|choice| choice.value.clone());
    let (groups, told) = match &chosen {
        Some(county) => (found(&app, county).await?, answers::answers(&app, &actor, county).await?),
        None => (Vec::new(), Vec::new()),
    };
    let (likely, perhaps): (Vec<&Cluster>, Vec<&Cluster>) = groups.iter().partition(|cluster| best(cluster) >= LIKELY);
    let shown = |clusters: Vec<&Cluster>| clusters.into_iter().map(|cluster| group(cluster, visit.locale)).collect::<Vec<_>>();
    let merges = actions::merges(&app, &actor).await?.into_iter().map(|(merge, undo)| Made {
        id: merge.id.to_string(),
        kept: name(&merge.kept_before),
        gone: name(&merge.gone_before),
        href: format!("/{}s/{}", merge.kind.name(), merge.kept),
        at: crate::case::instant(merge.at),
        undo,
        undone: merge.undone_at.is_some(),
    });
    let page = Page::titled(&visit, "merge.title");
    Ok(Html(ListPage {
        page,
        counties,
        likely: shown(likely),
        perhaps: shown(perhaps),
        merges: merges.collect(),
        answers: told.iter().map(|told| said_of(told, visit.locale)).collect(),
    })
    .into_response())
}

/// The groups of a county, the likeliest first.
async fn found(app: &App, county: &str) -> Result<Vec<Cluster>> {
    let mut groups = duplicate::directory(app, county).await?;
    groups.sort_by(|one, other| best(other).total_cmp(&best(one)));
    Ok(groups)
}

/// An answer in words; of a branch, the branch comes first.
fn said_of((told, names): &Named, locale: Locale) -> Said {
    let [mut left, mut right] = names.clone();
    if told.branch.as_ref() == Some(&told.b) {
        std::mem::swap(&mut left, &mut right);
    }
    Said {
        href: format!("/duplicates/{}/{}/{}", told.kind.name(), told.a, told.b),
        words: t!(format!("merge.answer.{}", told.answer.name()), locale = locale.tag()).into_owned(),
        left,
        right,
        at: crate::case::instant(told.at),
    }
}

fn best(cluster: &Cluster) -> f64 {
    cluster.pairs.iter().map(|pair| pair.score).fold(0.0, f64::max)
}

fn name(entry: &serde_json::Value) -> String {
    entry["name"].as_str().unwrap_or_default().to_owned()
}

fn group(cluster: &Cluster, locale: Locale) -> Group {
    let tag = locale.tag();
    let named = |id: &str| {
        let member = cluster.members.iter().find(|member| member.id == id);
        member.map_or_else(String::new, |member| match &member.organization {
            Some(owner) => format!("{}（{owner}）", member.name),
            None => member.name.clone(),
        })
    };
    let pairs = cluster.pairs.iter().map(|pair| Two {
        href: format!("/duplicates/{}/{}/{}", cluster.kind, pair.a, pair.b),
        left: named(&pair.a),
        right: named(&pair.b),
        score: format!("{:.0}%", pair.score * 100.0),
        evidence: pair
            .evidence
            .iter()
            .filter(|one| one.comparison != "base")
            .map(|one| Evidence {
                words: format!(
                    "{} {}",
                    t!(format!("merge.comparison.{}", one.comparison), locale = tag),
                    t!(format!("merge.level.{}", one.level), locale = tag)
                ),
                points: one.points,
            })
            .collect(),
    });
    Group { kind: t!(format!("merge.kind.{}", cluster.kind), locale = tag).into_owned(), pairs: pairs.collect() }
}

/// A field in which two entries differ.
struct Line {
    field: &'static str,
    label: String,
    left: String,
    right: String,
    /// Whether the value of the second is chosen.
    right_chosen: bool,
}

#[derive(Template)]
#[template(path = "merge/html/pair.html")]
struct PairPage {
    page: Page,
    form: FormState,
    kind: &'static str,
    ids: [String; 2],
    names: [String; 2],
    versions: [i64; 2],
    notes: [Vec<String>; 2],
    keep_right: bool,
    differing: Vec<Line>,
    same: Vec<(String, String)>,
}

fn kind_of(name: &str) -> Result<Kind> {
    Kind::parse(name).ok_or_else(|| Error::missing("page", &name))
}

/// Two entries side by side.
pub async fn pair(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((kind, a, b)): Path<(String, String, String)>,
) -> Result<Response> {
    Ok(Html(pair_page(&app, &actor, &visit, kind_of(&kind)?, [a, b], FormState::new()).await?).into_response())
}

async fn pair_page(app: &App, actor: &Actor, visit: &Visit, kind: Kind, ids: [String; 2], form: FormState) -> Result<PairPage> {
    let locale = visit.locale;
    let beside = actions::beside(app, actor, kind, &ids[0], &ids[1]).await?;
    let label = |field: &str| t!(format!("version.field.{field}"), locale = locale.tag()).into_owned();
    let is_empty = |value: &serde_json::Value| {
        value.is_null() || value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
    };
    // The entry that others rely on stays; where only one says something, that is taken.
    let relied = beside.relied;
    let keep_right = if form.value("keep").is_empty() {
        relied[0] == Relied::default() && relied[1] != Relied::default()
    } else {
        form.value("keep") == ids[1]
    };
    let differing = beside.differing.iter().map(|(field, left, right)| {
        let chosen = form.value(field);
        let right_chosen = if chosen.is_empty() { is_empty(left) || keep_right && !is_empty(right) } else { chosen == "right" };
        Line { field, label: label(field), left: said(app, locale, field, left), right: said(app, locale, field, right), right_chosen }
    });
    let notes = relied.map(|relied| {
        [(relied.people, "people"), (relied.referrals, "referrals"), (relied.programs, "programs")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| t!(format!("merge.relied.{what}"), locale = locale.tag(), count = count).into_owned())
            .collect()
    });
    Ok(PairPage {
        page: Page::titled(visit, "merge.pair"),
        kind: kind.name(),
        names: beside.names,
        versions: beside.versions,
        notes,
        keep_right,
        differing: differing.collect(),
        same: beside
            .same
            .iter()
            .filter(|(_, value)| !is_empty(value))
            .map(|(field, value)| (label(field), said(app, locale, field, value)))
            .collect(),
        ids,
        form,
    })
}

/// What a person decided.
#[derive(Debug, Deserialize)]
pub struct SettleForm {
    #[serde(rename = "do", default)]
    what: String,
    #[serde(default)]
    keep: String,
    left_version: i64,
    right_version: i64,
}

/// Merges, or tells apart.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((kind, a, b)): Path<(String, String, String)>,
    Form { value, typed, .. }: Form<SettleForm>,
) -> Result<Response> {
    let kind = kind_of(&kind)?;
    let (left, right) = ((a.as_str(), value.left_version), (b.as_str(), value.right_version));
    let answered = match value.what.as_str() {
        "distinct" => Some(answers::tell(&app, &actor, kind, &a, &b, Answer::Different).await),
        "site" => Some(answers::tell(&app, &actor, kind, &a, &b, Answer::Site).await),
        "left_branch" if kind == Kind::Organization => Some(answers::branch(&app, &actor, left, &b).await),
        "right_branch" if kind == Kind::Organization => Some(answers::branch(&app, &actor, right, &a).await),
        _ => None,
    };
    match answered {
        Some(Ok(())) => return redirect("/duplicates", Some("told_apart")),
        Some(Err(error)) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            return Ok(Html(pair_page(&app, &actor, &visit, kind, [a, b], form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
        None => {}
    }
    let right = value.keep == b;
    let (left, other) = ((a.clone(), value.left_version), (b.clone(), value.right_version));
    let (kept, gone) = if right { (other, left) } else { (left, other) };
    let wanted = if right { "left" } else { "right" };
    let from_gone = kind.fields().iter().filter(|field| typed.iter().any(|(name, side)| name == *field && side == wanted));
    let decided = Decided { from_gone: from_gone.map(|field| (*field).to_owned()).collect(), kept, gone };
    match actions::merge(&app, &actor, kind, &decided).await {
        Ok(_) => redirect(&format!("/{}s/{}", kind.name(), decided.kept.0), Some("merged")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(pair_page(&app, &actor, &visit, kind, [a, b], form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Takes an answer back.
pub async fn retract(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((kind, a, b)): Path<(String, String, String)>,
    _: Form<Nothing>,
) -> Result<Response> {
    answers::take_back(&app, &actor, kind_of(&kind)?, &a, &b).await?;
    redirect("/duplicates", Some("answer_retracted"))
}

/// Undoes a merge.
pub async fn undo(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _: Form<Nothing>) -> Result<Response> {
    let id = MergeId::parse(&id).map_err(|_| Error::missing("merge", &id))?;
    actions::undo(&app, &actor, &id).await?;
    redirect("/duplicates", Some("merge_undone"))
}
