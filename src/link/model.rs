//! A link, its token and its code.

use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::id::{AccountId, LinkId};
use crate::secret::{Hidden, Keyring, digest, mac};

/// How long a link lives.
pub const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long it stays open after the code was given.
pub const OPEN: SignedDuration = SignedDuration::from_mins(30);
/// Wrong codes after which it is dead.
pub const TRIES: u32 = 5;

/// Letters of a token: none is mistaken for another when it is typed.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 160 random bits.
pub const LENGTH: usize = 32;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// One referral, to be answered.
    Referral,
    /// What a body is to do after a meeting, to be reported on.
    Actions,
    /// What is listed of an organization, to be confirmed. It is public, so its link has no code.
    Confirmation,
}

impl Purpose {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referral => "referral",
            Self::Actions => "actions",
            Self::Confirmation => "confirmation",
        }
    }

    /// Where its holder goes, before the token.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Referral => "/l/",
            Self::Actions => "/t/",
            Self::Confirmation => "/c/",
        }
    }
}

/// A link as stored.
#[derive(Debug, Clone)]
pub struct Link {
    /// Id, as the log names its holder.
    pub id: LinkId,
    /// What it opens.
    pub purpose: Purpose,
    /// Which of them.
    pub subject: String,
    /// What tells the code again.
    pub code_hash: String,
    /// Wrong codes so far.
    pub tries: u32,
    /// Who made it; nobody where it went out by mail.
    pub made_by: Option<AccountId>,
    /// Until when.
    pub valid_to: Timestamp,
    /// When it was answered.
    pub used_at: Option<Timestamp>,
    /// When another took its place.
    pub withdrawn_at: Option<Timestamp>,
}

/// A link just made: shown once, then only its hash is left.
#[derive(Debug)]
pub struct Made {
    /// What it opens.
    pub purpose: Purpose,
    /// The end of the address.
    pub token: Hidden,
    /// Six digits to say on the phone.
    pub code: Hidden,
    /// Until when.
    pub valid_to: Timestamp,
}

impl Made {
    /// Out of random bytes and a number below a million.
    #[must_use]
    pub fn of(purpose: Purpose, bytes: &[u8; LENGTH], code: u32, at: Timestamp) -> Self {
        let token: String = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        Self { purpose, token: Hidden::new(token), code: Hidden::new(format!("{code:06}")), valid_to: at + LIFE }
    }

    /// Where the holder goes.
    #[must_use]
    pub fn address(&self, url: &str) -> String {
        format!("{url}{}{}", self.purpose.path(), self.token.reveal())
    }
}

/// What is stored of a token.
#[must_use]
pub fn token_hash(token: &str) -> String {
    digest(token.trim().to_lowercase().as_bytes())
}

/// What the token of a link in a mail is made of: told by nobody who does not hold the store's key.
#[must_use]
pub fn mail_bytes(keyring: &Keyring, purpose: Purpose, subject: &str, name: &str) -> [u8; LENGTH] {
    let secret = keyring.blind(&Hidden::new(format!("link {} {subject} in the mail {name}", purpose.name())));
    mac(&Hidden::new(secret), b"token")
}

/// What is stored of a code: bound to its link, and of no use without the store's key.
#[must_use]
pub fn code_hash(keyring: &Keyring, id: &LinkId, code: &str) -> String {
    let digits: String = lianjie_index::text::fold(code).chars().filter(char::is_ascii_digit).collect();
    keyring.blind(&Hidden::new(format!("link {id} {digits}")))
}

impl Link {
    /// Whether it still opens anything.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.withdrawn_at.is_none() && now < self.valid_to && self.tries < TRIES
    }

    /// The mark that its code was given, for a cookie: good until an instant, for this link only.
    #[must_use]
    pub fn pass(&self, keyring: &Keyring, until: Timestamp) -> String {
        format!("{}.{}", until.as_second(), keyring.blind(&Hidden::new(format!("link {} open until {}", self.id, until.as_second()))))
    }

    /// Whether a cookie says that its code was given.
    #[must_use]
    pub fn is_passed(&self, keyring: &Keyring, cookie: &str, now: Timestamp) -> bool {
        let until =
            cookie.split_once('.').and_then(|(second, _)| second.parse().ok()).and_then(|second| Timestamp::from_second(second).ok());
        until.is_some_and(|until| now < until && self.pass(keyring, until) == cookie)
    }
}

/// What a link that opens nothing says: the same for one that never was, one that was answered, and one that ran out.
#[must_use]
pub const fn dead() -> Error {
    Error::Gone { why: "link" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(at: Timestamp) -> Link {
        Link {
            id: LinkId::new(at),
            purpose: Purpose::Referral,
            subject: String::new(),
            code_hash: String::new(),
            tries: 0,
            made_by: Some(AccountId::new(at)),
            valid_to: at + LIFE,
            used_at: None,
            withdrawn_at: None,
        }
    }

    #[test]
    fn a_link_dies_by_use_by_time_and_by_guessing() {
        let at: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        assert!(link(at).is_alive(at));
        assert!(!link(at).is_alive(at + LIFE));
        assert!(!Link { used_at: Some(at), ..link(at) }.is_alive(at));
        assert!(!Link { withdrawn_at: Some(at), ..link(at) }.is_alive(at));
        assert!(!Link { tries: TRIES, ..link(at) }.is_alive(at));
    }

    #[test]
    fn a_pass_is_good_for_its_link_and_its_time() {
        let at: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        let ring = Keyring::from_root(&[7; 32]);
        let (one, other) = (link(at), link(at));
        let pass = one.pass(&ring, at + OPEN);
        assert!(one.is_passed(&ring, &pass, at));
        assert!(!one.is_passed(&ring, &pass, at + OPEN), "it ends");
        assert!(!other.is_passed(&ring, &pass, at), "it opens no other");
        assert!(!one.is_passed(&ring, &pass.replacen('1', "2", 1), at), "its time is not to be moved");
        assert!(!one.is_passed(&Keyring::from_root(&[8; 32]), &pass, at));
    }

    #[test]
    fn the_link_of_a_mail_is_the_same_when_it_is_sent_again_and_no_other() {
        let ring = Keyring::from_root(&[7; 32]);
        let bytes = |ring: &Keyring, subject: &str, name: &str| mail_bytes(ring, Purpose::Confirmation, subject, name);
        assert_eq!(bytes(&ring, "one", "first"), bytes(&ring, "one", "first"));
        assert_ne!(bytes(&ring, "one", "first"), bytes(&ring, "one", "second"));
        assert_ne!(bytes(&ring, "one", "first"), bytes(&ring, "other", "first"));
        assert_ne!(bytes(&ring, "one", "first"), bytes(&Keyring::from_root(&[8; 32]), "one", "first"));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let at: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        let (ring, id) = (Keyring::from_root(&[7; 32]), LinkId::new(at));
        assert_eq!(code_hash(&ring, &id, "012345"), code_hash(&ring, &id, " ０１２ 345"));
        assert_ne!(code_hash(&ring, &id, "012345"), code_hash(&ring, &id, "012346"));
        assert_ne!(code_hash(&ring, &id, "012345"), code_hash(&ring, &LinkId::new(at), "012345"));
    }
}
