//! What somebody writes about an organization, read into an entry: every fault at once.

use lianjie_index::DivisionCode;
use lianjie_index::entry::Level;

use super::model::{Organization, read_uscc};
use super::phone;
use crate::division::model::Divisions;
use crate::error::{Fault, Faults};
use crate::taxonomy::camp;
use crate::taxonomy::model::Categories;

/// Most characters of a name.
const LONGEST_NAME: usize = 80;
/// Most characters of a description.
const LONGEST_TEXT: usize = 2000;
/// Most characters of an address or a website.
const LONGEST_LINE: usize = 200;
/// Most phone numbers.
const MOST_PHONES: usize = 5;

/// The fields of an entry as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Code of its kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Another name people use.
    pub alternate_name: String,
    /// What it is, in its own words.
    pub description: String,
    /// 统一社会信用代码.
    pub code_uscc: String,
    /// Division it lies in: a county or a township.
    pub division: String,
    /// Name of a township in that county, instead of its code.
    pub township: String,
    /// Address.
    pub address: String,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Those of them that are mobile and said to be the office's.
    pub office_phones: Vec<String>,
    /// Website.
    pub website: String,
    /// `public`, `workers` or `restricted`; empty is public.
    pub confidentiality: String,
}

impl Written {
    /// The fields of an entry, to be changed one by one.
    #[must_use]
    pub fn of(organization: &Organization) -> Self {
        Self {
            kind: organization.kind.clone(),
            name: organization.name.clone(),
            alternate_name: organization.alternate_name.clone().unwrap_or_default(),
            description: organization.description.clone(),
            code_uscc: organization.code_uscc.clone().unwrap_or_default(),
            division: organization.division.to_string(),
            township: String::new(),
            address: organization.address.clone(),
            phones: organization.phones.clone(),
            office_phones: organization.office_phones.clone(),
            website: organization.website.clone().unwrap_or_default(),
            confidentiality: super::store::name_of(&organization.confidentiality),
        }
    }

    /// Puts the fields into an entry; one that is refused leaves the entry's old value.
    #[must_use]
    pub fn read_into(&self, organization: &mut Organization, divisions: &Divisions, categories: &Categories) -> Faults {
        let mut faults = Faults::new();
        faults.require(categories.kinds.iter().any(|kind| kind.named.code == self.kind), "kind", "unknown_kind");
        faults.require(self.name.trim().chars().count() >= 2, "name", "required");
        for (field, text, most) in [
            ("name", &self.name, LONGEST_NAME),
            ("alternate_name", &self.alternate_name, LONGEST_NAME),
            ("description", &self.description, LONGEST_TEXT),
            ("address", &self.address, LONGEST_LINE),
            ("website", &self.website, LONGEST_LINE),
        ] {
            if text.chars().count() > most {
                faults.add(Fault::new(field, "longer_than").with("most", most));
            }
        }
        if let Some(word) = camp::offered(&[&self.name, &self.description]) {
            faults.add(Fault::new("name", "boot_camp").with("word", word));
        }
        let website = some(&self.website);
        let web = |text: &str| text.starts_with("https://") || text.starts_with("http://");
        faults.require(website.as_deref().is_none_or(web), "website", "website");
        if let Some(code) = some(&self.code_uscc) {
            organization.code_uscc = faults.keep(read_uscc(&code)).or(organization.code_uscc.take());
        } else {
            organization.code_uscc = None;
        }
        if let Some(code) = faults.keep(read_division(divisions, &self.division, &self.township)) {
            organization.division = code;
        }
        self.read_phones(organization, &mut faults);
        match self.confidentiality.as_str() {
            "" | "public" => organization.confidentiality = Level::Public,
            "workers" => organization.confidentiality = Level::Workers,
            "restricted" => organization.confidentiality = Level::Restricted,
            _ => faults.require(false, "confidentiality", "unknown_level"),
        }
        organization.kind.clone_from(&self.kind);
        self.name.trim().clone_into(&mut organization.name);
        organization.alternate_name = some(&self.alternate_name);
        self.description.trim().clone_into(&mut organization.description);
        self.address.trim().clone_into(&mut organization.address);
        organization.website = website;
        faults
    }

    fn read_phones(&self, organization: &mut Organization, faults: &mut Faults) {
        let phones: Vec<String> = self.phones.iter().flat_map(|phone| phone::several(phone)).collect();
        match phones.iter().find(|phone| !phone::is_phone(phone)) {
            Some(wrong) => faults.add(Fault::new("phones", "phone").with("phone", wrong.chars().take(20).collect::<String>())),
            None if phones.len() > MOST_PHONES => faults.add(Fault::new("phones", "too_many").with("most", MOST_PHONES)),
            None => {
                let office = |phone: &&String| phone::is_mobile(phone) && self.office_phones.iter().any(|one| phone::is_same(one, phone));
                organization.office_phones = phones.iter().filter(office).cloned().collect();
                organization.phones = phones;
            }
        }
    }
}

/// A county or township by its code, or a township by its name in the county of that code.
pub(crate) fn read_division(divisions: &Divisions, code: &str, township: &str) -> Result<DivisionCode, Fault> {
    let code = code.parse::<DivisionCode>().ok().filter(|code| divisions.has(code) && code.as_str().len() >= 6);
    let code = code.ok_or_else(|| Fault::new("division", "unknown_division"))?;
    let Some(name) = some(township) else { return Ok(code) };
    let county = code.county();
    let exact = divisions.children(&county).find(|row| row.name == name);
    let mut begun = divisions.children(&county).filter(|row| row.name.starts_with(&name));
    let found = exact.or_else(|| begun.next().filter(|_| begun.next().is_none()));
    let unknown = || Fault::new("township", "unknown_township").with("name", name.chars().take(40).collect::<String>());
    found.map(|row| row.code.clone()).ok_or_else(unknown)
}

/// The text without blanks around it, if there is any.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
