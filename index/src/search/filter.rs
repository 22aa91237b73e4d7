//! Which filters speak against an entry. Every kind is judged by itself, so that counts can say
//! what each would give without the others being asked again.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    catalogue::Item,
    facets::{Counter, ValueId, allows_age, allows_category},
    hits::{Cover, Places},
    query::{Dimension, Filters, Query},
};
use crate::{
    code::{Area, DivisionCode},
    entry::{Audience, Entry, Fee, Moment, fee},
    place::{Gazetteer, Wgs84},
    rule::{Residence, Verdict},
};

/// A query made ready to judge entries.
pub(super) struct Judge<'a> {
    filters: &'a Filters,
    moment: Option<&'a Moment>,
    sought: Sought<'a>,
    audience: Audience,
    day: Date,
    now: Timestamp,
    /// Days that posted places hold.
    places_hold: i64,
    /// The parts of the place asked about: one of a division, several of a zone, none where no place is asked about.
    parts: Vec<Residence>,
    point: Option<Wgs84>,
    /// Kinds of filter that are set; the others speak against nothing.
    set: Vec<Dimension>,
}

/// Where an entry stands towards the place asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) cover: Cover,
    /// Absent where it comes, or nothing is known.
    pub(super) distance_km: Option<f64>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(query: &'a Query, gazetteer: &'a Gazetteer) -> Self {
        let area = query.near.as_ref().and_then(|near| near.area.as_ref());
        let members = area.map(|area| gazetteer.members(area)).unwrap_or_default();
        let given = query.near.as_ref().and_then(|near| near.point);
        Self {
            filters: &query.filters,
            moment: query.filters.open_at.as_ref().or(query.moment.as_ref()),
            sought: Sought::new(&query.filters.areas, gazetteer),
            audience: query.filters.audience.clone().unwrap_or(Audience::Hardship),
            day: shanghai(query.now),
            now: query.now,
            places_hold: query.periods.places,
            parts: members.iter().map(|member| gazetteer.residence(member)).collect(),
            point: given.or_else(|| area.and_then(|area| gazetteer.middle(area))),
            set: Dimension::ALL.into_iter().filter(|kind| query.filters.sets(*kind)).collect(),
        }
    }

    /// Where an entry stands.
    pub(super) fn standing(&self, item: &Item) -> Standing {
        let cover = self.cover(&item.entry.areas);
        let travels = !item.entry.comes();
        let distance_km = self.point.zip(item.point).filter(|_| travels).map(|(here, there)| here.distance_km(there));
        Standing { cover, distance_km }
    }

    /// Whether areas hold the place: all its parts, none of them, or it is known too coarsely.
    fn cover(&self, areas: &[Area]) -> Cover {
        let best = |part: &Residence| areas.iter().map(|area| part.lies_in(area)).max().unwrap_or(Verdict::Ask);
        let ends = self.parts.iter().map(best).fold(None, |ends: Option<(Verdict, Verdict)>, one| {
            let (least, most) = ends.unwrap_or((one, one));
            Some((least.min(one), most.max(one)))
        });
        match ends {
            Some((Verdict::Yes, _)) => Cover::Serves,
            Some((_, Verdict::No)) => Cover::Elsewhere,
            _ => Cover::Unknown,
        }
    }

    /// The kinds of filter that speak against an entry, one bit each.
    pub(super) fn failed(&self, item: &Item, standing: Standing, places: Option<Places>) -> u16 {
        let kinds = self.set.iter().filter(|kind| !self.passes(**kind, item, standing, places));
        kinds.fold(0, |bits, kind| bits | kind.bit())
    }

    fn passes(&self, kind: Dimension, item: &Item, standing: Standing, places: Option<Places>) -> bool {
        let (entry, wanted) = (&*item.entry, self.filters);
        match kind {
            Dimension::Terms => any(&wanted.terms, |term| entry.terms.iter().any(|own| term.covers(own))),
            Dimension::Kinds => any(&wanted.kinds, |kind| entry.kind == *kind),
            Dimension::AgeMonths => wanted.age_months.is_none_or(|months| allows_age(entry, months)),
            Dimension::Categories => any(&wanted.categories, |code| allows_category(entry, code)),
            Dimension::Fee => any(&wanted.fee, |level| self.fee(entry).is_some_and(|fee| fee.level == *level)),
            Dimension::HasPlace => !wanted.has_place || self.has_place(places),
            Dimension::Delivery => any(&wanted.delivery, |way| entry.delivery.contains(way)),
            Dimension::OpenAt => wanted.open_at.as_ref().is_none_or(|moment| entry.schedule.open_at(moment) == Some(true)),
            Dimension::Languages => any(&wanted.languages, |language| entry.languages.contains(language)),
            Dimension::Areas => wanted.areas.is_empty() || self.sought.holds(entry),
            Dimension::WithinKm => wanted.within_km.is_none_or(|km| within(entry, standing, km)),
            Dimension::FreshDays => wanted.fresh_days.is_none_or(|days| self.fresh(entry, days)),
            Dimension::Accessibility => wanted.accessibility.iter().all(|own| entry.accessibility.contains(own)),
            Dimension::Organization => wanted.organization.as_ref().is_none_or(|id| entry.organization == *id),
        }
    }

    fn fee<'e>(&self, entry: &'e Entry) -> Option<&'e Fee> {
        fee::for_audience(&entry.fees, &self.audience, self.day)
    }

    fn has_place(&self, places: Option<Places>) -> bool {
        places.is_some_and(|places| places.has_one(self.now, self.places_hold))
    }

    fn fresh(&self, entry: &Entry, days: u32) -> bool {
        entry.age_days(self.now).is_some_and(|age| age <= i64::from(days))
    }

    /// Counts an entry under each of its values.
    pub(super) fn count(&self, counter: &mut Counter, item: &Item, standing: Standing, places: Option<Places>, failed: u16) {
        let entry = &*item.entry;
        counter.count(failed, &item.values);
        let own = counter.own();
        let level = self.fee(entry).and_then(|fee| own.fees.get(fee.level as usize));
        let place = own.has_place.iter().filter(|_| self.has_place(places));
        let open = |moment| entry.schedule.open_at(moment) == Some(true);
        let open = own.open.iter().filter(|_| self.moment.is_some_and(open));
        let near = own.radii.iter().filter(|(km, _)| self.point.is_some() && within(entry, standing, *km));
        let age = entry.age_days(self.now).unwrap_or(i64::MAX);
        let fresh = own.fresh.iter().filter(|(days, _)| age <= *days);

        let mut more: [ValueId; 12] = [0; 12];
        let ids = level.into_iter().chain(place).chain(open).chain(near.map(|(_, id)| id)).chain(fresh.map(|(_, id)| id));
        let count = more.iter_mut().zip(ids).map(|(slot, id)| *slot = *id).count();
        counter.count(failed, &more[..count]);
    }
}

/// Whether some value fits, or none is asked for.
fn any<T>(wanted: &[T], fits: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(fits)
}

/// What serves the place, or comes there, is never cut off by a radius.
fn within(entry: &Entry, standing: Standing, km: f64) -> bool {
    match standing.cover {
        Cover::Serves => true,
        Cover::Unknown if entry.comes() => true,
        _ => standing.distance_km.is_some_and(|distance| distance <= km),
    }
}

/// Areas looked for, with the divisions they consist of.
pub(super) struct Sought<'a> {
    areas: &'a [Area],
    divisions: Vec<DivisionCode>,
    gazetteer: &'a Gazetteer,
}

impl<'a> Sought<'a> {
    pub(super) fn new(areas: &'a [Area], gazetteer: &'a Gazetteer) -> Self {
        let divisions = areas.iter().flat_map(|area| gazetteer.members(area)).collect();
        Self { areas, divisions, gazetteer }
    }

    /// Whether an entry is given to, or stands in, one of the areas or a part of it.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let stands = |wanted: &DivisionCode| entry.division.as_ref().is_some_and(|division| wanted.contains(division));
        self.divisions.iter().any(stands) || entry.areas.iter().any(|own| self.overlaps(own))
    }

    fn overlaps(&self, own: &Area) -> bool {
        let overlap = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
        if self.areas.contains(own) {
            return true;
        }
        let with = |own: &str| self.divisions.iter().any(|wanted| overlap(wanted.as_str(), own));
        match own.zone() {
            Some(_) => self.gazetteer.members(own).iter().any(|member| with(member.as_str())),
            None => with(own.as_str()),
        }
    }
}

/// The day it is in Asia/Shanghai, which has kept one offset since 1991.
fn shanghai(now: Timestamp) -> Date {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    now.to_zoned_datetime(zone).date()
}
