//! The records that are compared: what a list says of a body, an offering or a child.
//!
//! Every field is text as somebody typed it, and any may be empty: what is missing says nothing
//! for or against. A child's record is named, and so is held only while it is compared; nothing
//! of it enters the search index, and its `Debug` shows the id alone.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// An organisation, as one list writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Organization {
    /// The record's own id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// Its name, perhaps with a former one in brackets.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// Where it sits.
    #[serde(deserialize_with = "text")]
    pub address: String,
    /// One number or several.
    #[serde(deserialize_with = "text")]
    pub phone: String,
    /// The person to ask for.
    #[serde(deserialize_with = "text")]
    pub contact: String,
    /// 统一社会信用代码.
    #[serde(deserialize_with = "text")]
    pub uscc: String,
    /// Name or code of the county.
    #[serde(deserialize_with = "text")]
    pub county: String,
    /// Its website, where it has one of its own.
    #[serde(deserialize_with = "text")]
    pub website: String,
    /// Where it is on the map, WGS-84: `118.72,32.18`, several places after `;`.
    #[serde(deserialize_with = "text")]
    pub point: String,
}

/// A service, as one list writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Service {
    /// The record's own id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// Its name, perhaps with year, batch or town.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// The name of the organisation that gives it.
    #[serde(deserialize_with = "text")]
    pub org: String,
    /// Where it is given.
    #[serde(deserialize_with = "text")]
    pub address: String,
    /// One number or several.
    #[serde(deserialize_with = "text")]
    pub phone: String,
    /// A term of the taxonomy, or words.
    #[serde(deserialize_with = "text")]
    pub category: String,
    /// Name or code of the county.
    #[serde(deserialize_with = "text")]
    pub county: String,
    /// Whom it takes, in years.
    #[serde(deserialize_with = "text")]
    pub age: String,
}

/// A child, as one list writes it.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Child {
    /// The record's own id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// Surname and given name.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// 男 or 女, or a word for it.
    #[serde(deserialize_with = "text")]
    pub sex: String,
    /// The birthday, or as much of it as is known.
    #[serde(deserialize_with = "text")]
    pub birth: String,
    /// The guardian's name.
    #[serde(deserialize_with = "text")]
    pub guardian: String,
    /// One number or several.
    #[serde(deserialize_with = "text")]
    pub phone: String,
    /// Where the child lives.
    #[serde(deserialize_with = "text")]
    pub address: String,
    /// The school.
    #[serde(deserialize_with = "text")]
    pub school: String,
    /// The last four characters of the identity number.
    #[serde(deserialize_with = "text")]
    pub id4: String,
    /// Name or code of the county.
    #[serde(deserialize_with = "text")]
    pub county: String,
}

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Child {{ id: {:?}, *** }}", self.id)
    }
}

/// Text, or what a spreadsheet makes of it: a number, or nothing.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Whole(i64),
        Number(f64),
    }
    let written = Option::<Written>::deserialize(from)?;
    Ok(written.map_or_else(String::new, |written| match written {
        Written::Text(text) => text,
        Written::Whole(number) => number.to_string(),
        Written::Number(number) => number.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_be_missing_empty_or_a_number() {
        let read: Organization = serde_json::from_str(r#"{"id": 7, "name": "春晖", "phone": null}"#).unwrap();
        assert_eq!(read, Organization { id: "7".into(), name: "春晖".into(), ..Organization::default() });
    }

    #[test]
    fn a_child_is_not_named_in_debug() {
        let child = Child { id: "c1".into(), name: "王小明".into(), ..Child::default() };
        assert_eq!(format!("{child:?}"), r#"Child { id: "c1", *** }"#);
    }
}
