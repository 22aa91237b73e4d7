//! What stands beside the index: an organization as it is found by its name or kind, whether it gives a service or not, and
//! what is answered of it.

use jiff::civil::Date;
use lianjie_index::entry::{Level, Mark, Shown, Visibility};
use lianjie_index::search::Body;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::NamedBody;
use super::words::{Words, name_of};
use crate::locale::Locale;
use crate::organization::model::{Organization, Status};
use crate::taxonomy::model::Categories;

/// An organization as it is found on a day; none where it is there by direct link only. `places` are names of places where
/// people go: care points of a station. Of what is not for everybody they are left out. Of `withheld` the public is not told.
#[must_use]
pub fn body(organization: &Organization, places: Vec<String>, withheld: bool, categories: &Categories, day: Date) -> Option<Body> {
    let mut visibility = visibility(organization, day);
    if withheld {
        visibility.level = visibility.level.max(Level::Workers);
    }
    if visibility.search == Shown::None {
        return None;
    }
    let places = if visibility.level == Level::Public { places } else { Vec::new() };
    let mut other_names: Vec<String> = organization.alternate_name.iter().cloned().chain(places).collect();
    other_names.retain(|name| !name.trim().is_empty() && *name != organization.name);
    other_names.dedup();
    // The code is a word that people say too: 未保工作站.
    let kind_names =
        [categories.kind(&organization.kind, Locale::Zh), categories.kind(&organization.kind, Locale::En), organization.kind.clone()];
    Some(Body {
        id: organization.id.as_str().into(),
        name: organization.name.clone(),
        other_names,
        kind: organization.kind.clone(),
        kind_names: kind_names.into(),
        division: organization.division.clone(),
        visibility,
    })
}

/// The table "Visible to whom" of `docs/ARCHITECTURE.md`, for an organization by itself.
fn visibility(organization: &Organization, day: Date) -> Visibility {
    let expired = organization.is_expired(day);
    let search = match organization.status {
        Status::Draft | Status::Suspended | Status::Closed => Shown::None,
        _ if !organization.listed => Shown::None,
        _ if organization.do_not_refer => Shown::Marked(Mark::DoNotRefer),
        Status::Pending => Shown::Marked(Mark::Pending),
        Status::Verified if expired => Shown::Marked(Mark::Expired),
        Status::Verified => Shown::Yes,
    };
    let verified = organization.status == Status::Verified && !expired;
    Visibility { search, matching: false, level: organization.confidentiality, verification_expired: expired, verified }
}

/// An organization that the words name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundBody {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code of its kind.
    pub kind: String,
    /// Where it lies.
    pub division: NamedBody,
    /// Why it is marked: `pending`, `expired`, `do_not_refer`.
    pub mark: Option<String>,
}

impl FoundBody {
    /// Puts it into words.
    #[must_use]
    pub fn of(body: &Body, words: &Words) -> Self {
        Self {
            id: body.id.to_string(),
            name: body.name.clone(),
            kind: body.kind.clone(),
            division: NamedBody { code: body.division.to_string(), name: words.area(&body.division.clone().into()) },
            mark: mark_of(body).map(name_of),
        }
    }
}

/// Why an organization is marked.
#[must_use]
pub const fn mark_of(body: &Body) -> Option<Mark> {
    match body.visibility.search {
        Shown::Marked(mark) => Some(mark),
        Shown::Yes | Shown::None => None,
    }
}
