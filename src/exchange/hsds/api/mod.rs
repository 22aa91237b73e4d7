//! `/hsds`: the directory as HSDS 3.1, for anybody.

mod asked;
mod changes;
mod document;
mod meant;
mod page;
mod profile;
mod shape;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use lianjie_index::Entry;
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

use super::gather::{Names, Services};
use super::object::Object;
use super::store;
use super::terms::{TAXONOMIES, taxonomy_object};
use crate::account;
use crate::api::read_query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use asked::{Asked, Params};
use page::{Lines, Paging};
use shape::{Shape, object};

/// The version of the standard that is spoken.
pub const VERSION: &str = "3.1";

/// The routes; anybody may read them from anywhere, and nothing is known of who does.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let cors = CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::POST]).allow_headers([header::CONTENT_TYPE]);
    Router::new()
        .route("/hsds", get(root))
        .route("/hsds/", get(root))
        .route("/hsds/openapi.json", get(document::openapi))
        .route("/hsds/profile", get(profile::index))
        .route("/hsds/profile/{file}", get(profile::patch))
        .route("/hsds/changes", get(changes::changes))
        .route("/hsds/services", get(list_services).post(list_services))
        .route("/hsds/services/{id}", get(one_service))
        .route("/hsds/organizations", get(list_organizations).post(list_organizations))
        .route("/hsds/organizations/{id}", get(one_organization))
        .route("/hsds/service_at_locations", get(list_sites).post(list_sites))
        .route("/hsds/service_at_locations/{id}", get(one_site))
        .route("/hsds/taxonomies", get(list_taxonomies).post(list_taxonomies))
        .route("/hsds/taxonomies/{id}", get(one_taxonomy))
        .route("/hsds/taxonomy_terms", get(list_terms).post(list_terms))
        .route("/hsds/taxonomy_terms/{id}", get(one_term))
        .layer(middleware::from_fn_with_state(Arc::clone(app), account::anybody_layer))
        .layer(cors)
        .layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ))
}

async fn root(State(app): State<Arc<App>>) -> Json<Value> {
    let base = format!("{}/hsds", app.config.url);
    Json(json!({
        "version": VERSION,
        "profile": format!("{base}/profile"),
        "openapi_url": format!("{base}/openapi.json"),
        "description": "链接 lianjie：未成年人保护资源目录 · the directory of help for children",
    }))
}

/// The parameters of an address, or of a form or JSON body: the standard lets a query be posted, so that it is in no log.
struct Sent(Params);

impl<S: Send + Sync> axum::extract::FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().map(str::to_owned);
        let is_json = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        let unreadable = || Error::invalid("body", "hsds_body");
        let body = Bytes::from_request(axum::extract::Request::from_parts(parts, body), state).await.map_err(|_| unreadable())?;
        let mut text = query.unwrap_or_default();
        if !body.is_empty() {
            let more = if is_json {
                from_json(&body).ok_or_else(unreadable)?
            } else {
                String::from_utf8(body.to_vec()).map_err(|_| unreadable())?
            };
            text = if text.is_empty() { more } else { format!("{text}&{more}") };
        }
        // Of a parameter that is there twice the last counts.
        let pairs: Vec<(String, String)> = serde_html_form::from_str(&text).map_err(|_| unreadable())?;
        let last: std::collections::BTreeMap<String, String> = pairs.into_iter().collect();
        let text = serde_html_form::to_string(&last).unwrap_or_default();
        read_query(&text).map(Self).map_err(|_| unreadable())
    }
}

/// The members of a JSON object as a form.
fn from_json(body: &[u8]) -> Option<String> {
    let object: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
    // A member that is null was not asked for.
    let said = object.into_iter().filter(|(_, value)| !value.is_null());
    let pairs: Vec<(String, String)> =
        said.map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))).collect();
    serde_html_form::to_string(pairs).ok()
}

/// The ids of services or organizations that changed, where that was asked for.
async fn changed(app: &App, asked: &Asked) -> Result<Option<BTreeSet<String>>> {
    let Some(at) = asked.modified_after else { return Ok(None) };
    let found = store::modified_after(&mut *app.store.read().await?, at).await?;
    Ok(Some(found.into_iter().map(|id| id.to_string()).collect()))
}

/// Ids in the order of the entries, each once.
fn ids<'a>(entries: &'a [Arc<Entry>], of: impl Fn(&'a Entry) -> &'a str) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    entries.iter().map(|entry| of(entry)).filter(|id| seen.insert(*id)).collect()
}

/// Answers with a page of the ids, or with all of them as lines.
async fn answer(app: Arc<App>, asked: &Asked, names: Names, ids: Vec<&str>, shape: Shape) -> Result<Response> {
    if asked.lines {
        return Ok(in_lines(app, names, ids.into_iter().map(str::to_owned).collect(), shape));
    }
    let mut contents = Vec::new();
    let mut db = app.store.read().await?;
    for id in asked.paging.of_rows(&ids) {
        contents.extend(object(&mut db, &names, shape, id).await?);
    }
    Ok(Json(asked.paging.envelope(ids.len(), contents)).into_response())
}

/// Writes each of the ids as a line, a few at a time; what has gone meanwhile is left out.
fn in_lines(app: Arc<App>, names: Names, ids: Vec<String>, shape: Shape) -> Response {
    let (lines, answer) = Lines::new();
    tokio::spawn(async move {
        for some in ids.chunks(50) {
            match read(&app, &names, some, shape).await {
                Ok(objects) => {
                    for object in objects {
                        if !lines.put(object).await {
                            return;
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(error = %error, "an answer in lines was broken off");
                    return lines.break_off().await;
                }
            }
        }
    });
    answer
}

/// Reads some; the connection is given back before they are written, so that a slow reader holds none.
async fn read(app: &App, names: &Names, ids: &[String], shape: Shape) -> Result<Vec<Object>> {
    let mut db = app.store.read().await?;
    let mut objects = Vec::new();
    for id in ids {
        objects.extend(object(&mut db, names, shape, id).await?);
    }
    Ok(objects)
}

/// One, if the public may read it.
async fn one(app: &App, shape: Shape, thing: &'static str, id: &str) -> Result<Response> {
    let names = Names::of(app);
    let mut db = app.store.read().await?;
    let found = object(&mut db, &names, shape, id).await?.ok_or_else(|| Error::missing(thing, id))?;
    Ok(Json(Value::from(found)).into_response())
}

async fn list_services(State(app): State<Arc<App>>, Sent(params): Sent) -> Result<Response> {
    let names = Names::of(&app);
    let asked = params.read(&app, names.terms())?;
    let entries = asked.entries(&app, changed(&app, &asked).await?.as_ref())?;
    if asked.minimal {
        return minimal(&app, &asked, &entries).await;
    }
    let shape = if asked.full { Shape::Service } else { Shape::ServiceCompact };
    answer(Arc::clone(&app), &asked, names, ids(&entries, |entry| entry.service.as_str()), shape).await
}

/// Id, name, status and change of all that were asked for, in one page: what is in the index is given.
async fn minimal(app: &App, asked: &Asked, entries: &[Arc<Entry>]) -> Result<Response> {
    let changed = store::all_modified(&mut *app.store.read().await?).await?;
    let mut seen = BTreeSet::new();
    let rows: Vec<Object> = entries
        .iter()
        .filter(|entry| seen.insert(entry.service.as_str()))
        .map(|entry| {
            Object::new(entry.service.as_str())
                .with("name", entry.name.as_str())
                .with("status", "active")
                .maybe("last_modified", changed.get(entry.service.as_str()).map(String::as_str))
        })
        .collect();
    if asked.lines {
        return Ok(as_lines(rows));
    }
    Ok(Json(Paging { page: 1, per_page: rows.len().max(1) }.envelope(rows.len(), rows)).into_response())
}

fn as_lines(rows: Vec<Object>) -> Response {
    let lines: Vec<String> = rows.into_iter().map(|row| Value::from(row).to_string() + "\n").collect();
    ([(header::CONTENT_TYPE, "application/x-ndjson")], lines.concat()).into_response()
}

async fn one_service(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response> {
    one(&app, Shape::Service, "service", &id).await
}

async fn list_organizations(State(app): State<Arc<App>>, Sent(params): Sent) -> Result<Response> {
    let names = Names::of(&app);
    let asked = params.read(&app, names.terms())?;
    let entries = asked.entries(&app, changed(&app, &asked).await?.as_ref())?;
    let alone = store::alone(&mut *app.store.read().await?, names.today(), asked.modified_after).await?;
    let alone = asked.organizations(&app, alone);
    let mut ids = ids(&entries, |entry| entry.organization.as_str());
    ids.extend(alone.iter().map(OrganizationId::as_str));
    if asked.search.is_empty() {
        ids.sort_unstable();
    }
    let shape = match (asked.full, asked.full_service) {
        (_, true) => Shape::Organization(Services::Full),
        (true, false) => Shape::Organization(Services::Compact),
        (false, false) => Shape::OrganizationCompact,
    };
    answer(Arc::clone(&app), &asked, names, ids, shape).await
}

async fn one_organization(State(app): State<Arc<App>>, Path(id): Path<String>, Sent(params): Sent) -> Result<Response> {
    let asked = params.read(&app, Names::of(&app).terms())?;
    let services = if asked.full_service { Services::Full } else { Services::Compact };
    one(&app, Shape::Organization(services), "organization", &id).await
}

async fn list_sites(State(app): State<Arc<App>>, Sent(params): Sent) -> Result<Response> {
    let names = Names::of(&app);
    let asked = params.read(&app, names.terms())?;
    let mut entries = asked.entries(&app, changed(&app, &asked).await?.as_ref())?;
    // What is given at no location has no row here; its areas stand at the service.
    entries.retain(|entry| entry.division.is_some());
    let shape = if asked.full { Shape::Site } else { Shape::SiteCompact };
    answer(Arc::clone(&app), &asked, names, ids(&entries, |entry| entry.site.as_str()), shape).await
}

async fn one_site(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response> {
    one(&app, Shape::Site, "service_at_location", &id).await
}

/// A page of rows that are in memory, or all of them as lines.
fn rows(asked: &Asked, mut rows: Vec<Object>) -> Response {
    let words = lianjie_index::text::fold(&asked.search);
    rows.retain(|row| ["name", "code", "description"].iter().any(|field| lianjie_index::text::fold(row.text(field)).contains(&words)));
    if asked.lines {
        return as_lines(rows);
    }
    let shown = asked.paging.of_rows(&rows).to_vec();
    Json(asked.paging.envelope(rows.len(), shown)).into_response()
}

async fn list_taxonomies(State(app): State<Arc<App>>, Sent(params): Sent) -> Result<Response> {
    let asked = params.read(&app, Names::of(&app).terms())?;
    Ok(rows(&asked, TAXONOMIES.into_iter().map(taxonomy_object).collect()))
}

async fn one_taxonomy(Path(id): Path<String>) -> Result<Response> {
    let found = TAXONOMIES.into_iter().map(taxonomy_object).find(|taxonomy| taxonomy.id() == id.to_lowercase());
    found.map(|taxonomy| Json(Value::from(taxonomy)).into_response()).ok_or_else(|| Error::missing("taxonomy", &id))
}

async fn list_terms(State(app): State<Arc<App>>, Sent(params): Sent) -> Result<Response> {
    let names = Names::of(&app);
    let asked = params.read(&app, names.terms())?;
    let meant = |term: &&Object| {
        (asked.taxonomy_id.is_empty() || term.text("taxonomy_id") == asked.taxonomy_id)
            && (asked.parent_id.is_empty() || term.text("parent_id") == asked.parent_id)
            && (!asked.top_only || term.text("parent_id").is_empty())
    };
    Ok(rows(&asked, names.terms().all().filter(meant).cloned().collect()))
}

async fn one_term(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response> {
    let names = Names::of(&app);
    let wanted = id.to_lowercase();
    let found = names.terms().all().find(|term| term.id() == wanted).cloned();
    found.map(|term| Json(Value::from(term)).into_response()).ok_or_else(|| Error::missing("taxonomy_term", &id))
}
