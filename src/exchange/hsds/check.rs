//! Whether an object of the JSON form is as the standard asks: what is there has its kind, what must be there is, nothing is null.

use serde_json::Value;

use super::standard::{Field, Kind, Need, table};

/// Everything about an object that the standard does not allow, each with its path.
#[must_use]
pub fn faults(name: &str, object: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    look(name, object, name, &mut faults);
    faults
}

fn look(name: &str, object: &Value, path: &str, faults: &mut Vec<String>) {
    let (Some(table), Some(fields)) = (table(name), object.as_object()) else {
        return faults.push(format!("{path} is no object of the standard"));
    };
    for field in table.fields.iter().filter(|field| field.need == Need::Always && !fields.contains_key(field.name)) {
        faults.push(format!("{path}.{} is missing", field.name));
    }
    for (property, value) in fields {
        let here = format!("{path}.{property}");
        if value.is_null() {
            faults.push(format!("{here} is null"));
        } else if let Some(field) = table.field(property) {
            faults.extend(wrong(field, value).map(|why| format!("{here} {why}: {value}")));
        } else if let Some(child) = table.children.iter().find(|child| child.property == property) {
            match value.as_array() {
                Some(all) if child.many => all.iter().for_each(|one| look(child.table, one, &here, faults)),
                None if !child.many => look(child.table, value, &here, faults),
                _ => faults.push(format!("{here} is one where it must be many, or many where it must be one")),
            }
        } else {
            faults.push(format!("{here} is no field of the standard"));
        }
    }
}

fn wrong(field: &Field, value: &Value) -> Option<&'static str> {
    let text = value.as_str();
    let is = |good: bool, why| (!good).then_some(why);
    match field.kind {
        Kind::Number => is(value.is_number(), "is no number"),
        Kind::Text => is(text.is_some(), "is no text"),
        Kind::Uuid => is(text.is_some_and(|text| uuid::Uuid::try_parse(text).is_ok() && text.len() == 36), "is no uuid"),
        Kind::Uri => is(text.is_some_and(|text| text.contains("://") && !text.contains(char::is_whitespace)), "is no URI"),
        Kind::Email => is(text.is_some_and(|text| text.contains('@')), "is no address of mail"),
        Kind::Date => is(text.is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()), "is no day"),
        Kind::Time => is(text.is_some_and(|text| text.parse::<jiff::civil::Time>().is_ok()), "is no time"),
        Kind::Instant => is(text.is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()), "is no instant"),
        Kind::OneOf(values) => is(text.is_some_and(|text| values.contains(&text)), "is not of the list"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_does_not_allow_is_named() {
        let object = serde_json::json!({ "id": "x", "name": null, "status": "open", "phones": {}, "colour": 1 });
        let faults = faults("service", &object).join("\n");
        for part in [
            "service.id is no uuid",
            "service.name is null",
            "service.status is not of the list",
            "service.phones is one",
            "service.colour is no field",
        ] {
            assert!(faults.contains(part), "{part} is not among:\n{faults}");
        }
    }
}
