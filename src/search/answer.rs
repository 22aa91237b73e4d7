//! The answer of a search in one shape for programs, and the same as lines for a terminal.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use lianjie_index::entry::Audience;
use lianjie_index::search::{Hit, Mention};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::Found;
use super::body::FoundBody;
use super::cursor;
use super::place::Place;
use super::words::{Tick, Words, facts, name_of};
use crate::api::Meta;
use crate::app::App;
use crate::clock;
use crate::division::model::Divisions;

/// What a search found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Answer {
    /// The services at locations, best first.
    pub services: Vec<ServiceBody>,
    /// Organizations that the words name, on the first page; at most five.
    pub organizations: Vec<FoundBody>,
    /// Needs read from the words, surest first; each can be taken off by `taken_off`.
    pub needs: Vec<NeedBody>,
    /// By filter: what one would get with each value, all other filters kept.
    pub facets: BTreeMap<String, Vec<FacetBody>>,
    /// When nothing was found: which filter to drop, and what that gives, the most first; pairs of filters where no single one helps.
    pub relief: Vec<ReliefBody>,
    /// Where distances are counted from.
    pub near: Option<NearBody>,
    /// Words that need not be found and only help the order.
    pub helping: Vec<String>,
    /// Names in the words that several places bear; entries of all of them are here. `near` with a code chooses one.
    pub places: Vec<NamesakesBody>,
    /// All places read from the words; each can be taken off by `taken_off` with its words.
    pub mentions: Vec<NamesakesBody>,
    /// The `cursor` of the page after this one; absent on the last.
    pub next: Option<String>,
    /// How many there are in all.
    pub meta: Meta,
}

/// A service at a location.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceBody {
    /// Id of the service.
    pub id: String,
    /// Id of the service at this location: what a referral names.
    pub service_at_location: String,
    /// Name.
    pub name: String,
    /// Who gives it.
    pub organization: OrganizationBody,
    /// Taxonomy terms.
    pub terms: Vec<NamedBody>,
    /// Ways of delivery.
    pub delivery: Vec<String>,
    /// Areas it is given to; empty = not stated.
    pub areas: Vec<NamedBody>,
    /// The fee for the audience asked about; absent = not stated.
    pub fee: Option<FeeBody>,
    /// Places, where posted.
    pub places: Option<PlacesBody>,
    /// Days to wait, as the provider says.
    pub wait_days: Option<u16>,
    /// WGS-84; absent where it has none, and where the address is confidential.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Great-circle kilometres from `near`; absent where it comes, or has no place.
    pub distance_km: Option<f64>,
    /// `serves`, `unknown`, `elsewhere`: whether its areas hold `near`.
    pub cover: String,
    /// Why it is marked: `pending`, `expired`, `edited`, `inactive`, `program_over`, `licence_lapsed`, `do_not_refer`.
    pub mark: Option<String>,
    /// Whether a registrar's verification holds.
    pub verified: bool,
    /// Day of the last confirmation.
    pub assured_at: Option<String>,
    /// Phone number of the organization.
    pub phone: Option<String>,
    /// Requirements against what the filters say of the child.
    pub eligibility: Vec<TickBody>,
    /// Why it is here: data, with `text` in the language asked for.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Vec<serde_json::Value>,
    /// Stretches of text that hold the words, with the characters to mark.
    #[schema(value_type = Vec<Object>)]
    pub snippets: Vec<serde_json::Value>,
    /// How well it fits, 0 to 1000.
    pub score: u16,
}

/// Who gives a service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganizationBody {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code of its kind.
    pub kind: String,
}

/// A code with its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedBody {
    /// Code.
    pub code: String,
    /// Name in the language asked for.
    pub name: String,
}

/// A fee.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeeBody {
    /// `free`, `low`, `full`.
    pub level: String,
    /// In words.
    pub text: String,
}

/// Places.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlacesBody {
    /// Free ones.
    pub free: u32,
    /// All.
    pub capacity: u32,
    /// RFC 3339 UTC.
    pub as_of: String,
}

/// A requirement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TickBody {
    /// `fits`, `not`, `ask`.
    pub mark: String,
    /// In words.
    pub text: String,
}

/// A need read from the words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NeedBody {
    /// Code.
    pub term: String,
    /// Name.
    pub name: String,
    /// How sure, 0 to 1000.
    pub score: u16,
    /// The words that say so.
    #[schema(value_type = Vec<Object>)]
    pub why: serde_json::Value,
}

/// What one would get with a value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetBody {
    /// As the parameter spells it.
    pub value: String,
    /// In words.
    pub label: String,
    /// How many.
    pub count: usize,
}

/// What dropping a filter gives.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReliefBody {
    /// Name of the parameter.
    pub filter: String,
    /// The parameter to drop with it, where only both together stand in the way.
    pub also: Option<String>,
    /// In words.
    pub text: String,
    /// How many.
    pub total: usize,
}

/// A place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NearBody {
    /// Division; of a village its township, else its county.
    pub division: Option<String>,
    /// Zone, `zone:` and its id.
    pub zone: Option<String>,
    /// Village: statistical code of twelve digits.
    pub village: Option<String>,
    /// Its name with those above it.
    pub name: Option<String>,
    /// The name it had, where that or its withdrawn code was asked for.
    pub former_name: Option<String>,
    /// Point, where one was given; WGS-84.
    pub longitude: Option<f64>,
    /// Point.
    pub latitude: Option<f64>,
    /// System the point was given in: `wgs84`, `gcj02`, `bd09`.
    pub crs_given: Option<String>,
}

/// Places of one name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamesakesBody {
    /// The name, as it was read from the words.
    pub words: String,
    /// The places.
    pub choices: Vec<NamedBody>,
}

impl NearBody {
    fn of(place: &Place, divisions: &Divisions) -> Self {
        let (meant, area) = (place.meant.as_ref(), place.near.area.as_ref());
        Self {
            division: area.and_then(lianjie_index::Area::division).map(|code| code.to_string()),
            zone: area.filter(|area| area.zone().is_some()).map(ToString::to_string),
            village: meant.and_then(|meant| meant.village.as_ref()).map(|village| village.code.clone()),
            name: meant.map(|meant| meant.full_name(divisions)),
            former_name: meant.and_then(|meant| meant.former.clone()),
            longitude: place.near.point.map(|point| point.longitude),
            latitude: place.near.point.map(|point| point.latitude),
            crs_given: place.crs_given.map(name_of),
        }
    }
}

impl Answer {
    /// Puts what was found into words.
    #[must_use]
    pub fn of(app: &App, found: &Found, words: &Words) -> Self {
        let hits = &found.hits;
        let label = |filter, value: &str| words.value(filter, value);
        let facets = hits.facets.iter().map(|(filter, counts)| {
            let counts = counts.iter();
            let counts = counts.map(|one| FacetBody { value: one.value.clone(), label: label(*filter, &one.value), count: one.count });
            (name_of(filter), counts.collect())
        });
        let relief = hits.relief.iter().map(|relief| ReliefBody {
            filter: name_of(relief.filter),
            also: relief.also.map(name_of),
            text: words.list([Some(relief.filter), relief.also].into_iter().flatten().map(|filter| words.filter(filter))),
            total: relief.total,
        });
        let needs = hits.needs.iter().map(|need| NeedBody {
            term: need.term.to_string(),
            name: words.term(&need.term),
            score: need.score,
            why: serde_json::to_value(&need.why).unwrap_or_default(),
        });
        let divisions = app.divisions.get();
        let near = found.asked.place.as_ref().map(|place| NearBody::of(place, &divisions));
        let mention = |mention: &Mention| NamesakesBody {
            words: mention.words.clone(),
            choices: mention.areas.iter().map(|area| NamedBody { code: area.to_string(), name: words.area(area) }).collect(),
        };
        Self {
            services: hits.hits.iter().map(|hit| service(app, found, hit, words)).collect(),
            organizations: found.bodies.iter().map(|body| FoundBody::of(body, words)).collect(),
            needs: needs.collect(),
            facets: facets.collect(),
            relief: relief.collect(),
            near,
            helping: found.hits.helping.clone(),
            places: found.namesakes(&divisions).map(mention).collect(),
            mentions: hits.places.iter().map(mention).collect(),
            next: cursor::after(hits).map(|cursor| cursor.to_string()),
            meta: Meta { total: u64::try_from(hits.total).unwrap_or(u64::MAX) },
        }
    }
}

/// The audience whose fee is shown: the one asked about, else children in hardship.
#[must_use]
pub fn audience(found: &Found) -> Audience {
    found.asked.filters.audience.clone().unwrap_or(Audience::Hardship)
}

/// The ticks of a hit, judged by what the filters say of the child.
#[must_use]
pub fn ticks(app: &App, found: &Found, hit: &Hit, words: &Words) -> Vec<Tick> {
    let near = found.asked.near();
    let facts = facts(&found.asked.filters, near, &app.divisions.get(), words.today);
    words.ticks_of(&hit.entry, hit.cover, near.is_some_and(|near| near.area.is_some()), &facts)
}

fn service(app: &App, found: &Found, hit: &Hit, words: &Words) -> ServiceBody {
    let entry = &hit.entry;
    let point = entry.point.filter(|_| !entry.point_hidden);
    let reasons = hit.reasons.iter().map(|reason| {
        let mut data = serde_json::to_value(reason).unwrap_or_default();
        if let Some(data) = data.as_object_mut() {
            data.insert("text".into(), words.reason(reason).into());
        }
        data
    });
    ServiceBody {
        id: entry.service.to_string(),
        service_at_location: entry.site.to_string(),
        name: entry.name.clone(),
        organization: OrganizationBody {
            id: entry.organization.to_string(),
            name: entry.organization_name.clone(),
            kind: entry.kind.clone(),
        },
        terms: entry.terms.iter().map(|term| NamedBody { code: term.to_string(), name: words.term(term) }).collect(),
        delivery: entry.delivery.iter().map(name_of).collect(),
        areas: entry.areas.iter().map(|area| NamedBody { code: area.to_string(), name: words.area(area) }).collect(),
        fee: words.fee(&entry.fees, &audience(found)).map(|(level, text)| FeeBody { level: name_of(level), text }),
        places: hit.places.map(|places| PlacesBody { free: places.free(), capacity: places.capacity, as_of: clock::stored(places.as_of) }),
        wait_days: entry.wait_days,
        longitude: point.map(|point| point.longitude),
        latitude: point.map(|point| point.latitude),
        distance_km: hit.distance_km.map(|km| (km * 10.0).round() / 10.0),
        cover: name_of(hit.cover),
        mark: hit.mark.map(name_of),
        verified: entry.visibility.verified,
        assured_at: entry.assured_at.map(|at| clock::day(at).to_string()),
        phone: found.phones.get(entry.organization.as_str()).cloned(),
        eligibility: ticks(app, found, hit, words).into_iter().map(|tick| TickBody { mark: tick.mark.into(), text: tick.text }).collect(),
        reasons: reasons.collect(),
        snippets: hit.snippets.iter().filter_map(|snippet| serde_json::to_value(snippet).ok()).collect(),
        score: hit.score,
    }
}

/// The answer as a terminal shows it: one stretch of lines a service.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.needs.is_empty() {
            let needs: Vec<_> = self.needs.iter().map(|need| format!("{} {}", need.term, need.name)).collect();
            writeln!(f, "→ {}", needs.join(" · "))?;
        }
        for place in &self.places {
            let choices: Vec<_> = place.choices.iter().map(|one| format!("{} {}", one.code, one.name)).collect();
            writeln!(f, "? {}: {}", place.words, choices.join(" · "))?;
        }
        for (number, service) in (1..).zip(&self.services) {
            let fee = service.fee.as_ref().map(|fee| format!("  [{}]", fee.text)).unwrap_or_default();
            writeln!(f, "{number:>2}  {}{fee}", service.name)?;
            writeln!(f, "    {}", service.organization.name)?;
            let mut facts = String::new();
            for (mark, text) in service.eligibility.iter().map(|tick| (tick.mark.as_str(), &tick.text)) {
                let sign = match mark {
                    "fits" => "✓",
                    "not" => "✗",
                    _ => "?",
                };
                let _ = write!(facts, "{sign} {text}  ");
            }
            writeln!(f, "    {}", facts.trim_end())?;
            let reasons: Vec<_> = service.reasons.iter().filter_map(|reason| reason["text"].as_str()).collect();
            if !reasons.is_empty() {
                writeln!(f, "    {}", reasons.join(" · "))?;
            }
        }
        for relief in &self.relief {
            writeln!(f, "− {}: {}", relief.text, relief.total)?;
        }
        write!(f, "{} / {}", self.services.len(), self.meta.total)
    }
}
