//! What speaks for an entry, and how what several phrases say is put together.

use super::names::Named;

/// What speaks for one entry.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// How well it fits, 1 to 1000; 0 where nothing speaks for it.
    pub(super) score: u16,
    pub(super) named: Option<Named>,
    /// Which of the needs it answers.
    pub(super) need: Option<u8>,
    /// Whether the text holds a phrase.
    pub(super) text: bool,
    /// Whether it was asked for by its name: it is that, begins so, or sounds so as a whole.
    pub(super) called: bool,
}

/// Evidence by slot.
pub(super) type Spoken = Vec<Evidence>;

/// Evidence joined to what there was before, entry by entry.
pub(super) fn join(before: Option<Spoken>, more: &Spoken, how: fn(Evidence, Evidence) -> Evidence) -> Spoken {
    match before {
        None => more.clone(),
        Some(before) => before.into_iter().zip(more).map(|(one, other)| how(one, *other)).collect(),
    }
}

/// Any of both will do; that both speak counts a little more than one.
pub(super) fn either(one: Evidence, other: Evidence) -> Evidence {
    let extra = if one.score > 0 && other.score > 0 { 30 } else { 0 };
    Evidence {
        score: (one.score.max(other.score) + extra).min(1000),
        named: one.named.or(other.named),
        need: one.need.or(other.need),
        text: one.text || other.text,
        called: one.called || other.called,
    }
}

/// What words beside a need add where they are found.
const HELP: u16 = 40;

/// Puts together what must hold and the other phrases, and says which of these need not be found: beside a need all that name
/// nobody; without one none, unless nothing has all of them.
pub(super) fn gather(required: Option<Spoken>, others: Vec<(&str, Spoken)>, beside_need: bool) -> (Spoken, Vec<String>) {
    let calls = |found: &Spoken| found.iter().any(|evidence| evidence.called);
    let (musts, helps): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, found)| !beside_need || calls(found));
    let joined = |first: Option<Spoken>, all: &[(&str, Spoken)], how| {
        all.iter().fold(first, |joined, (_, found)| Some(join(joined, found, how))).unwrap_or_default()
    };
    let names = |phrases: &[(&str, Spoken)]| phrases.iter().map(|(phrase, _)| (*phrase).to_owned()).collect();
    let all = joined(required.clone(), &musts, both);
    if musts.len() > 1 && all.iter().all(|evidence| evidence.score == 0) {
        return (join(required, &joined(None, &musts, either), both), names(&musts));
    }
    (joined(Some(all), &helps, help), names(&helps))
}

/// The first must speak for it; the other adds a little.
fn help(one: Evidence, other: Evidence) -> Evidence {
    match (one.score, other.score) {
        (0, _) | (_, 0) => one,
        (score, _) => Evidence { score: (score + HELP).min(1000), text: one.text || other.text, ..one },
    }
}

/// Both must speak for it.
pub(super) fn both(one: Evidence, other: Evidence) -> Evidence {
    if one.score > 0 && other.score > 0 { either(one, other) } else { Evidence::default() }
}
