//! What is to be allocated: needs, the places of services, and who may use what at which utility.
//!
//! An [`Instance`] is checked once, when it is made; everything behind it may rely on the checks.
//! Candidates lie in CSR form: need `n` may use `svc[ptr[n]..ptr[n + 1]]`.

use super::{fault::Fault, label::Labels, lists::index};

/// No organisation.
pub const NONE: u32 = u32::MAX;
/// What a need counts by tier where nothing else is said: 1 is most urgent.
pub const WEIGHTS: [u32; 4] = [8, 4, 2, 1];
/// The largest tier weight that is read.
pub const MOST_WEIGHT: u32 = 10_000;
/// The largest utility of one referral, in thousandths.
pub const MOST_UTILITY: u16 = 1000;

/// The needs, one entry a need in each field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whose need it is.
    pub child: Labels,
    /// The county of the child.
    pub county: Labels,
    /// The town of the child.
    pub town: Labels,
    /// The child's household category.
    pub category: Labels,
    /// Urgency, 1 to 4; 1 is most urgent.
    pub tier: Vec<u8>,
}

/// The services, one entry a service in each field but `org_cap`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Services {
    /// Where each is.
    pub town: Labels,
    /// What each gives.
    pub category: Labels,
    /// Free places of each.
    pub cap: Vec<u32>,
    /// The organisation of each as an index into `org_cap`, or [`NONE`] where none bounds it.
    pub org: Vec<u32>,
    /// How many places an organisation fills over all its services.
    pub org_cap: Vec<u32>,
}

/// Who may use what: need `n` has the pairs `ptr[n]..ptr[n + 1]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Where the pairs of each need begin, and the number of pairs.
    pub ptr: Vec<u32>,
    /// The service of each pair.
    pub svc: Vec<u32>,
    /// The utility of each pair in thousandths, 1 to 1000.
    pub u: Vec<u16>,
}

/// A checked instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    needs: Needs,
    services: Services,
    candidates: Candidates,
    tier_weight: [u32; 4],
    weight: Vec<u32>,
    unit: u32,
}

impl Instance {
    /// Checks and keeps an instance.
    ///
    /// # Errors
    /// [`Fault`] names the first thing that is wrong.
    pub fn new(needs: Needs, services: Services, candidates: Candidates, tier_weight: [u32; 4]) -> Result<Self, Fault> {
        check_needs(&needs)?;
        check_services(&services)?;
        check_candidates(&candidates, needs.tier.len(), services.cap.len())?;
        for (tier, &weight) in (1_u8..).zip(&tier_weight) {
            if weight == 0 || weight > MOST_WEIGHT {
                return Err(Fault::Weight { tier, weight: weight.into() });
            }
        }
        let weight = needs.tier.iter().map(|&tier| tier_weight[usize::from(tier) - 1]).collect();
        Ok(Self { needs, services, candidates, tier_weight, weight, unit: 1 })
    }

    /// The needs.
    #[must_use]
    pub fn needs(&self) -> &Needs {
        &self.needs
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Who may use what.
    #[must_use]
    pub fn candidates(&self) -> &Candidates {
        &self.candidates
    }

    /// What a need of each tier counts, before waiting.
    #[must_use]
    pub fn tier_weight(&self) -> [u32; 4] {
        self.tier_weight
    }

    /// What each need counts, in parts of [`Instance::unit`].
    #[must_use]
    pub fn weight(&self) -> &[u32] {
        &self.weight
    }

    /// Into how many parts one unit of weight is cut: 1, or 26 once waiting counts.
    #[must_use]
    pub fn unit(&self) -> u32 {
        self.unit
    }

    /// The pairs of a need.
    #[must_use]
    pub fn pairs(&self, need: u32) -> std::ops::Range<usize> {
        let need = need as usize;
        self.candidates.ptr[need] as usize..self.candidates.ptr[need + 1] as usize
    }

    /// The pair by which a need may use a service.
    #[must_use]
    pub fn pair(&self, need: u32, service: u32) -> Option<usize> {
        self.pairs(need).find(|&pair| self.candidates.svc[pair] == service)
    }

    /// The weighted utility of a pair of a need, in parts of [`Instance::unit`].
    #[must_use]
    pub fn value(&self, need: u32, pair: usize) -> i64 {
        i64::from(self.weight[need as usize]) * i64::from(self.candidates.u[pair])
    }

    /// Counties; towns where all are of one county. These are the groups a floor speaks of.
    #[must_use]
    pub fn places_of_life(&self) -> &Labels {
        if self.needs.county.names.len() > 1 { &self.needs.county } else { &self.needs.town }
    }

    /// The same instance with other weights, in parts of `unit`.
    #[must_use]
    pub(super) fn weighing(&self, weight: Vec<u32>, unit: u32) -> Self {
        Self { weight, unit, ..self.clone() }
    }
}

fn check_needs(needs: &Needs) -> Result<(), Fault> {
    let count = needs.tier.len();
    if u32::try_from(count).is_err() || index(count) == NONE {
        return Err(Fault::TooLarge("needs"));
    }
    for (field, labels) in [("child", &needs.child), ("county", &needs.county), ("town", &needs.town), ("category", &needs.category)] {
        same("needs", field, count, labels.of.len())?;
    }
    match needs.tier.iter().position(|tier| !(1..=4).contains(tier)) {
        Some(need) => Err(Fault::Tier { need, tier: needs.tier[need].into() }),
        None => Ok(()),
    }
}

fn check_services(services: &Services) -> Result<(), Fault> {
    let count = services.cap.len();
    if u32::try_from(count).is_err() || u32::try_from(services.org_cap.len()).is_err() {
        return Err(Fault::TooLarge("services"));
    }
    same("services", "org", count, services.org.len())?;
    for (field, labels) in [("town", &services.town), ("category", &services.category)] {
        same("services", field, count, labels.of.len())?;
    }
    match services.org.iter().position(|&org| org != NONE && org as usize >= services.org_cap.len()) {
        Some(service) => Err(Fault::Organization { service }),
        None => Ok(()),
    }
}

fn check_candidates(candidates: &Candidates, needs: usize, services: usize) -> Result<(), Fault> {
    let Candidates { ptr, svc, u } = candidates;
    same("candidates", "ptr", needs + 1, ptr.len())?;
    same("candidates", "u", svc.len(), u.len())?;
    if u32::try_from(svc.len()).is_err() || index(svc.len()) == NONE {
        return Err(Fault::TooLarge("pairs"));
    }
    if ptr[0] != 0 || ptr[needs] as usize != svc.len() {
        return Err(Fault::Ends { first: ptr[0].into(), last: ptr[needs].into(), pairs: svc.len() });
    }
    if let Some(need) = ptr.windows(2).position(|pair| pair[0] > pair[1]) {
        return Err(Fault::Falling { need });
    }
    // The need that last named each service, so that a second naming is seen in one pass.
    let mut named = vec![NONE; services];
    for need in 0..needs {
        for pair in ptr[need] as usize..ptr[need + 1] as usize {
            let service = svc[pair] as usize;
            let Some(last) = named.get_mut(service) else { return Err(Fault::Service { need, service: svc[pair].into() }) };
            if *last == index(need) {
                return Err(Fault::Twice { need, service });
            }
            *last = index(need);
            if u[pair] == 0 || u[pair] > MOST_UTILITY {
                return Err(Fault::Utility { need, utility: u[pair].into() });
            }
        }
    }
    Ok(())
}

fn same(list: &'static str, field: &'static str, wanted: usize, found: usize) -> Result<(), Fault> {
    if wanted == found { Ok(()) } else { Err(Fault::Length { list, field, wanted, found }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(tier: Vec<u8>, ptr: Vec<u32>, svc: Vec<u32>, u: Vec<u16>) -> Result<Instance, Fault> {
        let one = Labels::same(tier.len());
        let needs = Needs { child: one.clone(), county: one.clone(), town: one.clone(), category: one, tier };
        let services =
            Services { town: Labels::same(2), category: Labels::same(2), cap: vec![1, 1], org: vec![NONE, NONE], org_cap: Vec::new() };
        Instance::new(needs, services, Candidates { ptr, svc, u }, WEIGHTS)
    }

    #[test]
    fn a_need_without_candidates_is_fine() {
        assert!(instance(vec![1], vec![0, 0], vec![], vec![]).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let says = |result: Result<Instance, Fault>| result.unwrap_err().to_string();
        assert_eq!(says(instance(vec![5], vec![0, 0], vec![], vec![])), "need 0 has tier 5; tiers are 1 to 4");
        assert_eq!(says(instance(vec![1], vec![0], vec![], vec![])), "`ptr` of the candidates has 1 entries, not 2");
        assert_eq!(says(instance(vec![1], vec![0, 2], vec![0], vec![9])), "`ptr` runs from 0 to 2, not from 0 to the 1 pairs there are");
        assert_eq!(says(instance(vec![1, 1], vec![0, 2, 1], vec![0], vec![9])), "`ptr` falls after need 1");
        assert_eq!(says(instance(vec![1], vec![0, 1], vec![2], vec![9])), "need 0 names service 2, which there is not");
        assert_eq!(says(instance(vec![1], vec![0, 2], vec![1, 1], vec![9, 9])), "need 0 names service 1 twice");
        assert_eq!(says(instance(vec![1], vec![0, 1], vec![1], vec![0])), "need 0 has a utility of 0; utilities are 1 to 1000");
        assert_eq!(says(instance(vec![1], vec![0, 1], vec![1], vec![1001])), "need 0 has a utility of 1001; utilities are 1 to 1000");
    }
}
