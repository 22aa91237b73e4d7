//! What an account is, and what a password must be.

use jiff::civil::Date;

use crate::access::{Role, Scope};
use crate::error::Fault;
use crate::id::{AccountId, GrantId, OrganizationId};

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Made, never signed in.
    Invited,
    /// In use.
    Active,
    /// Shut; its open work was handed over before.
    Disabled,
}

/// A person's account. The display name is the person's name at work, not a child's.
#[derive(Debug, Clone)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// What is typed to sign in.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Organization the person belongs to.
    pub organization: Option<OrganizationId>,
    /// Language tag.
    pub locale: String,
    /// Light, dark or system.
    pub theme: String,
    /// Type size.
    pub text_size: String,
    /// Status.
    pub status: Status,
    /// Whether the password must be changed first.
    pub must_change: bool,
}

/// A grant as stored.
#[derive(Debug, Clone)]
pub struct StoredGrant {
    /// Id.
    pub id: GrantId,
    /// Whose.
    pub account: AccountId,
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// From this day.
    pub valid_from: Date,
    /// Until this day, included.
    pub valid_to: Option<Date>,
}

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most characters of a password.
pub const LONGEST: usize = 256;

/// Words that begin too many passwords.
const COMMON: &[&str] = &[
    "password",
    "123456789012",
    "qwertyuiop",
    "111111111111",
    "000000000000",
    "abcdefghijkl",
    "woaini",
    "iloveyou",
    "admin",
    "lianjie",
    "letmein",
    "welcome",
    "1qaz2wsx3edc",
    "asdfghjkl",
    "zxcvbnm",
    "a123456789",
    "5201314",
    "jiangsu",
    "nanjing",
];

/// Checks a password: 12 to 256 characters of any kind, not a common one, not the login itself.
///
/// # Errors
/// The fault, with what would do.
pub fn check_password(login: &str, password: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Fault::new("password", "password_short").with("least", SHORTEST));
    }
    if length > LONGEST {
        return Err(Fault::new("password", "password_long").with("most", LONGEST));
    }
    let lower = password.to_lowercase();
    let common = COMMON.iter().any(|word| lower.starts_with(word) && length < word.chars().count() + 6);
    let repeats = lower.chars().collect::<std::collections::HashSet<_>>().len() < 4;
    if common || repeats || lower.contains(&login.to_lowercase()) {
        return Err(Fault::new("password", "password_common"));
    }
    Ok(())
}

/// Checks a login: 3 to 40 small letters, digits, `.`, `-` or `_`.
///
/// # Errors
/// The fault, with what would do.
pub fn check_login(login: &str) -> Result<(), Fault> {
    let fits = (3..=40).contains(&login.len())
        && login.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'));
    if fits { Ok(()) } else { Err(Fault::new("login", "login")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_or_common_password_is_refused() {
        assert_eq!(check_password("wang", "短密码").unwrap_err().reason, "password_short");
        assert_eq!(check_password("wang", "password1234").unwrap_err().reason, "password_common");
        assert_eq!(check_password("wangfang", "wangfang20261125").unwrap_err().reason, "password_common");
        assert_eq!(check_password("wang", &"甲乙".repeat(200)).unwrap_err().reason, "password_long");
    }

    #[test]
    fn a_long_password_of_any_characters_will_do() {
        assert!(check_password("wang", "长江大桥下面有一只白猫在晒太阳").is_ok());
    }
}
