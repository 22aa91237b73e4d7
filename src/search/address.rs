//! The address of a search, to be changed and written again: links that take a filter off, or turn the page.

use lianjie_index::search::Dimension;

use super::ask::Params;

/// The parameter of a kind of filter.
#[must_use]
pub const fn parameter(filter: Dimension) -> &'static str {
    match filter {
        Dimension::Terms => "terms",
        Dimension::Kinds => "kinds",
        Dimension::AgeMonths => "age_months",
        Dimension::Categories => "categories",
        Dimension::Fee => "fee",
        Dimension::HasPlace => "has_place",
        Dimension::Delivery => "delivery",
        Dimension::OpenAt => "open_at",
        Dimension::Languages => "languages",
        Dimension::Areas => "areas",
        Dimension::WithinKm => "within_km",
        Dimension::FreshDays => "fresh_days",
        Dimension::Accessibility => "accessibility",
        Dimension::Organization => "organization",
    }
}

/// An address as pairs, to be changed and written again.
#[derive(Debug, Clone, Default)]
pub struct Address(Vec<(String, String)>);

impl Address {
    /// The address of these parameters, without empty ones and without the page's number.
    #[must_use]
    pub fn of(params: &Params) -> Self {
        let text = serde_html_form::to_string(params).unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_html_form::from_str(&text).unwrap_or_default();
        let kept = |name: &str, value: &str| name != "page" && name != "cursor" && (!value.is_empty() || name == "near");
        Self(pairs.into_iter().filter(|(name, value)| kept(name, value)).collect())
    }

    /// With one value more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// With this value of a parameter and no other.
    #[must_use]
    pub fn set(self, name: &str, value: impl Into<String>) -> Self {
        self.without(name).with(name, value)
    }

    /// Without a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// Without one value of a parameter.
    #[must_use]
    pub fn less(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, held)| known != name || held != value);
        self
    }

    /// Of the page 找资源.
    #[must_use]
    pub fn page(&self) -> String {
        match serde_html_form::to_string(&self.0) {
            Ok(query) if !query.is_empty() => format!("/services?{query}"),
            _ => "/services".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_again_with_one_thing_changed() {
        let params = Params {
            q: "接送".into(),
            fee: vec!["free".into(), "low".into()],
            near: Some(String::new()),
            page: "3".into(),
            ..Params::default()
        };
        let address = Address::of(&params);
        assert_eq!(address.clone().less("fee", "low").page(), "/services?q=%E6%8E%A5%E9%80%81&fee=free&near=");
        assert_eq!(address.without("fee").without("q").set("near", "320116").page(), "/services?near=320116");
    }
}
