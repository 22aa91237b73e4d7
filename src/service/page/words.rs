//! The parts of a service and of a location in words: fees, sites, areas, points, as a version or a suggestion holds them.

use lianjie_index::Area;
use lianjie_index::entry::{Fee, FeeLevel, Payer};
use rust_i18n::t;
use serde_json::Value;

use crate::app::App;
use crate::locale::Locale;
use crate::organization::store::name_of;

/// A fee: for whom, and how much.
pub fn fee(app: &App, locale: Locale, value: &Value) -> String {
    // A list taken in says the row of the fee, with its id.
    let of_row = value.get("fee").unwrap_or(value);
    let Ok(fee) = serde_json::from_value::<Fee>(of_row.clone()) else { return value.to_string() };
    let tag = locale.tag();
    let categories = app.categories.get();
    let audience = fee.audience.to_string();
    let whom = categories.audiences.iter().find(|one| one.named.code == audience).map(|one| one.named.name(locale).to_owned());
    let whom = whom.or_else(|| categories.children.iter().find(|one| one.code == audience).map(|one| one.name(locale).to_owned()));
    let level = t!(format!("search.fee.{}", name_of(&fee.level)), locale = tag).into_owned();
    let mut said = vec![whom.unwrap_or(audience), level];
    if fee.level != FeeLevel::Free
        && let Some(fen) = fee.amount_fen
    {
        let unit = format!("search.unit.{}", fee.unit.as_deref().unwrap_or("visit"));
        said.push(format!("{}/{}", yuan(locale, fen), t!(unit, locale = tag)));
    }
    // That the family pays is what everybody takes a fee for.
    if let Some(payer) = fee.payer.filter(|payer| *payer != Payer::Family) {
        said.push(t!(format!("search.payer.{}", name_of(&payer)), locale = tag).into_owned());
    }
    if fee.valid_from.is_some() || fee.valid_to.is_some() {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        said.push([day(fee.valid_from), day(fee.valid_to)].join("–"));
    }
    said.join(" ")
}

/// Where a service is given: the name of the location.
pub fn site(locale: Locale, value: &Value) -> String {
    match (&value["location"], &value["name"]) {
        (Value::Null, _) => t!("service.no_location", locale = locale.tag()).into_owned(),
        (_, Value::String(name)) => name.clone(),
        (location, _) => location.as_str().unwrap_or_default().to_owned(),
    }
}

/// The areas that are served from a site.
pub fn areas(app: &App, locale: Locale, value: &Value) -> String {
    let divisions = app.divisions.get();
    let areas: Vec<Area> = serde_json::from_value(value["areas"].clone()).unwrap_or_default();
    let names: Vec<String> = areas.iter().map(|area| divisions.area_name(area)).collect();
    let names =
        if names.is_empty() { t!("version.empty", locale = locale.tag()).into_owned() } else { names.join(locale.pick("、", ", ")) };
    format!("{}{}{names}", site(locale, value), locale.pick("：", ": "))
}

/// Money in yuan.
pub fn yuan(locale: Locale, fen: i64) -> String {
    format!("{} {}", crate::organization::practice::yuan(fen), t!("service.yuan", locale = locale.tag()))
}

/// A point: longitude, latitude.
pub fn point(value: &Value) -> String {
    format!("{}, {} (WGS-84)", value["longitude"], value["latitude"])
}
