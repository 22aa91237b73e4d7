//! What is meant by what was asked: entries of the index, and organizations that stand in the directory by themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Time;
use lianjie_index::Entry;
use lianjie_index::entry::{Season, Viewer};
use lianjie_index::search::Query;
use lianjie_index::text::fold;

use super::super::store::Alone;
use super::super::terms::{FACT, KIND, Taxonomy};
use super::asked::Asked;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::organization::store::name_of;

impl Asked {
    /// The entries that are meant: with words by fit, else by id.
    ///
    /// # Errors
    /// [`Error`] when the index cannot be read.
    pub fn entries(&self, app: &App, changed: Option<&BTreeSet<String>>) -> Result<Vec<Arc<Entry>>> {
        if self.nothing {
            return Ok(Vec::new());
        }
        let query = Query {
            filters: self.filters.clone(),
            near: self.near.clone(),
            viewer: Viewer::default(),
            ..Query::new(self.search.clone(), app.now())
        };
        let mut found = app.index.get().entries(&query).map_err(Error::from)?;
        found.retain(|entry| !entry.point_hidden && self.holds(entry));
        if let Some(changed) = changed {
            found.retain(|entry| changed.contains(entry.service.as_str()));
        }
        if self.search.is_empty() {
            found.sort_by(|one, other| (one.service.as_str(), one.site.as_str()).cmp(&(other.service.as_str(), other.site.as_str())));
        }
        Ok(found)
    }

    /// Those of the organizations that stand by themselves that are meant: by what they are and where. What only a service has, such
    /// as a fee, hours or a distance, none of them has.
    #[must_use]
    pub fn organizations(&self, app: &App, alone: Vec<Alone>) -> Vec<OrganizationId> {
        let filters = &self.filters;
        let of_services = self.near.is_some() || filters.has_place || !filters.categories.is_empty() || !filters.fee.is_empty();
        if self.nothing || of_services || self.ages != (None, None) || self.day.is_some() || self.hours != (None, None) {
            return Vec::new();
        }
        let divisions = app.divisions.get();
        let members: Vec<_> = filters.areas.iter().flat_map(|area| divisions.gazetteer.members(area)).collect();
        let words = fold(&self.search);
        let meant = |one: &Alone| {
            let kind = self.term.as_ref().is_none_or(|(taxonomy, code)| taxonomy.name == KIND.name && *code == one.kind);
            let taxonomy = self.taxonomy.is_none_or(|taxonomy| [KIND.name, FACT.name].contains(&taxonomy.name));
            let named = filters.organization.as_ref().is_none_or(|id| id.as_str() == one.id.as_str());
            let inside = filters.areas.is_empty() || members.iter().any(|member| member.contains(&one.division));
            kind && taxonomy && named && inside && fold(&one.words).contains(&words)
        };
        alone.into_iter().filter(meant).map(|one| one.id).collect()
    }

    /// What the index has no filter for.
    fn holds(&self, entry: &Entry) -> bool {
        let term = self.term.as_ref().is_none_or(|(taxonomy, code)| says(entry, taxonomy, Some(code)));
        let taxonomy = self.taxonomy.is_none_or(|taxonomy| says(entry, taxonomy, None));
        let (youngest, oldest) = entry.eligibility.as_ref().map(super::super::write::ages).unwrap_or_default();
        let from = self.ages.0.is_none_or(|asked| oldest.is_none_or(|months| f64::from(months) / 12.0 >= asked));
        let to = self.ages.1.is_none_or(|asked| youngest.is_none_or(|months| f64::from(months) / 12.0 <= asked));
        term && taxonomy && from && to && self.open(entry)
    }

    /// Whether it is open on the day and within the hours asked for; where hours are not stated it is not.
    fn open(&self, entry: &Entry) -> bool {
        if self.day.is_none() && self.hours == (None, None) {
            return true;
        }
        entry.schedule.weekly.iter().any(|opening| {
            let closes = if opening.to == Time::midnight() { Time::MAX } else { opening.to };
            self.day.is_none_or(|day| day == opening.day)
                && self.hours.0.is_none_or(|from| from < closes)
                && self.hours.1.is_none_or(|to| to > opening.from)
        })
    }
}

/// Whether an entry says something by a term of a taxonomy; by this one, where a code is given. A group holds its needs.
fn says(entry: &Entry, taxonomy: &Taxonomy, code: Option<&str>) -> bool {
    let is = |own: &str| code.is_none_or(|code| code == own);
    let mut fees = entry.fees.iter();
    match taxonomy.prefix {
        "" => entry.terms.iter().any(|term| is(term.as_str()) || is(term.group())),
        "kind:" => is(&entry.kind),
        "delivery:" => entry.delivery.iter().any(|way| is(&name_of(way))),
        "audience:" => fees.any(|fee| is(&fee.audience.to_string())),
        "fee:" => fees.any(|fee| is(&name_of(&fee.level))),
        "unit:" => fees.any(|fee| fee.unit.as_deref().is_some_and(is)),
        "payer:" => fees.any(|fee| fee.payer.is_some_and(|payer| is(&name_of(&payer)))),
        "fact:" => match code {
            // Every organization says where it lies.
            None | Some("division") => true,
            Some("eligibility") => entry.eligibility.is_some(),
            Some("wait_days") => entry.wait_days.is_some(),
            Some("travel_free") => entry.travel_free,
            Some("season") => !entry.schedule.weekly.is_empty() && entry.schedule.season != Season::Always,
            Some("open_on_holidays") => !entry.schedule.weekly.is_empty() && entry.schedule.open_on_holidays,
            Some("quota") => fees.any(|fee| fee.quota.is_some()),
            Some(_) => false,
        },
        _ => false,
    }
}
