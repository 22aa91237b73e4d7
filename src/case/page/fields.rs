//! The long form of a case: its fields as written, and written as fields.

use std::collections::BTreeMap;

use super::super::actions::{NewCase, NewNeed};
use super::super::model::{DIAGNOSES, PAPERS, Source, Written, WrittenGuardian, name};
use crate::id::{LeadId, OrganizationId};
use crate::secret::Hidden;

/// The guardians the form has room for, by what their fields begin with.
pub const SLOTS: [&str; 4] = ["father", "mother", "carer", "carer2"];

/// Fields that were sent.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub &'a [(String, String)]);

impl<'a> Fields<'a> {
    /// A field's value; empty where it was not sent.
    pub fn one(self, field: &str) -> &'a str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn many(self, field: &str) -> Vec<String> {
        self.0.iter().filter(|(name, value)| name == field && !value.is_empty()).map(|(_, value)| value.clone()).collect()
    }

    fn text(self, field: &str) -> String {
        self.one(field).to_owned()
    }

    fn hidden(self, field: &str) -> Hidden {
        Hidden::new(self.one(field))
    }

    fn codes(self, prefix: &str, codes: impl IntoIterator<Item = String>) -> BTreeMap<String, bool> {
        codes
            .into_iter()
            .filter_map(|code| match self.one(&format!("{prefix}_{code}")) {
                "yes" => Some((code, true)),
                "no" => Some((code, false)),
                _ => None,
            })
            .collect()
    }

    fn guardian(self, slot: &str) -> WrittenGuardian {
        let field = |name: &str| format!("{slot}_{name}");
        WrittenGuardian {
            at: format!("{slot}_"),
            id: self.text(&field("id")),
            relation: if slot.starts_with("carer") { self.text(&field("relation")) } else { slot.to_owned() },
            state: self.text(&field("state")),
            since: self.text(&field("since")),
            evidence: self.text(&field("evidence")),
            carer: !self.one(&field("carer")).is_empty(),
            suspected: !self.one(&field("suspected")).is_empty(),
            name: self.hidden(&field("name")),
            phone: self.hidden(&field("phone")),
        }
    }

    /// What is written of the child and its case.
    pub fn written(self) -> Written {
        Written {
            alias: self.text("alias"),
            name: self.hidden("name"),
            identity_number: self.hidden("identity_number"),
            phone: self.hidden("phone"),
            address: self.hidden("address"),
            point: self.hidden("point"),
            school: self.hidden("school"),
            birth_month: self.text("birth_month"),
            sex: self.text("sex"),
            division: self.text("division"),
            village: self.text("village"),
            hukou: self.text("hukou"),
            guardians: SLOTS.iter().map(|slot| self.guardian(slot)).collect(),
            flags: self.many("flags"),
            holds: self.codes("holds", PAPERS.iter().map(name)),
            diagnoses: self.codes("diagnoses", DIAGNOSES.iter().map(name)),
            certificates: self.hidden("certificates"),
            school_stage: self.text("school_stage"),
            languages: self.many("languages"),
            travel_mode: self.text("travel_mode"),
            limit_minutes: self.text("limit_minutes"),
            can_pay: self.text("can_pay"),
            guardian: self.text("guardian"),
            narrative: self.hidden("narrative"),
            care_notes: self.hidden("care_notes"),
            risk: self.text("risk"),
            categories: self.many("categories"),
            categories_reason: self.text("categories_reason"),
        }
    }

    /// Situations that were ticked.
    pub fn situations(self) -> Vec<u8> {
        self.many("situations").iter().filter_map(|number| number.parse().ok()).collect()
    }

    /// Needs that were ticked; those in `read` came from words.
    pub fn needs(self) -> Vec<NewNeed> {
        let read = self.many("read");
        let source = |term: &String| if read.contains(term) { Source::Read } else { Source::Picked };
        let mut needs: Vec<NewNeed> = Vec::new();
        for text in self.many("terms") {
            let Ok(term) = text.parse() else { continue };
            if needs.iter().all(|need| need.term != term) {
                needs.push(NewNeed::of(term, source(&text)));
            }
        }
        needs
    }

    /// The case they would open.
    pub fn new_case(self) -> NewCase {
        NewCase {
            station: OrganizationId::parse(self.one("station")).ok(),
            written: self.written(),
            situations: self.situations(),
            needs: self.needs(),
            words: self.hidden("words"),
            lead: LeadId::parse(self.one("lead")).ok(),
        }
    }
}

/// The fields of a form that changes a case: what is plain of it.
pub fn fields_of(written: &Written) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    put("alias", &written.alias);
    put("birth_month", &written.birth_month);
    put("sex", &written.sex);
    put("division", &written.division);
    put("village", &written.village);
    put("hukou", &written.hukou);
    put("school_stage", &written.school_stage);
    put("travel_mode", &written.travel_mode);
    put("limit_minutes", &written.limit_minutes);
    put("can_pay", &written.can_pay);
    put("guardian", &written.guardian);
    put("risk", &written.risk);
    put("categories_reason", &written.categories_reason);
    for (field, values) in [("flags", &written.flags), ("languages", &written.languages), ("categories", &written.categories)] {
        for value in values {
            put(field, value);
        }
    }
    for (code, held) in &written.holds {
        put(&format!("holds_{code}"), if *held { "yes" } else { "no" });
    }
    let mut others = SLOTS[2..].iter();
    for guardian in &written.guardians {
        let slot = match guardian.relation.as_str() {
            "father" => "father",
            "mother" => "mother",
            _ => others.next().copied().unwrap_or("carer2"),
        };
        put(&format!("{slot}_id"), &guardian.id);
        put(&format!("{slot}_relation"), &guardian.relation);
        put(&format!("{slot}_state"), &guardian.state);
        put(&format!("{slot}_since"), &guardian.since);
        put(&format!("{slot}_evidence"), &guardian.evidence);
        put(&format!("{slot}_carer"), if guardian.carer { "1" } else { "" });
        put(&format!("{slot}_suspected"), if guardian.suspected { "1" } else { "" });
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_comes_back_as_it_was() {
        let sent: Vec<(String, String)> = [
            ("alias", "小禾"),
            ("division", "320116010"),
            ("holds_dibao", "no"),
            ("flags", "poor"),
            ("flags", "rural_hukou"),
            ("mother_relation", "mother"),
            ("mother_state", "away"),
            ("carer_relation", "grandparent"),
            ("carer_state", "present"),
            ("carer_carer", "1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let written = Fields(&sent).written();
        let again = Fields(&fields_of(&written)).written();
        assert_eq!(again.holds, written.holds);
        assert_eq!(again.flags, written.flags);
        let states = |written: &Written| {
            written
                .guardians
                .iter()
                .map(|one| (one.relation.clone(), one.state.clone()))
                .filter(|(_, state)| !state.is_empty())
                .collect::<Vec<_>>()
        };
        assert_eq!(states(&again), states(&written));
        assert!(again.guardians[2].carer);
    }
}
