//! Proposals for one need: candidates, gates, utilities, ranks.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{
    Case, Setting, acceptance,
    answer::{Excluded, Need, PlacesKnown, Proposal, Proposed, Reason, RelaxationGiven},
    ask::{self, Worth},
    chance::chance,
    completion, delay,
    fit::{self, Kin},
    forbid::Forbidden,
    place, rules,
    rules::{Gate, Open},
    start::{self, Effort},
    utility::Factors,
};
use crate::{
    code::TermCode,
    entry::{Entry, FeeLevel, Level, fee},
    place::{Crossing, Shores, Wgs84, minutes},
    rule::{Facts, Verdict, words::Names},
    search::{
        Index, IndexError, Places,
        candidates::Around,
        catalogue::Item,
        index::{Posted, Snapshot},
        schema::group_itself,
    },
};

/// How far candidates are looked for, in kilometres: beyond it nobody travels for a service, and
/// what serves the place or comes to it is found anyway.
pub(super) const RADIUS_KM: f64 = 60.0;
/// How many services, and how many excluded ones, an answer names.
const MOST: usize = 10;

/// Everything one case is matched under.
pub(super) struct Bench<'a> {
    pub(super) index: &'a Index,
    pub(super) snapshot: &'a Snapshot,
    pub(super) posted: &'a Posted,
    pub(super) case: &'a Case,
    pub(super) setting: &'a Setting<'a>,
    pub(super) facts: Facts,
    pub(super) point: Option<Wgs84>,
    /// The water around the child's place.
    pub(super) shores: Shores<'a>,
    pub(super) forbidden: Forbidden<'a>,
}

/// An entry weighed for a need.
pub(super) struct Weighed<'a> {
    pub(super) item: &'a Item,
    pub(super) term: &'a TermCode,
    kin: Kin,
    pub(super) gate: Gate,
    pub(super) factors: Factors,
    effort: Effort,
    km: Option<f64>,
    fee_fen: Option<i64>,
    places: Option<Places>,
    wait_days: f64,
    serves: bool,
}

impl<'a> Bench<'a> {
    /// The proposal for a need.
    pub(super) fn propose(&self, need: &Need) -> Result<Proposal, IndexError> {
        let (ranked, excluded, considered) = self.weigh_all(need)?;
        let worth = Worth::of(&ranked, &self.facts, self.setting.rates);
        let services = ranked.iter().take(MOST).map(|weighed| self.proposed(weighed, &worth)).collect();
        let excluded = excluded.iter().take(MOST).filter_map(|weighed| self.excluded(weighed)).collect();
        Ok(Proposal { need: need.term.clone(), services, excluded, considered })
    }

    /// All candidates of a need: those that pass and those a gate keeps out, each best first; and
    /// how many there were.
    pub(super) fn weigh_all(&'a self, need: &Need) -> Result<(Vec<Weighed<'a>>, Vec<Weighed<'a>>, usize), IndexError> {
        if self.forbidden.term(&need.term) {
            return Ok((Vec::new(), Vec::new(), 0));
        }
        let terms = postings(&need.term);
        let slots = match self.facts.residence.as_ref() {
            Some(residence) => {
                let around = Around { point: self.point, residence, radius_km: RADIUS_KM };
                self.index.candidates(self.snapshot, &terms, &around)?
            }
            None => self.index.everywhere(self.snapshot, &terms)?,
        };
        let (mut ranked, mut excluded) = (Vec::new(), Vec::new());
        for slot in slots {
            let Some(item) = self.snapshot.catalogue.item(slot) else { continue };
            let Some(weighed) = self.weigh(item, self.posted.at(slot), need) else { continue };
            if weighed.gate.verdict == Verdict::No {
                excluded.push(weighed);
            } else {
                ranked.push(weighed);
            }
        }
        let considered = ranked.len() + excluded.len();
        ranked.sort_by_cached_key(Weighed::rank);
        excluded.sort_by_cached_key(|weighed| (self.metres(weighed.item), weighed.rank()));
        Ok((ranked, excluded, considered))
    }

    /// Weighs one entry; none where it may not be proposed whatever the facts.
    pub(super) fn weigh(&self, item: &'a Item, places: Option<Places>, need: &Need) -> Option<Weighed<'a>> {
        let entry = &*item.entry;
        let (kin, term) = Kin::of(&need.term, &entry.terms)?;
        if !self.matched(item) || self.forbidden.avoided(entry) || self.forbidden.entry(entry, &need.term, term) {
            return None;
        }
        let (km, minutes) = self.way(item);
        let facts = Facts { minutes, ..self.facts.clone() };
        let gate = rules::gate(entry, &facts);
        let residence = facts.residence.as_ref();
        let serves = residence.is_some_and(|home| entry.areas.iter().any(|area| home.lies_in(area) == Verdict::Yes));

        let (fee_level, fee_fen) = self.fee(item, term, serves);
        let effort = Effort {
            minutes,
            limit_minutes: self.case.limit_minutes(),
            fee_gap: fee_level.map_or(0, |level| gap(level, self.can_pay())),
            language_gap: language_gap(&self.case.languages, &entry.languages),
        };
        let rates = self.setting.rates;
        let wait_days = delay::days(&entry.service, entry.wait_days, rates);
        let factors = Factors {
            e: chance(rates.passed.get(&entry.service), gate.open.len()),
            p: place::free(self.places_known(entry, places)),
            a: acceptance::accepts(&entry.service, &entry.organization, term.group(), rates),
            s: start::starts(effort),
            c: completion::completes(&entry.service, &entry.organization, term.group(), minutes, rates),
            f: fit::fits(kin),
            d: delay::soon(wait_days, need.tier),
        };
        Some(Weighed { item, term, kin, gate, factors, effort, km, fee_fen, places, wait_days, serves })
    }

    /// What is known of the places of an entry.
    fn places_known(&self, entry: &Entry, places: Option<Places>) -> place::Known {
        let rates = self.setting.rates;
        let days_since = |then: Timestamp| (self.setting.now.duration_since(then).as_secs_f64() / 86_400.0).max(0.0);
        place::Known {
            posted: places.map(|places| (places.free() > 0, days_since(places.as_of))),
            unposted: place::UNPOSTED,
            full_days: rates.full_at.get(&entry.site).copied().map(days_since),
            confirmed: entry.assured_at.is_some(),
            unanswered: rates.unanswered.get(&entry.service).copied().unwrap_or(0),
        }
    }

    /// Whether an entry is matched for who asks.
    pub(super) fn matched(&self, item: &Item) -> bool {
        let visibility = item.entry.visibility;
        visibility.matching && (visibility.level == Level::Public || self.setting.viewer.level >= Level::Workers)
    }

    /// Kilometres and minutes to an entry; nothing to travel where it comes.
    fn way(&self, item: &Item) -> (Option<f64>, Option<u16>) {
        if item.entry.comes() {
            return (None, Some(0));
        }
        let km = self.point.zip(item.point).map(|(home, there)| home.distance_km(there));
        let more = self.crossing(item).map_or(0, |crossing| crossing.minutes_more);
        (km, km.map(|km| minutes(km, self.case.mode()).saturating_add(more)))
    }

    /// The water on the way to an entry.
    fn crossing(&self, item: &Item) -> Option<&'a Crossing> {
        self.shores.to(item.entry.division.as_ref()?).filter(|_| !item.entry.comes())
    }

    /// How far off an entry is, whether one goes there or it comes; the farthest where nobody knows.
    fn metres(&self, item: &Item) -> u32 {
        let metres = self.point.zip(item.point).map(|(home, there)| home.distance_km(there) * 1000.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance on the earth")]
        metres.map_or(u32::MAX, |metres| metres.round() as u32)
    }

    /// Level and amount of the fee for this child, with what the state grants.
    fn fee(&self, item: &Item, term: &TermCode, in_area: bool) -> (Option<FeeLevel>, Option<i64>) {
        let payee = fee::Payee { categories: self.facts.categories.as_ref(), in_area };
        let stated = fee::lowest(&item.entry.fees, payee, self.facts.day);
        let rows = stated.into_iter().chain(self.forbidden.granted(term));
        let lowest = rows.min_by_key(|fee| (fee.level, fee.amount().unwrap_or(i64::MAX)));
        (lowest.map(|fee| fee.level), lowest.and_then(fee::Fee::amount))
    }

    /// What the family can pay at most; a family in hardship that was not asked can pay a little.
    fn can_pay(&self) -> FeeLevel {
        let payee = fee::Payee { categories: self.facts.categories.as_ref(), in_area: false };
        let unasked = if payee.in_hardship() { FeeLevel::Low } else { FeeLevel::Full };
        self.case.can_pay.unwrap_or(unasked)
    }

    pub(super) fn proposed(&self, weighed: &Weighed<'_>, worth: &Worth) -> Proposed {
        let entry = &weighed.item.entry;
        Proposed {
            id: entry.service.clone(),
            service_at_location: entry.site.clone(),
            name: entry.name.clone(),
            organization: entry.organization.clone(),
            organization_name: entry.organization_name.clone(),
            term: weighed.term.clone(),
            eligible: weighed.gate.verdict,
            utility: weighed.factors.utility(),
            terms: weighed.factors.terms(),
            natural: weighed.factors.natural(),
            minutes: weighed.effort.minutes,
            km: weighed.km.map(|km| (km * 100.0).round() / 100.0),
            fee_fen: weighed.fee_fen,
            places: PlacesKnown { free: weighed.places.map(Places::free), as_of: weighed.places.map(|places| places.as_of) },
            ask: ask::questions(&weighed.gate.open, weighed.factors.product(), worth, self.setting.language, self.index.gazetteer()),
            reasons: self.reasons(weighed),
        }
    }

    fn reasons(&self, weighed: &Weighed<'_>) -> Vec<Reason> {
        let entry = &weighed.item.entry;
        let rates = self.setting.rates;
        let age_days = weighed.places.map(|places| self.setting.now.duration_since(places.as_of).as_hours() / 24);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u16")]
        let days = weighed.wait_days.round().clamp(0.0, 65_535.0) as u16;
        let mut reasons = vec![
            Reason::Rules { verdict: weighed.gate.verdict, open: weighed.gate.open.len() },
            Reason::Place { free: weighed.places.map(Places::free), age_days },
            Reason::Acceptance { answers: acceptance::answers(&entry.service, rates) },
            Reason::Start { minutes: weighed.effort.minutes, fee_gap: weighed.effort.fee_gap, language_gap: weighed.effort.language_gap },
            Reason::Completion { endings: completion::endings(&entry.service, rates) },
            Reason::Fit { kin: weighed.kin.name() },
            Reason::Delay { days },
        ];
        if let Some(crossing) = self.crossing(weighed.item) {
            reasons.push(Reason::Crossing { what: crossing.what.clone(), minutes_more: crossing.minutes_more });
        }
        if weighed.serves {
            reasons.push(Reason::Serves);
        }
        if entry.comes() {
            reasons.push(Reason::Comes);
        }
        if entry.visibility.verification_expired {
            reasons.push(Reason::VerificationExpired);
        }
        reasons
    }

    pub(super) fn excluded(&self, weighed: &Weighed<'_>) -> Option<Excluded> {
        let rule = rules::whole(&weighed.item.entry);
        let facts = Facts { minutes: weighed.effort.minutes, ..self.facts.clone() };
        let relaxation = rule.relax(&facts);
        let first = relaxation.as_ref().and_then(|relaxation| relaxation.atoms.first());
        let gate = first.or_else(|| rule.culprit(&facts))?.clone();
        let (language, names) = (self.setting.language, self.index.gazetteer());
        let text = |relaxation: &crate::rule::Relaxation| relaxation.words(language, names);
        Some(Excluded {
            fact: gate.test.fact().to_owned(),
            wanted: gate.requirement(language, names),
            relaxation: relaxation.map(|relaxation| RelaxationGiven { text: text(&relaxation), relaxation }),
            service: self.proposed(weighed, &Worth::default()),
            gate,
        })
    }
}

impl Weighed<'_> {
    /// The order: utility, validity, finer utility, then each thing that a family would choose by,
    /// and last a hash, so that no order of input ever shows.
    fn rank(&self) -> impl Ord + use<> {
        let entry = &self.item.entry;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a million")]
        let fine = (self.factors.product() * 1e6).round() as u32;
        (
            (Reverse(self.factors.utility()), entry.visibility.verification_expired, Reverse(fine)),
            (self.effort.minutes.unwrap_or(u16::MAX), self.fee_fen.unwrap_or(i64::MAX), entry.wait_days.unwrap_or(u16::MAX)),
            (Reverse(self.places.map_or(0, Places::free)), self.item.hash),
        )
    }
}

/// The postings that hold candidates of a need: its leaf and entries that name its group.
fn postings(need: &TermCode) -> Vec<String> {
    if !need.is_leaf() {
        return vec![need.to_string()];
    }
    let group: TermCode = need.group().parse().expect("the group of a term is a term");
    vec![need.to_string(), group_itself(&group)]
}

/// Steps of fee above what can be paid, 0 to 2.
fn gap(level: FeeLevel, can_pay: FeeLevel) -> u8 {
    (level as u8).saturating_sub(can_pay as u8)
}

/// Whether both sides state their languages and share none.
fn language_gap(family: &[String], service: &[String]) -> bool {
    let stated = !family.is_empty() && !service.is_empty();
    stated && !family.iter().any(|language| service.contains(language))
}

/// The question and the fact of something open.
pub(super) fn worded(open: &Open, language: crate::Language, names: &impl Names) -> (String, String) {
    match open {
        Open::Fact(atom) => (atom.test.fact().to_owned(), atom.question(language, names)),
        Open::UnstatedRules => {
            let text = language
                .of("机构未写明接收条件：请问机构收哪些孩子？", "the listing does not say who may come: whom does the provider take?");
            ("listing".to_owned(), text.to_owned())
        }
        Open::UnstatedAreas => {
            let text = language.of(
                "机构未写明服务区域：请问机构服务这里吗？",
                "the listing does not say where it serves: does the provider serve this place?",
            );
            ("listing".to_owned(), text.to_owned())
        }
    }
}
