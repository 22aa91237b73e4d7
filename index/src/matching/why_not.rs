//! Why not this one: what keeps a given service from being proposed, or where it stands.

use super::{
    answer::{Need, WhyNot},
    ask::Worth,
    fit::Kin,
    propose::{Bench, RADIUS_KM},
};
use crate::{code::ServiceId, rule::Verdict, search::IndexError};

impl Bench<'_> {
    /// Why a service stands where it stands for a need. Of several sites the best counts.
    pub(super) fn why_not(&self, need: &Need, service: &ServiceId) -> Result<WhyNot, IndexError> {
        let items: Vec<_> = self.snapshot.catalogue.of_service(service).map(|(_, item)| item).collect();
        let Some(first) = items.first() else { return Ok(WhyNot::Missing) };
        if !items.iter().any(|item| self.matched(item)) {
            return Ok(WhyNot::NotMatched);
        }
        let Some((_, term)) = Kin::of(&need.term, &first.entry.terms) else {
            return Ok(WhyNot::OtherTerm { terms: first.entry.terms.clone() });
        };
        if self.forbidden.avoided(&first.entry) {
            return Ok(WhyNot::Avoided);
        }
        if self.forbidden.term(&need.term) || self.forbidden.entry(&first.entry, &need.term, term) {
            return Ok(WhyNot::Forbidden);
        }
        let (ranked, excluded, _) = self.weigh_all(need)?;
        if let Some(at) = ranked.iter().position(|weighed| weighed.item.entry.service == *service) {
            let worth = Worth::of(&ranked, &self.facts, self.setting.rates);
            let service = Box::new(self.proposed(&ranked[at], &worth));
            return Ok(WhyNot::Ranked { rank: at + 1, service, losses: ranked[at].factors.losses() });
        }
        let kept_out = excluded.iter().find(|weighed| weighed.item.entry.service == *service);
        if let Some(excluded) = kept_out.and_then(|weighed| self.excluded(weighed)) {
            debug_assert!(kept_out.is_some_and(|weighed| weighed.gate.verdict == Verdict::No));
            return Ok(WhyNot::Excluded(Box::new(excluded)));
        }
        let distances = items.iter().filter_map(|item| Some(self.point?.distance_km(item.point?)));
        let km = distances.fold(f64::INFINITY, f64::min);
        Ok(WhyNot::TooFar { km: if km.is_finite() { km } else { RADIUS_KM } })
    }
}
