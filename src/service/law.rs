//! What the law says against an offer. One place, asked by every way into the directory: form and API, lists, packages,
//! verification and merging; and by who refers, for some needs are decided by an authority.

use lianjie_index::matching::is_decision;
use lianjie_index::{Language, TermCode, Vocabulary};

use super::model::Service;
use crate::error::Fault;
use crate::organization::model::Organization;
use crate::taxonomy::camp;

/// Terms that only bodies of certain kinds may offer by law: the taxonomy's `providers` lists the kinds.
const LICENSED: [&str; 5] = ["GUA-05", "GUA-07", "BEH-03", "PSY-05", "EMG-02"];
/// A group of which every term is licensed.
const LICENSED_GROUP: &str = "MED";

/// An offer, as far as the law looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Kind of the organization.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// What it is, in the provider's words.
    pub description: &'a str,
    /// Taxonomy leaves.
    pub terms: &'a [TermCode],
}

impl<'a> Offer<'a> {
    /// A service of an organization.
    #[must_use]
    pub fn of(organization: &'a Organization, service: &'a Service) -> Self {
        Self { kind: &organization.kind, name: &service.name, description: &service.description, terms: &service.terms }
    }

    /// Everything the law says against it: of a licensed term that lists no kinds, like a whole group, nobody may say that it is his. `providers` gives the kinds that the taxonomy lists for a term.
    #[must_use]
    pub fn faults(&self, vocabulary: &Vocabulary, providers: impl Fn(&TermCode) -> Vec<String>) -> Vec<Fault> {
        let mut faults = Vec::new();
        for term in self.terms.iter().filter(|term| is_licensed(term)) {
            let kinds = providers(term);
            if kinds.is_empty() || !may_offer(self.kind, &kinds) {
                let name = vocabulary.name(term, Language::Zh);
                faults.push(Fault::new("terms", "licence").with("term", format!("{name}（{term}）")).with("kinds", kinds.join("、")));
            }
        }
        faults.extend(camp_fault(self.name, self.description));
        faults
    }
}

/// The fault of a name and description that offer a camp, with the field that says so.
#[must_use]
pub fn camp_fault(name: &str, description: &str) -> Option<Fault> {
    let word = camp::offered(&[name, description])?;
    let field = if lianjie_index::text::fold(name).contains(word) { "name" } else { "description" };
    Some(Fault::new(field, "boot_camp").with("word", word))
}

/// Whether a term needs a licence.
#[must_use]
pub fn is_licensed(term: &TermCode) -> bool {
    LICENSED.contains(&term.as_str()) || term.as_str().split('-').next() == Some(LICENSED_GROUP)
}

/// Whether an organization of a kind may offer a term whose taxonomy row lists `providers`.
///
/// A hospital is all of its departments: the kind 医院 may offer what 医院精神科 may.
#[must_use]
pub fn may_offer(kind: &str, providers: &[String]) -> bool {
    providers.is_empty() || (!kind.is_empty() && providers.iter().any(|provider| provider.starts_with(kind)))
}

/// Who decides on a term that is never a plain referral, as the name of the conflict that says so.
#[must_use]
pub fn decided(term: &TermCode) -> Option<&'static str> {
    if !is_decision(term) {
        return None;
    }
    Some(match term.as_str() {
        "GUA-05" => "decided_guardianship",
        "GUA-07" => "decided_adoption",
        "BEH-03" => "decided_special_school",
        _ => "decided_elsewhere",
    })
}

/// The same of an offer, where it offers nothing else.
#[must_use]
pub fn all_decided(terms: &[TermCode]) -> Option<&'static str> {
    if terms.iter().all(is_decision) { terms.first().and_then(decided) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(codes: &[&str]) -> Vec<TermCode> {
        codes.iter().map(|code| code.parse().unwrap()).collect()
    }

    #[test]
    fn a_licensed_term_is_for_the_kinds_the_taxonomy_lists() {
        let providers = vec!["医院精神科".to_owned(), "医院儿童心理科".to_owned()];
        assert!(may_offer("医院精神科", &providers) && may_offer("医院", &providers));
        assert!(!may_offer("心理咨询机构", &providers) && !may_offer("社工机构", &providers) && !may_offer("", &providers));
    }

    #[test]
    fn medicine_child_psychiatry_and_refuge_are_licensed_and_homework_is_not() {
        for code in ["MED-01", "MED-12", "PSY-05", "EMG-02", "GUA-05", "GUA-07", "BEH-03"] {
            assert!(is_licensed(&code.parse().unwrap()), "{code}");
        }
        assert!(!is_licensed(&"DEV-02".parse().unwrap()) && !is_licensed(&"PSY-03".parse().unwrap()));
    }

    #[test]
    fn an_offer_is_told_of_every_term_and_word_that_is_against_the_law() {
        let terms = terms(&["PSY-05", "DEV-02", "BEH-03"]);
        let offer = Offer { kind: "社工机构", name: "阳光戒网瘾学校", description: "", terms: &terms };
        let only = |_: &TermCode| vec!["医院精神科".to_owned()];
        let faults = offer.faults(&Vocabulary::new([]), only);
        let told: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
        assert_eq!(told, [("terms", "licence"), ("terms", "licence"), ("name", "boot_camp")]);
    }

    #[test]
    fn a_whole_group_that_is_licensed_is_nobodys_offer() {
        let group: Vec<TermCode> = terms(&["MED"]);
        let offer = Offer { kind: "社工机构", name: "看病", description: "", terms: &group };
        let faults = offer.faults(&Vocabulary::new([]), |_| Vec::new());
        assert_eq!(faults.iter().map(|fault| fault.reason).collect::<Vec<_>>(), ["licence"]);
    }

    #[test]
    fn what_offers_something_beside_a_decision_can_be_referred_to_for_that() {
        assert_eq!(all_decided(&terms(&["GUA-05"])), Some("decided_guardianship"));
        assert_eq!(all_decided(&terms(&["GUA-05", "GUA-06"])), None);
        assert_eq!(all_decided(&[]), None);
        assert_eq!(decided(&"GUA-06".parse().unwrap()), None);
    }
}
