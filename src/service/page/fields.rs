//! The fields of a service's form, read into its content and filled from it.

use lianjie_index::Rule;
use lianjie_index::entry::{Audience, Delivery, Fee, FeeLevel, Level, Schedule, Season};
use serde::de::DeserializeOwned;

use super::super::content::{Content, Site};
use super::super::eligible::Eligible;
use super::super::model::{FeeRow, Service, ServiceAtLocation, Status};
use super::super::{areas, hours};
use crate::app::App;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{LocationId, PractitionerId, ProgramId};
use crate::organization::model::Organization;
use crate::organization::store::name_of;

/// The audiences the form asks fees for.
pub const AUDIENCES: [Audience; 3] = [Audience::Hardship, Audience::Community, Audience::Other];
/// The field of the hours that hold for each working day that has none of its own.
pub const WORKDAYS: &str = "hours_workdays";
/// Breaks of the school year.
pub const BREAKS: [&str; 4] = ["summer", "winter", "spring", "autumn"];

/// A service with its parts, as it was before.
pub struct Old {
    /// The service.
    pub service: Service,
    /// Where it is given.
    pub sites: Vec<ServiceAtLocation>,
    /// Its fees.
    pub fees: Vec<FeeRow>,
}

/// What was typed.
pub struct Typed<'a>(pub &'a [(String, String)]);

impl Typed<'_> {
    /// What stands in a field.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Everything that stands in a field that may come several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(field, value)| field == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Words of a list, however they come: ticked one by one, or in a row.
    fn words(&self, name: &str) -> Vec<String> {
        let apart = |letter: char| matches!(letter, '、' | '，' | ',' | '；' | ';' | '\n');
        let words = self.all(name).flat_map(|text| text.split(apart)).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    fn named<T: DeserializeOwned>(&self, name: &'static str) -> Result<Vec<T>, Fault> {
        let read = |text: &str| serde_json::from_value(text.into()).map_err(|_| Fault::new(name, "unknown_choice"));
        self.all(name).map(read).collect()
    }

    fn one<T: DeserializeOwned>(&self, name: &'static str, usual: T) -> Result<T, Fault> {
        Ok(self.named(name)?.into_iter().next().unwrap_or(usual))
    }

    fn id<T, E>(&self, name: &str, reason: &'static str, parse: fn(&str) -> Result<T, E>) -> Result<Option<T>, Fault> {
        let text = Some(self.text(name)).filter(|text| !text.is_empty());
        text.map(|text| parse(text).map_err(|_| Fault::new(name, reason))).transpose()
    }

    /// Reads the whole form; every fault at once.
    pub fn read(&self, app: &App, organization: &Organization, old: Option<&Old>) -> Result<Content> {
        let mut faults = Faults::new();
        let terms = faults.keep(self.named("terms"));
        let delivery = faults.keep(self.named::<Delivery>("delivery"));
        let status = faults.keep(self.one("status", Status::Active));
        let confidentiality = faults.keep(self.one("confidentiality", Level::Public));
        let eligibility = faults.keep(self.eligibility(organization));
        let schedule = self.schedule(old, &mut faults);
        let wait_days = faults.keep(self.wait_days());
        let fees = self.fees(old, &mut faults);
        let sites = faults.keep(self.sites(app, organization, old));
        self.untaken(&mut faults);
        let program = faults.keep(self.id("program", "unknown_program", ProgramId::parse));
        let practitioner = faults.keep(self.id("practitioner", "unknown_practitioner", PractitionerId::parse));
        let content = Content {
            program: program.flatten(),
            practitioner: practitioner.flatten(),
            name: self.text("name").to_owned(),
            description: self.text("description").to_owned(),
            terms: terms.unwrap_or_default(),
            delivery: delivery.unwrap_or_default(),
            status: status.unwrap_or(Status::Active),
            eligibility: eligibility.unwrap_or_default(),
            languages: self.words("languages"),
            application: self.text("application").to_owned(),
            documents: self.words("documents"),
            schedule,
            travel_free: !self.text("travel_free").is_empty(),
            wait_days: wait_days.flatten(),
            confidentiality: confidentiality.unwrap_or(Level::Public),
            fees,
            sites: sites.unwrap_or_default(),
        };
        match faults.settle() {
            Ok(()) => Ok(content),
            Err(Error::Invalid(mut found)) => {
                // What the content itself would be refused for is said too, unless the field already has its fault.
                let more = content.faults(&app.vocabulary.get(), &app.divisions.get()).settle();
                if let Err(Error::Invalid(more)) = more {
                    found.extend(more.into_iter().filter(|one| !found.iter().any(|known| known.field == one.field)).collect::<Vec<_>>());
                }
                Err(Error::Invalid(found))
            }
            Err(other) => Err(other),
        }
    }

    /// Reads hours, fees and sites alone: the parts of which somebody outside may say what should stand there.
    pub fn parts(&self, app: &App, organization: &Organization, old: &Old) -> Result<(Schedule, Vec<Fee>, Vec<Site>)> {
        let mut faults = Faults::new();
        let schedule = self.schedule(Some(old), &mut faults);
        let fees = self.fees(Some(old), &mut faults);
        let sites = faults.keep(self.sites(app, organization, Some(old)));
        faults.settle()?;
        Ok((schedule, fees, sites.unwrap_or_default()))
    }

    fn eligibility(&self, organization: &Organization) -> Result<Option<Rule>, Fault> {
        let fields = ["age_from", "age_to", "categories", "papers", "diagnoses"];
        let limited = fields.iter().any(|field| self.all(field).next().is_some()) || self.text("hukou") == "county";
        match self.text("who") {
            // A condition that was filled in must not be dropped in silence: it would let in children who cannot come.
            "all" | "unstated" if limited => Err(Fault::new("who", "who_conditions")),
            "all" => Ok(Some(Rule::All(Vec::new()))),
            "some" => {
                let (age_from, age_to) = Eligible::ages(self.text("age_from"), self.text("age_to"))?;
                let hukou = match self.text("hukou") {
                    "county" => vec![organization.division.county()],
                    "kept" => self.named("hukou_kept")?,
                    _ => Vec::new(),
                };
                let (categories, papers, diagnoses) = (self.named("categories")?, self.named("papers")?, self.named("diagnoses")?);
                let eligible = Eligible { age_from, age_to, categories, hukou, papers, diagnoses };
                if eligible == Eligible::default() { Err(Fault::new("who", "who_empty")) } else { Ok(Some(eligible.to_rule())) }
            }
            "rule" => {
                let rule = self.text("rule").parse().map_err(|error| Fault::new("rule", "rule").with("detail", error))?;
                Ok(Some(rule))
            }
            "unstated" => Ok(None),
            _ => Err(Fault::new("who", "required")),
        }
    }

    fn schedule(&self, old: Option<&Old>, faults: &mut Faults) -> Schedule {
        let together = self.text(WORKDAYS);
        let workdays = hours::read(1, together).map_err(|fault| Fault { field: WORKDAYS.into(), ..fault });
        let together = if faults.keep(workdays).is_some() { together } else { "" };
        let mut weekly = Vec::new();
        for day in 1..=7 {
            let own = self.text(&format!("hours_{day}"));
            let text = if own.trim().is_empty() && day <= 5 { together } else { own };
            weekly.extend(faults.keep(hours::read(day, text)).unwrap_or_default());
        }
        let season = match self.text("season") {
            "term_time" => Season::TermTime,
            "holidays" => Season::Holidays(BREAKS.map(str::to_owned).to_vec()),
            "kept" => old.map(|old| old.service.schedule.season.clone()).unwrap_or_default(),
            _ => Season::Always,
        };
        Schedule { weekly, season, open_on_holidays: !self.text("open_on_holidays").is_empty() }
    }

    fn wait_days(&self) -> Result<Option<u16>, Fault> {
        match self.text("wait_days") {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Fault::new("wait_days", "wait_days")),
        }
    }

    /// The fees of the form; rows it does not show stay as they were.
    fn fees(&self, old: Option<&Old>, faults: &mut Faults) -> Vec<Fee> {
        let before: Vec<Fee> = old.map(|old| old.fees.iter().map(|row| row.fee.clone()).collect()).unwrap_or_default();
        let mut fees: Vec<Fee> = before.iter().filter(|fee| !is_plain(fee)).cloned().collect();
        for audience in AUDIENCES {
            let field = format!("fee_{audience}");
            let Ok(level) = serde_json::from_value::<FeeLevel>(self.text(&field).into()) else { continue };
            let amount = self.text(&format!("{field}_amount"));
            let fen = if amount.is_empty() { Some(0) } else { yuan(amount) };
            let Some(fen) = fen else {
                faults.add(Fault::new(format!("{field}_amount"), "fee_amount"));
                continue;
            };
            if level != FeeLevel::Free && fen == 0 {
                faults.add(Fault::new(format!("{field}_amount"), "fee_required"));
            }
            let unit = Some(self.text(&format!("{field}_unit"))).filter(|unit| !unit.is_empty()).unwrap_or("visit").to_owned();
            let known = before.iter().find(|fee| is_plain(fee) && fee.audience == audience).cloned();
            let blank = Fee { audience, level, amount_fen: None, unit: None, quota: None, payer: None, valid_from: None, valid_to: None };
            let amount_fen = Some(if level == FeeLevel::Free { 0 } else { fen });
            fees.push(Fee { level, amount_fen, unit: Some(unit), ..known.unwrap_or(blank) });
        }
        fees
    }

    /// Areas beside a box that is not ticked would be lost without a word.
    fn untaken(&self, faults: &mut Faults) {
        let written = self.0.iter().filter(|(_, text)| !text.trim().is_empty());
        for (field, site) in written.filter_map(|(field, _)| Some((field, field.strip_prefix("areas_")?))) {
            faults.require(self.all("sites").any(|chosen| chosen == site), field, "areas_untaken");
        }
    }

    fn sites(&self, app: &App, organization: &Organization, old: Option<&Old>) -> Result<Vec<Site>, Fault> {
        let before = old.map_or(&[][..], |old| &old.sites);
        let mut sites = Vec::new();
        for chosen in self.all("sites") {
            let location = match chosen {
                "none" => None,
                id => Some(LocationId::parse(id).map_err(|_| Fault::new("sites", "unknown_location"))?),
            };
            let field = format!("areas_{chosen}");
            let areas = areas::read(self.text(&field), &app.divisions.get(), &organization.division)
                .map_err(|fault| Fault { field: field.clone(), ..fault })?;
            let id = before.iter().find(|site| site.location == location).map(|site| site.id.clone());
            sites.push(Site { id, location, areas });
        }
        Ok(sites)
    }
}

/// Whether the form shows a fee: of one of its audiences, for no certain time.
fn is_plain(fee: &Fee) -> bool {
    AUDIENCES.contains(&fee.audience) && fee.valid_from.is_none() && fee.valid_to.is_none()
}

/// Yuan with at most two decimals, as fen.
fn yuan(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let fits = (1..=6).contains(&whole.len()) && part.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !fits || part.contains('.') {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

/// The fields of a service.
pub fn filled(app: &App, organization: &Organization, old: &Old) -> Vec<(String, String)> {
    let service = &old.service;
    let mut typed: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| typed.push((name.to_owned(), value));
    put("program", service.program.as_ref().map(ToString::to_string).unwrap_or_default());
    put("practitioner", service.practitioner.as_ref().map(ToString::to_string).unwrap_or_default());
    put("name", service.name.clone());
    put("description", service.description.clone());
    service.terms.iter().for_each(|term| put("terms", term.to_string()));
    service.delivery.iter().for_each(|way| put("delivery", name_of(way)));
    put("status", name_of(&service.status));
    service.languages.iter().for_each(|language| put("languages", language.clone()));
    put("application", service.application.clone());
    put("documents", service.documents.join("、"));
    put("wait_days", service.wait_days.map(|days| days.to_string()).unwrap_or_default());
    put("confidentiality", name_of(&service.confidentiality));
    put("travel_free", if service.travel_free { "1" } else { "" }.to_owned());
    put("open_on_holidays", if service.schedule.open_on_holidays { "1" } else { "" }.to_owned());
    let of_days: Vec<String> = (1..=7).map(|day| hours::write(day, &service.schedule.weekly)).collect();
    let alike = of_days[..5].iter().all(|text| *text == of_days[0]);
    if alike {
        put(WORKDAYS, of_days[0].clone());
    }
    for (day, text) in (1..=7).zip(of_days).filter(|(day, _)| !alike || *day > 5) {
        put(&format!("hours_{day}"), text);
    }
    let season = match &service.schedule.season {
        Season::Always => "always",
        Season::TermTime => "term_time",
        Season::Holidays(breaks) if breaks.len() == BREAKS.len() => "holidays",
        Season::Holidays(_) | Season::Dated(..) => "kept",
    };
    put("season", season.to_owned());
    for fee in old.fees.iter().map(|row| &row.fee).filter(|fee| is_plain(fee)) {
        let field = format!("fee_{}", fee.audience);
        let amount = fee.amount_fen.filter(|fen| *fen > 0).map(|fen| format!("{}.{:02}", fen / 100, fen % 100));
        put(&field, name_of(&fee.level));
        put(&format!("{field}_amount"), amount.map(|text| text.trim_end_matches(".00").to_owned()).unwrap_or_default());
        put(&format!("{field}_unit"), fee.unit.clone().unwrap_or_default());
    }
    for site in &old.sites {
        let chosen = site.location.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
        put(&format!("areas_{chosen}"), areas::write(&site.areas, &app.divisions.get()));
        put("sites", chosen);
    }
    typed.extend(who(service.eligibility.as_ref(), organization));
    typed
}

fn who(rule: Option<&Rule>, organization: &Organization) -> Vec<(String, String)> {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let Some(rule) = rule else { return vec![pair("who", "unstated".into())] };
    let Some(eligible) = Eligible::of_rule(rule) else {
        return vec![pair("who", "rule".into()), pair("rule", crate::store::json(rule))];
    };
    if eligible == Eligible::default() {
        return vec![pair("who", "all".into())];
    }
    let year = |year: Option<u16>| year.map(|year| year.to_string()).unwrap_or_default();
    let mut typed = vec![pair("who", "some".into()), pair("age_from", year(eligible.age_from)), pair("age_to", year(eligible.age_to))];
    let hukou = match eligible.hukou.as_slice() {
        [] => "any",
        [one] if *one == organization.division.county() => "county",
        _ => "kept",
    };
    typed.push(pair("hukou", hukou.into()));
    typed.extend(eligible.hukou.iter().map(|code| pair("hukou_kept", code.to_string())));
    typed.extend(eligible.categories.iter().map(|code| pair("categories", code.to_string())));
    typed.extend(eligible.papers.iter().map(|paper| pair("papers", name_of(paper))));
    typed.extend(eligible.diagnoses.iter().map(|diagnosis| pair("diagnoses", name_of(diagnosis))));
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_fen() {
        assert_eq!((yuan("30"), yuan("30.5"), yuan("0.05"), yuan("300.00")), (Some(3000), Some(3050), Some(5), Some(30_000)));
        assert_eq!((yuan("三十"), yuan("-1"), yuan("1.234"), yuan("1.2.3"), yuan(".5")), (None, None, None, None, None));
    }
}
