//! HSDS 3.1, written down once: its tables with their fields, and what is nested in what.
//!
//! The JSON form nests a child in its parent; the tabular form gives each table a file and each child the id of its parent.
//! Reading, writing, checking and the descriptor of a package all follow this one description. Source: the schemas of Open
//! Referral, HSDS 3.1 (CC BY-SA 4.0); this is our own notation of their names, types and rules.

mod tables;

pub use tables::{STATUS, TABLES};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A number, decimals allowed.
    Number,
    /// A uuid.
    Uuid,
    /// A URI.
    Uri,
    /// An address of mail.
    Email,
    /// A day. JSON calls it a string.
    Date,
    /// A time of day. JSON calls it a string.
    Time,
    /// An instant, RFC 3339.
    Instant,
    /// One of a closed list.
    OneOf(&'static [&'static str]),
}

/// Where a field must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nowhere.
    Optional,
    /// In both forms.
    Always,
    /// In the tabular form, where a parent is named and not nested.
    Package,
}

/// A field of a table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Where it must be filled.
    pub need: Need,
}

/// A child nested in a row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// Name of the property in JSON.
    pub property: &'static str,
    /// The child's table.
    pub table: &'static str,
    /// Whether it is a list; one object otherwise.
    pub many: bool,
    /// Which row names the other in the tabular form.
    pub link: Link,
}

/// Which of two rows names the other in the tabular form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The child names its parent in this field.
    Child(&'static str),
    /// The parent names the child in this field.
    Parent(&'static str),
    /// The child says table and id of its parent (`link_entity`, `link_id`).
    Entity,
    /// The child says table and id of its parent (`resource_type`, `resource_id`).
    Resource,
}

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its file in a package.
    pub file: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// What is nested in its rows.
    pub children: &'static [Child],
}

impl Table {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The table of a name.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_child_is_a_table_and_every_link_a_field() {
        for table in TABLES {
            for child in table.children {
                let named = super::table(child.table).unwrap_or_else(|| panic!("{} nests {}", table.name, child.table));
                match child.link {
                    Link::Child(field) => assert!(named.field(field).is_some(), "{}.{field}", named.name),
                    Link::Parent(field) => assert!(table.field(field).is_some(), "{}.{field}", table.name),
                    Link::Entity => assert!(named.field("link_entity").is_some()),
                    Link::Resource => assert!(named.field("resource_type").is_some()),
                }
            }
        }
    }
}
