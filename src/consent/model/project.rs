//! What may be shown to whom: the one function that decides. Pages, JSON, exports, prints, messages and the log ask it.

use jiff::civil::Date;

use super::item::{is_named_by_law, kind_may_have};
use super::{Consent, Ground, Item};
use crate::access::Class;

/// How far a referral has come, or what the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before acceptance.
    Brief,
    /// While the provider serves.
    Packet,
    /// On the wall of a meeting.
    Wall,
    /// In the pack of a body.
    Pack,
    /// Counted.
    Statistics,
    /// After the end: nothing.
    Over,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Brief, Self::Packet, Self::Wall, Self::Pack, Self::Statistics, Self::Over];
}

/// On which way it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// On a page, for somebody signed in.
    Page,
    /// Behind a one-time link.
    Link,
    /// As JSON.
    Api,
    /// In a file.
    Export,
    /// On paper.
    Print,
    /// In a notice or message: numbers and links only.
    Message,
    /// In the log: names of fields only.
    Log,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Page, Self::Link, Self::Api, Self::Export, Self::Print, Self::Message, Self::Log];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Link => "link",
            Self::Api => "api",
            Self::Export => "export",
            Self::Print => "print",
            Self::Message => "message",
            Self::Log => "log",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It may be shown.
    Show,
    /// It may not.
    Hide,
}

impl Shown {
    /// Whether it may.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Show)
    }
}

impl From<bool> for Shown {
    fn from(shown: bool) -> Self {
        if shown { Self::Show } else { Self::Hide }
    }
}

/// Who receives, and what it holds a ground for.
#[derive(Debug, Clone, Default)]
pub struct Recipient<'a> {
    /// Kind of organization.
    kind: &'a str,
    /// Consents for this recipient that hold.
    consents: Vec<&'a Consent>,
}

impl<'a> Recipient<'a> {
    /// A recipient of a kind, with those of its consents that hold on a day.
    #[must_use]
    pub fn new(kind: &'a str, consents: &'a [Consent], day: Date) -> Self {
        Self { kind, consents: consents.iter().filter(|consent| consent.holds(day)).collect() }
    }

    /// Whether a valid ground names the item.
    fn has_ground(&self, item: Item) -> bool {
        self.consents.iter().any(|consent| consent.items.contains(&item))
    }

    /// Whether there is a ground strong enough for what is secret: a body the law names with the article, or a signed one.
    fn has_secret_ground(&self, item: Item) -> bool {
        self.consents.iter().filter(|consent| consent.items.contains(&item)).any(|consent| match consent.ground {
            Ground::Statutory => is_named_by_law(self.kind) && consent.article.is_some(),
            Ground::Consent => !consent.evidence.trim().is_empty(),
        })
    }
}

/// Decides whether an item may be shown.
#[must_use]
pub fn project(item: Item, recipient: &Recipient<'_>, stage: Stage, channel: Channel) -> Shown {
    if matches!(channel, Channel::Message | Channel::Log) {
        return Shown::Hide;
    }
    let kind_may = kind_may_have(recipient.kind, item);
    let shown = match (stage, item.class()) {
        (Stage::Over, _) => false,
        (Stage::Statistics, class) => matches!(class, Class::Open | Class::Status),
        (Stage::Wall, class) => matches!(class, Class::Open | Class::Care) || item == Item::Risk,
        (Stage::Brief, class) => matches!(class, Class::Open | Class::Care),
        (Stage::Packet | Stage::Pack, Class::Open) | (Stage::Packet, Class::Care) => true,
        (Stage::Packet, Class::Status | Class::Contact | Class::Identity) => recipient.has_ground(item),
        (Stage::Packet, Class::Sensitive) => kind_may && recipient.has_ground(item),
        (Stage::Packet, Class::Secret) => kind_may && recipient.has_secret_ground(item),
        (Stage::Pack, Class::Care | Class::Status) => recipient.has_ground(item),
        (Stage::Pack, Class::Contact | Class::Identity) => false,
        (Stage::Pack, Class::Sensitive) => kind_may && recipient.has_ground(item),
        (Stage::Pack, Class::Secret) => kind_may && is_named_by_law(recipient.kind) && recipient.has_secret_ground(item),
    };
    Shown::from(shown)
}
