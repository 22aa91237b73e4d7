//! The simulator's directory, with keys turned into the ids and codes of the product's formulas.

use std::collections::BTreeMap;

use super::{
    Fault,
    protocol::{Key, Need, Service},
};
use crate::{
    code::{OrganizationId, ServiceId, TermCode},
    matching::fit::{self, Kin},
    place::travel::{Mode, minutes},
};

/// A service with its ids.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) service: Service,
    pub(super) id: ServiceId,
    pub(super) organization: OrganizationId,
    /// Its category as a group of a taxonomy.
    pub(super) group: TermCode,
}

/// All services.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    services: Vec<Listed>,
    numbers: BTreeMap<Key, usize>,
    by_category: BTreeMap<Key, Vec<usize>>,
}

impl Directory {
    pub(super) fn new(services: &[Service]) -> Result<Self, Fault> {
        let mut directory = Self::default();
        let mut groups: BTreeMap<&Key, TermCode> = services.iter().map(|service| (&service.category, nameless())).collect();
        for (number, group) in groups.values_mut().enumerate() {
            *group = code(number);
        }
        for (number, service) in services.iter().enumerate() {
            if directory.numbers.insert(service.id.clone(), number).is_some() {
                return Err(Fault::Twice(service.id.clone()));
            }
            directory.by_category.entry(service.category.clone()).or_default().push(number);
            directory.services.push(Listed {
                service: service.clone(),
                id: service.id.to_string().into(),
                organization: service.org.to_string().into(),
                group: groups[&service.category].clone(),
            });
        }
        Ok(directory)
    }

    pub(super) fn services(&self) -> &[Listed] {
        &self.services
    }

    pub(super) fn number(&self, id: &Key) -> Result<usize, Fault> {
        self.numbers.get(id).copied().ok_or_else(|| Fault::Service(id.clone()))
    }

    /// Services of a category, by number.
    pub(super) fn of(&self, category: &Key) -> &[usize] {
        self.by_category.get(category).map_or(&[], Vec::as_slice)
    }
}

/// Minutes one way; 0 where nobody need travel.
pub(super) fn way(need: &Need, service: &Service) -> u16 {
    if service.remote {
        return 0;
    }
    let best = if need.car { Mode::Car } else { Mode::Bus };
    minutes((need.x - service.x).hypot(need.y - service.y), best)
}

/// Term F by tags.
pub(super) fn fits(need: &Need, service: &Service) -> f64 {
    let kins: Vec<Option<Kin>> =
        need.tags.iter().map(|wanted| service.tags.iter().filter_map(|offered| kin(wanted, offered)).min()).collect();
    fit::fits_all(&kins)
}

/// How a tag is related to one that is wanted. A tag's parent is its text before the last mark of
/// division; a number has none.
fn kin(wanted: &Key, offered: &Key) -> Option<Kin> {
    if wanted == offered {
        return Some(Kin::Same);
    }
    let (Key::Text(wanted), Key::Text(offered)) = (wanted, offered) else { return None };
    let parent = parent(wanted)?;
    if parent == offered {
        return Some(Kin::Parent);
    }
    (self::parent(offered) == Some(parent)).then_some(Kin::Sibling)
}

fn parent(tag: &str) -> Option<&str> {
    tag.rfind(['/', '.', ':', '-']).map(|mark| &tag[..mark])
}

/// A group code of a number: A to Z, then BA and on.
fn code(number: usize) -> TermCode {
    let mut letters = Vec::new();
    let mut rest = number;
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(rest % 26).expect("less than 26")));
        rest /= 26;
        if rest == 0 {
            break;
        }
    }
    letters.into_iter().collect::<String>().parse().expect("capital letters are a group")
}

fn nameless() -> TermCode {
    code(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_knows_its_parent_and_its_siblings() {
        let text = |text: &str| Key::Text(text.to_owned());
        assert_eq!(kin(&text("a.b.1"), &text("a.b.1")), Some(Kin::Same));
        assert_eq!(kin(&text("a.b.1"), &text("a.b")), Some(Kin::Parent));
        assert_eq!(kin(&text("a.b.1"), &text("a.b.2")), Some(Kin::Sibling));
        assert_eq!(kin(&text("a.b.1"), &text("a.c.1")), None);
        assert_eq!((kin(&7.into(), &7.into()), kin(&7.into(), &8.into())), (Some(Kin::Same), None));
    }

    #[test]
    fn groups_are_told_apart_however_many_there_are() {
        let codes: std::collections::BTreeSet<String> = (0..2_000).map(|number| code(number).to_string()).collect();
        assert_eq!(codes.len(), 2_000);
    }
}
