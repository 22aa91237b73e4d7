//! An object of the standard: what is absent is left out, never `null`, and what is derived has the same id each time.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// An object as the standard names its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Object(pub Map<String, Value>);

impl Object {
    /// An object with its id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(Map::from_iter([("id".to_owned(), Value::String(id.into()))]))
    }

    /// With a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// With a field, where it is there: an empty text is not.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value.map(Into::into) {
            None | Some(Value::Null) => self,
            Some(Value::String(text)) if text.is_empty() => self,
            Some(value) => self.with(name, value),
        }
    }

    /// With one object nested in it.
    #[must_use]
    pub fn one(self, name: &str, object: Option<Object>) -> Self {
        self.maybe(name, object.map(Value::from))
    }

    /// With objects nested in it; none is no list.
    #[must_use]
    pub fn list(self, name: &str, objects: Vec<Object>) -> Self {
        if objects.is_empty() { self } else { self.with(name, objects.into_iter().map(Value::from).collect::<Vec<_>>()) }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of it; empty where it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// The id of what has none of its own: always the same for the same part of the same parent.
#[must_use]
pub fn derived(parent: &str, kind: &str, part: &str) -> String {
    let digest = Sha256::digest(format!("lianjie\u{1f}{parent}\u{1f}{kind}\u{1f}{part}"));
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        let object = Object::new("a").maybe("name", Some("")).maybe("age", None::<i64>).list("phones", Vec::new());
        assert_eq!(Value::from(object).to_string(), r#"{"id":"a"}"#);
    }

    #[test]
    fn a_derived_id_is_a_uuid_and_stays() {
        let id = derived("a", "phone", "0");
        assert_eq!(id, derived("a", "phone", "0"));
        assert_ne!(id, derived("a", "phone", "1"));
        assert!(uuid::Uuid::try_parse(&id).is_ok());
    }
}
