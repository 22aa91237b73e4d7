//! The description of `/hsds` as OpenAPI 3.1, made from the one description of the standard.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::super::standard::{Kind, Need, TABLES, Table};
use super::changes::MOST_NUMBER;
use crate::app::App;

const PAGING: &[&str] = &["search", "page", "per_page", "format"];
const WHICH: &[&str] = &["taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full"];
const OURS: &[&str] = &[
    "minimum_age",
    "maximum_age",
    "day",
    "start_time",
    "end_time",
    "division",
    "fee",
    "category",
    "open_places",
    "longitude",
    "latitude",
    "crs",
    "radius_km",
    "postcode",
    "proximity",
];

/// Collections with what narrows them beside paging.
const COLLECTIONS: [(&str, &str, &[&[&str]]); 5] = [
    ("services", "service", &[WHICH, OURS, &["minimal"]]),
    ("organizations", "organization", &[WHICH, OURS, &["full_service"]]),
    ("service_at_locations", "service_at_location", &[WHICH, OURS]),
    ("taxonomies", "taxonomy", &[]),
    ("taxonomy_terms", "taxonomy_term", &[&["taxonomy_id", "top_only", "parent_id"]]),
];

/// The document.
pub async fn openapi(State(app): State<Arc<App>>) -> Json<Value> {
    let mut paths = Map::new();
    paths.insert(
        "/".into(),
        json!({ "get": { "summary": "This server and its profile", "responses": answer(&json!({ "type": "object" })) } }),
    );
    for (collection, table, more) in COLLECTIONS {
        let item = json!({ "$ref": format!("#/components/schemas/{table}") });
        let page = json!({ "allOf": [{ "$ref": "#/components/schemas/page" }, { "properties": { "contents": { "type": "array", "items": item } } }] });
        let parameters: Vec<Value> =
            PAGING.iter().chain(more.iter().copied().flatten()).map(|name| parameter(&app, name, "query")).collect();
        let mut responses = answer(&page);
        // A line is one object; as a whole it is text.
        responses["200"]["content"]["application/x-ndjson"] = json!({ "schema": { "type": "string" } });
        let list = json!({ "summary": format!("A page of {collection}"), "parameters": parameters, "responses": responses });
        paths.insert(format!("/{collection}"), json!({ "get": list.clone(), "post": list }));
        let mut parameters = vec![parameter(&app, "id", "path")];
        parameters.extend((table == "organization").then(|| parameter(&app, "full_service", "query")));
        let one = json!({ "summary": format!("One of {collection}"), "parameters": parameters, "responses": answer(&item) });
        paths.insert(format!("/{collection}/{{id}}"), json!({ "get": one }));
    }
    let since = [parameter(&app, "after", "query"), parameter(&app, "limit", "query")];
    paths.insert(
        "/changes".into(),
        json!({ "get": { "summary": "What changed after a number, with tombstones", "parameters": since, "responses": answer(&json!({ "type": "object" })) } }),
    );
    let mut schemas: Map<String, Value> = TABLES.iter().map(|table| (table.name.to_owned(), schema(table))).collect();
    schemas.insert("page".into(), page());
    Json(json!({
        "openapi": "3.1.0",
        "info": { "title": "HSDS of lianjie 链接", "version": super::VERSION, "license": { "name": "Apache-2.0 OR MIT" } },
        "servers": [{ "url": format!("{}/hsds", app.config.url) }],
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

fn answer(schema: &Value) -> Value {
    json!({
        "200": { "description": "As asked for", "content": { "application/json": { "schema": schema } } },
        "404": { "description": "There is none that the public may read" },
        "422": { "description": "A parameter does not read; the answer says which, why and what would do" },
    })
}

/// A parameter; one that is empty was not asked for.
fn parameter(app: &App, name: &str, place: &str) -> Value {
    let one_of = |values: &[&str]| json!({ "enum": values.iter().chain(&[""]).collect::<Vec<_>>() });
    let schema = match name {
        "page" | "per_page" => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "after" | "limit" => json!({ "type": "integer", "minimum": 0, "maximum": MOST_NUMBER }),
        "minimal" | "full" | "full_service" | "top_only" | "open_places" => json!({ "type": "boolean" }),
        "minimum_age" | "maximum_age" | "longitude" | "latitude" => json!({ "type": "number" }),
        "proximity" | "radius_km" => json!({ "type": "number", "minimum": 0 }),
        "format" => one_of(&["json", "ndjson"]),
        "crs" => one_of(&["wgs84", "gcj02", "bd09"]),
        "fee" => one_of(&["free", "low", "full"]),
        "day" => one_of(&["MO", "TU", "WE", "TH", "FR", "SA", "SU"]),
        "category" => one_of(&app.categories.get().children.iter().map(|category| category.code.as_str()).collect::<Vec<_>>()),
        "start_time" | "end_time" => json!({ "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9])?$" }),
        "modified_after" => {
            json!({ "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "string", "format": "date" }, { "const": "" }] })
        }
        _ => json!({ "type": "string" }),
    };
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

fn page() -> Value {
    let whole = json!({ "type": "integer" });
    let yes_or_no = json!({ "type": "boolean" });
    json!({
        "type": "object",
        "required": ["empty", "contents"],
        "properties": {
            "total_items": whole, "total_pages": whole, "page_number": whole, "size": whole,
            "first_page": yes_or_no, "last_page": yes_or_no, "empty": yes_or_no, "contents": { "type": "array" },
        },
    })
}

/// A table as a schema of its JSON form.
fn schema(table: &Table) -> Value {
    let fields = table.fields.iter().map(|field| (field.name.to_owned(), kind(field.kind)));
    let children = table.children.iter().map(|child| {
        let one = json!({ "$ref": format!("#/components/schemas/{}", child.table) });
        (child.property.to_owned(), if child.many { json!({ "type": "array", "items": one }) } else { one })
    });
    let required: Vec<&str> = table.fields.iter().filter(|field| field.need == Need::Always).map(|field| field.name).collect();
    json!({ "type": "object", "required": required, "properties": fields.chain(children).collect::<Map<_, _>>() })
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Date | Kind::Time => json!({ "type": "string" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Uri => json!({ "type": "string", "format": "uri" }),
        Kind::Email => json!({ "type": "string", "format": "email" }),
        Kind::Instant => json!({ "type": "string", "format": "date-time" }),
        Kind::OneOf(values) => json!({ "enum": values }),
    }
}
