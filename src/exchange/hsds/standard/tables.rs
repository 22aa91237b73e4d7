//! The tables themselves, in the order in which their files are read.

use super::{Child, Field, Kind, Link, Need, Table};

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Optional }
}
const fn text(name: &'static str) -> Field {
    field(name, Kind::Text)
}
const fn uuid(name: &'static str) -> Field {
    field(name, Kind::Uuid)
}
const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Always }
}
const fn packed(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, need: Need::Package }
}
const ID: Field = must("id", Kind::Uuid);

const fn many(property: &'static str, table: &'static str, field: &'static str) -> Child {
    Child { property, table, many: true, link: Link::Child(field) }
}
const fn one(property: &'static str, table: &'static str, field: &'static str) -> Child {
    Child { property, table, many: false, link: Link::Parent(field) }
}
const ATTRIBUTES: Child = Child { property: "attributes", table: "attribute", many: true, link: Link::Entity };
const METADATA: Child = Child { property: "metadata", table: "metadata", many: true, link: Link::Resource };

/// States of a service.
pub const STATUS: &[&str] = &["active", "inactive", "defunct", "temporarily closed"];
const PLACE: &[&str] = &["physical", "postal", "virtual"];
const DAY: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The tables; parents come before what names them.
pub const TABLES: &[Table] = &[
    Table {
        name: "organization",
        file: "organizations.csv",
        fields: &[
            ID,
            must("name", Kind::Text),
            text("alternate_name"),
            must("description", Kind::Text),
            field("email", Kind::Email),
            field("website", Kind::Uri),
            text("tax_status"),
            text("tax_id"),
            field("year_incorporated", Kind::Number),
            text("legal_status"),
            text("logo"),
            text("uri"),
            uuid("parent_organization_id"),
        ],
        children: &[
            many("additional_websites", "url", "organization_id"),
            many("funding", "funding", "organization_id"),
            many("contacts", "contact", "organization_id"),
            many("phones", "phone", "organization_id"),
            many("locations", "location", "organization_id"),
            many("programs", "program", "organization_id"),
            many("organization_identifiers", "organization_identifier", "organization_id"),
            many("services", "service", "organization_id"),
            ATTRIBUTES,
            METADATA,
        ],
    },
    Table {
        name: "program",
        file: "programs.csv",
        fields: &[
            ID,
            packed("organization_id", Kind::Uuid),
            must("name", Kind::Text),
            text("alternate_name"),
            must("description", Kind::Text),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "service",
        file: "services.csv",
        fields: &[
            ID,
            packed("organization_id", Kind::Uuid),
            uuid("program_id"),
            must("name", Kind::Text),
            text("alternate_name"),
            text("description"),
            field("url", Kind::Uri),
            field("email", Kind::Email),
            must("status", Kind::OneOf(STATUS)),
            text("interpretation_services"),
            text("application_process"),
            text("fees_description"),
            text("wait_time"),
            text("fees"),
            text("accreditations"),
            text("eligibility_description"),
            field("minimum_age", Kind::Number),
            field("maximum_age", Kind::Number),
            field("assured_date", Kind::Date),
            field("assurer_email", Kind::Email),
            text("licenses"),
            text("alert"),
            field("last_modified", Kind::Instant),
        ],
        children: &[
            one("organization", "organization", "organization_id"),
            one("program", "program", "program_id"),
            many("additional_urls", "url", "service_id"),
            many("phones", "phone", "service_id"),
            many("schedules", "schedule", "service_id"),
            many("service_areas", "service_area", "service_id"),
            many("service_at_locations", "service_at_location", "service_id"),
            many("languages", "language", "service_id"),
            many("funding", "funding", "service_id"),
            many("cost_options", "cost_option", "service_id"),
            many("required_documents", "required_document", "service_id"),
            many("contacts", "contact", "service_id"),
            many("capacities", "service_capacity", "service_id"),
            ATTRIBUTES,
            METADATA,
        ],
    },
    Table {
        name: "location",
        file: "locations.csv",
        fields: &[
            ID,
            must("location_type", Kind::OneOf(PLACE)),
            field("url", Kind::Uri),
            uuid("organization_id"),
            text("name"),
            text("alternate_name"),
            text("description"),
            text("transportation"),
            field("latitude", Kind::Number),
            field("longitude", Kind::Number),
            text("external_identifier"),
            text("external_identifier_type"),
        ],
        children: &[
            many("languages", "language", "location_id"),
            many("addresses", "address", "location_id"),
            many("contacts", "contact", "location_id"),
            many("accessibility", "accessibility", "location_id"),
            many("phones", "phone", "location_id"),
            many("schedules", "schedule", "location_id"),
            ATTRIBUTES,
            METADATA,
        ],
    },
    Table {
        name: "service_at_location",
        file: "service_at_location.csv",
        fields: &[ID, packed("service_id", Kind::Uuid), packed("location_id", Kind::Uuid), text("description")],
        children: &[
            one("location", "location", "location_id"),
            one("service", "service", "service_id"),
            many("service_areas", "service_area", "service_at_location_id"),
            many("contacts", "contact", "service_at_location_id"),
            many("phones", "phone", "service_at_location_id"),
            many("schedules", "schedule", "service_at_location_id"),
            ATTRIBUTES,
            METADATA,
        ],
    },
    Table {
        name: "address",
        file: "addresses.csv",
        fields: &[
            ID,
            uuid("location_id"),
            text("attention"),
            must("address_1", Kind::Text),
            text("address_2"),
            must("city", Kind::Text),
            text("region"),
            must("state_province", Kind::Text),
            must("postal_code", Kind::Text),
            must("country", Kind::Text),
            must("address_type", Kind::OneOf(PLACE)),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "contact",
        file: "contacts.csv",
        fields: &[
            ID,
            uuid("organization_id"),
            uuid("service_id"),
            uuid("service_at_location_id"),
            uuid("location_id"),
            text("name"),
            text("title"),
            text("department"),
            field("email", Kind::Email),
        ],
        children: &[many("phones", "phone", "contact_id"), ATTRIBUTES, METADATA],
    },
    Table {
        name: "phone",
        file: "phones.csv",
        fields: &[
            ID,
            uuid("location_id"),
            uuid("service_id"),
            uuid("organization_id"),
            uuid("contact_id"),
            uuid("service_at_location_id"),
            must("number", Kind::Text),
            field("extension", Kind::Number),
            text("type"),
            text("description"),
        ],
        children: &[many("languages", "language", "phone_id"), ATTRIBUTES, METADATA],
    },
    Table {
        name: "schedule",
        file: "schedules.csv",
        fields: &[
            ID,
            uuid("service_id"),
            uuid("location_id"),
            uuid("service_at_location_id"),
            field("valid_from", Kind::Date),
            field("valid_to", Kind::Date),
            field("dtstart", Kind::Date),
            field("timezone", Kind::Number),
            field("until", Kind::Date),
            field("count", Kind::Number),
            field("wkst", Kind::OneOf(DAY)),
            field("freq", Kind::OneOf(&["WEEKLY", "MONTHLY"])),
            field("interval", Kind::Number),
            text("byday"),
            text("byweekno"),
            text("bymonthday"),
            text("byyearday"),
            text("description"),
            field("opens_at", Kind::Time),
            field("closes_at", Kind::Time),
            field("schedule_link", Kind::Uri),
            text("attending_type"),
            text("notes"),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "service_area",
        file: "service_areas.csv",
        fields: &[
            ID,
            uuid("service_id"),
            uuid("service_at_location_id"),
            text("name"),
            text("description"),
            text("extent"),
            text("extent_type"),
            field("uri", Kind::Uri),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "language",
        file: "languages.csv",
        fields: &[ID, uuid("service_id"), uuid("location_id"), uuid("phone_id"), text("name"), text("code"), text("note")],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "accessibility",
        file: "accessibility.csv",
        fields: &[ID, uuid("location_id"), text("description"), text("details"), field("url", Kind::Uri)],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "cost_option",
        file: "cost_options.csv",
        fields: &[
            ID,
            packed("service_id", Kind::Uuid),
            field("valid_from", Kind::Date),
            field("valid_to", Kind::Date),
            text("option"),
            text("currency"),
            field("amount", Kind::Number),
            text("amount_description"),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "required_document",
        file: "required_documents.csv",
        fields: &[ID, uuid("service_id"), text("document"), field("uri", Kind::Uri)],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "funding",
        file: "funding.csv",
        fields: &[ID, uuid("organization_id"), uuid("service_id"), text("source")],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "organization_identifier",
        file: "organization_identifiers.csv",
        fields: &[
            ID,
            packed("organization_id", Kind::Uuid),
            text("identifier_scheme"),
            must("identifier_type", Kind::Text),
            must("identifier", Kind::Text),
        ],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "unit",
        file: "units.csv",
        fields: &[ID, must("name", Kind::Text), text("scheme"), text("identifier"), field("uri", Kind::Uri)],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "service_capacity",
        file: "service_capacity.csv",
        fields: &[
            ID,
            packed("service_id", Kind::Uuid),
            packed("unit_id", Kind::Uuid),
            must("available", Kind::Number),
            field("maximum", Kind::Number),
            text("description"),
            must("updated", Kind::Instant),
        ],
        children: &[one("unit", "unit", "unit_id"), ATTRIBUTES, METADATA],
    },
    Table {
        name: "url",
        file: "url.csv",
        fields: &[ID, text("label"), must("url", Kind::Uri), uuid("organization_id"), uuid("service_id")],
        children: &[ATTRIBUTES, METADATA],
    },
    Table {
        name: "taxonomy",
        file: "taxonomies.csv",
        fields: &[ID, must("name", Kind::Text), must("description", Kind::Text), field("uri", Kind::Uri), text("version")],
        children: &[METADATA],
    },
    Table {
        name: "taxonomy_term",
        file: "taxonomy_terms.csv",
        fields: &[
            ID,
            text("code"),
            must("name", Kind::Text),
            must("description", Kind::Text),
            uuid("parent_id"),
            text("taxonomy"),
            text("language"),
            uuid("taxonomy_id"),
            field("term_uri", Kind::Uri),
        ],
        children: &[one("taxonomy_detail", "taxonomy", "taxonomy_id"), METADATA],
    },
    Table {
        name: "attribute",
        file: "attributes.csv",
        fields: &[
            ID,
            packed("link_id", Kind::Uuid),
            packed("taxonomy_term_id", Kind::Uuid),
            text("link_type"),
            packed("link_entity", Kind::Text),
            text("value"),
            text("label"),
        ],
        children: &[one("taxonomy_term", "taxonomy_term", "taxonomy_term_id"), METADATA],
    },
    Table {
        name: "metadata",
        file: "metadata.csv",
        fields: &[
            ID,
            packed("resource_id", Kind::Uuid),
            packed("resource_type", Kind::Text),
            must("last_action_date", Kind::Date),
            must("last_action_type", Kind::Text),
            must("field_name", Kind::Text),
            must("previous_value", Kind::Text),
            must("replacement_value", Kind::Text),
            must("updated_by", Kind::Text),
        ],
        children: &[],
    },
];
