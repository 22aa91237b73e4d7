//! Our profile of HSDS: what China needs, as JSON merge patches (RFC 7396) over the schemas of the standard.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::app::App;
use crate::error::{Error, Result};

/// The patches: file, and what it changes.
fn patches() -> [(&'static str, Value); 5] {
    [
        (
            "address.json",
            json!({
                // 000000 says that the code is not known.
                "required": ["id", "address_1", "city", "country", "address_type"],
                "properties": {
                    "postal_code": { "description": "Six digits; 000000 where it is not known." },
                    "city": { "description": "The prefecture." },
                    "region": { "description": "The county." },
                },
            }),
        ),
        (
            "location.json",
            json!({
                "properties": {
                    "location_type": { "enum": ["physical", "postal", "virtual", "redacted"], "description": "redacted: it is there and not shown; such a location is in no answer of this server." },
                    "external_identifier": { "description": "The division it lies in, GB/T 2260: county (6 digits) or township (9, the ministry's list)." },
                    "latitude": { "description": "WGS-84, decimal degrees." },
                    "longitude": { "description": "WGS-84, decimal degrees." },
                },
            }),
        ),
        (
            "organization_identifier.json",
            json!({ "properties": { "identifier_scheme": { "description": "CN-USCC: 统一社会信用代码, GB 32100-2015." } } }),
        ),
        (
            "service_area.json",
            json!({
                "properties": {
                    "extent": { "description": "A division code (2, 4, 6 or 9 digits) or zone:NAME. A service may have several." },
                    "extent_type": { "enum": ["geojson", "topojson", "kml", "text", "division"] },
                },
            }),
        ),
        (
            "schedule.json",
            json!({
                "properties": {
                    "timezone": { "description": "+8." },
                    "valid_from": { "description": "Of what is open in term time or in breaks only: the first day of the next such stretch. Of a public holiday or a make-up workday of the coming twelve months: its first day." },
                    "notes": { "description": "closed: a public holiday, there are no hours; make-up workday: a weekend day with the hours of a working day." },
                },
            }),
        ),
    ]
}

/// What the profile is, and where its patches are.
pub async fn index(State(app): State<Arc<App>>) -> Json<Value> {
    let base = format!("{}/hsds/profile", app.config.url);
    let files: Vec<Value> = patches().iter().map(|(file, _)| json!(format!("{base}/{file}"))).collect();
    Json(json!({
        "name": "lianjie: HSDS for child protection in China",
        "hsds_version": super::VERSION,
        "uri": base,
        "merge_patches": files,
        "parameters": {
            "minimum_age, maximum_age": "years; services that are not closed to that age",
            "day, start_time, end_time": "MO to SU, HH:MM; services open then; where hours are not stated a service is left out",
            "division": "GB/T 2260 code, or zone:ID or the name of a zone; given to, or standing in, that division or zone",
            "fee": "free, low or full: 无偿, 低偿, 有偿; for `category` where it is given, else for children in hardship",
            "category": "a code of the categories of child, such as LEFT or DISABLED",
            "open_places": "true: a place is posted free now",
            "longitude, latitude, radius_km": "a point in the system of `crs`, and how far; with `postcode`, what serves that division is found whatever the radius",
            "crs": "wgs84 (also where absent), gcj02 or bd09: the system of the point; answers are WGS-84",
            "postcode": "read as a division code: postal codes are not kept",
            "proximity": "metres around the point, else around the middle of `postcode`; without either it is refused, as is `radius_km`",
        },
        "facts": "What HSDS has no field for is an attribute with a term of the taxonomy lianjie-fact; that a fact was confirmed, by whom, how, on which day and until which it counts as fresh, one of lianjie-confirmed, its value JSON.",
        "changes": format!("{}/hsds/changes?after=0", app.config.url),
    }))
}

/// One patch.
pub async fn patch(Path(file): Path<String>) -> Result<Response> {
    let found = patches().into_iter().find(|(name, _)| *name == file);
    found.map(|(_, patch)| Json(patch).into_response()).ok_or_else(|| Error::missing("profile", &file))
}
