//! `datapackage.json`: a Frictionless tabular data package.

use serde_json::{Map, Value, json};

use super::super::standard::{Field, Kind, Link, Need, TABLES, Table};

/// The descriptor of every package we write.
#[must_use]
pub fn descriptor() -> Value {
    json!({
        "name": "lianjie-directory",
        "profile": "tabular-data-package",
        "title": "链接 lianjie：未成年人保护资源目录",
        "description": "The public directory in the tabular form of HSDS 3.1.",
        "resources": TABLES.iter().map(resource).collect::<Vec<_>>(),
    })
}

fn resource(table: &Table) -> Value {
    json!({
        "name": table.name,
        "path": table.file,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {
            "fields": table.fields.iter().map(field).collect::<Vec<_>>(),
            "primaryKey": "id",
            "foreignKeys": keys(table),
        },
    })
}

fn field(field: &Field) -> Value {
    let (kind, format) = match field.kind {
        Kind::Text | Kind::OneOf(_) => ("string", None),
        Kind::Uuid => ("string", Some("uuid")),
        Kind::Uri => ("string", Some("uri")),
        Kind::Email => ("string", Some("email")),
        Kind::Number => ("number", None),
        Kind::Date => ("date", None),
        Kind::Time => ("time", None),
        Kind::Instant => ("datetime", Some("any")),
    };
    let mut constraints = Map::new();
    if field.need != Need::Optional {
        constraints.insert("required".into(), true.into());
    }
    if field.name == "id" {
        constraints.insert("unique".into(), true.into());
    }
    if let Kind::OneOf(values) = field.kind {
        constraints.insert("enum".into(), json!(values));
    }
    let mut described = Map::from_iter([("name".to_owned(), field.name.into()), ("type".to_owned(), kind.into())]);
    if let Some(format) = format {
        described.insert("format".into(), format.into());
    }
    if !constraints.is_empty() {
        described.insert("constraints".into(), Value::Object(constraints));
    }
    Value::Object(described)
}

/// What the rows of a table name: what is nested in them as one, and what they are nested in.
fn keys(table: &Table) -> Vec<Value> {
    let key = |field: &str, other: &str| {
        let resource = if other == table.name { "" } else { other };
        json!({ "fields": field, "reference": { "resource": resource, "fields": "id" } })
    };
    let inside = table.children.iter().filter_map(|child| match child.link {
        Link::Parent(field) => Some(key(field, child.table)),
        _ => None,
    });
    let around = TABLES.iter().flat_map(|parent| parent.children.iter().map(move |child| (parent, child)));
    let around = around.filter(|(_, child)| child.table == table.name).filter_map(|(parent, child)| match child.link {
        Link::Child(field) => Some(key(field, parent.name)),
        _ => None,
    });
    let above = table.field("parent_id").map(|_| key("parent_id", table.name));
    let parent = table.field("parent_organization_id").map(|_| key("parent_organization_id", table.name));
    let mut keys: Vec<Value> = Vec::new();
    for key in inside.chain(around).chain(above).chain(parent) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
