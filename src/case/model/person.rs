//! A child and those who look after it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::id::{ChildId, GuardianId};
use crate::secret::Hidden;

/// A child's sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

/// Month of birth, `YYYY-MM`: what is known of the age in plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BirthMonth(Date);

impl BirthMonth {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Completed months on a day, counted as if born on the first of the month; 0 before birth.
    #[must_use]
    pub fn age_months(self, day: Date) -> u16 {
        let months = (i32::from(day.year()) - i32::from(self.0.year())) * 12 + i32::from(day.month()) - i32::from(self.0.month());
        u16::try_from(months).unwrap_or(0)
    }

    /// Completed years on a day.
    #[must_use]
    pub fn age_years(self, day: Date) -> u16 {
        self.age_months(day) / 12
    }

    /// The band that is shown where the age is not.
    #[must_use]
    pub fn band(self, day: Date) -> AgeBand {
        AgeBand::of(self.age_years(day))
    }
}

impl FromStr for BirthMonth {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let day = format!("{}-01", text.trim()).parse::<Date>();
        day.map(Self).map_err(|_| Fault::new("birth_month", "birth_month"))
    }
}

impl fmt::Display for BirthMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// A band of ages: 0–2, 3–5, 6–8, 9–11, 12–14, 15–17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AgeBand(u16);

impl AgeBand {
    /// The band of an age in years.
    #[must_use]
    pub const fn of(years: u16) -> Self {
        Self(if years / 3 > 5 { 5 } else { years / 3 })
    }
}

impl fmt::Display for AgeBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.0 * 3, self.0 * 3 + 2)
    }
}

/// A child: an alias, and identity under its own key.
#[derive(Debug, Clone)]
pub struct Child {
    /// Id; never shown.
    pub id: ChildId,
    /// 小 and a character: what the child is called wherever the name is not.
    pub alias: String,
    /// Month of birth.
    pub birth_month: Option<BirthMonth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Which key opens the identity.
    pub key_id: String,
    /// Version, for compare-and-set.
    pub version: i64,
}

/// What names a child. Read only by who may, and each reading is an audit event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name.
    pub name: Option<Hidden>,
    /// 公民身份号码.
    pub identity_number: Option<Hidden>,
    /// Day of birth.
    pub birth_date: Option<Hidden>,
    /// Phone.
    pub phone: Option<Hidden>,
    /// Address.
    pub address: Option<Hidden>,
    /// `longitude,latitude` of the home.
    pub point: Option<Hidden>,
    /// School.
    pub school: Option<Hidden>,
}

/// A guardian's relation to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
    /// 祖辈.
    Grandparent,
    /// 其他亲属.
    Relative,
    /// 其他人.
    Other,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Father, Self::Mother, Self::Grandparent, Self::Relative, Self::Other];

    /// Whether it is a parent.
    #[must_use]
    pub const fn is_parent(self) -> bool {
        matches!(self, Self::Father | Self::Mother)
    }
}

/// How a guardian can or cannot care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardianState {
    /// There, and cares.
    Present,
    /// Works elsewhere.
    Away,
    /// Dead.
    Dead,
    /// Declared missing.
    Missing,
    /// No contact and no care.
    LostContact,
    /// In prison.
    Imprisoned,
    /// In compulsory drug detention.
    CompulsoryDetox,
    /// Otherwise without liberty.
    Detained,
    /// Severely disabled.
    Disabled,
    /// Seriously ill.
    Ill,
    /// Deported.
    Deported,
    /// Guardianship revoked.
    Revoked,
}

impl GuardianState {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Present,
        Self::Away,
        Self::Dead,
        Self::Missing,
        Self::LostContact,
        Self::Imprisoned,
        Self::CompulsoryDetox,
        Self::Detained,
        Self::Disabled,
        Self::Ill,
        Self::Deported,
        Self::Revoked,
    ];
}

/// A parent or carer.
#[derive(Debug, Clone)]
pub struct Guardian {
    /// Id.
    pub id: GuardianId,
    /// Relation.
    pub relation: Relation,
    /// State.
    pub state: GuardianState,
    /// Since when.
    pub since: Option<Date>,
    /// What shows it: a paper's name, never its number.
    pub evidence: String,
    /// Whether the child lives with this person.
    pub carer: bool,
    /// Whether suspected of harm: such a guardian is never asked for consent.
    pub suspected: bool,
    /// Name, for who may see it.
    pub name: Option<Hidden>,
    /// Phone, for who may see it.
    pub phone: Option<Hidden>,
}

/// What else makes a child belong to a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// 农业户籍.
    RuralHukou,
    /// 重残.
    SevereDisability,
    /// 所列重病.
    ListedIllness,
    /// 流浪.
    Street,
    /// 贫困家庭.
    Poor,
    /// 受侵害.
    Harm,
    /// 流动.
    Migrant,
}

impl Flag {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::RuralHukou, Self::SevereDisability, Self::ListedIllness, Self::Street, Self::Poor, Self::Harm, Self::Migrant];
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Reads a 公民身份号码 (GB 11643-1999): full width, blanks and a small x are forgiven.
///
/// Gives the number, the day of birth and the sex.
///
/// # Errors
/// The fault, which never repeats the number.
pub fn read_identity_number(text: &str, today: Date) -> Result<(Hidden, Date, Sex), Fault> {
    let number: String = lianjie_index::text::fold(text).to_uppercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let fault = |reason| Fault::new("identity_number", reason);
    if number.len() == 15 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault("identity_first_generation"));
    }
    let digits: Vec<u32> = number.chars().take(17).filter_map(|letter| letter.to_digit(10)).collect();
    if number.chars().count() != 18 || digits.len() != 17 {
        return Err(fault("identity_length"));
    }
    if number.ends_with("000") && digits[6..14].iter().all(|digit| *digit == 0) {
        return Err(fault("identity_cut"));
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = CHECKS[usize::try_from(sum % 11).unwrap_or(0)];
    let birth = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]).parse::<Date>();
    let birth = birth.ok().filter(|day| *day <= today).ok_or_else(|| fault("identity_birth"))?;
    if number.as_bytes()[17] != check {
        return Err(fault("identity_check"));
    }
    let sex = if digits[16] % 2 == 1 { Sex::Male } else { Sex::Female };
    Ok((Hidden::new(number), birth, sex))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 25);

    #[test]
    fn identity_numbers_are_checked_and_never_repeated() {
        let (number, birth, sex) = read_identity_number("３２００００２０１５０３１７００２４", TODAY).unwrap();
        assert_eq!((number.reveal(), birth.to_string().as_str(), sex), ("320000201503170024", "2015-03-17", Sex::Female));
        assert_eq!(read_identity_number("11010519491231002x", TODAY).unwrap().0.reveal(), "11010519491231002X");
        for (text, reason) in [
            ("110105194912310021", "identity_check"),
            ("320000201502290024", "identity_birth"),
            ("320000201513170028", "identity_birth"),
            ("110105491231002", "identity_first_generation"),
            ("32000020150317", "identity_length"),
        ] {
            let fault = read_identity_number(text, TODAY).unwrap_err();
            assert_eq!(fault.reason, reason, "{text}");
            assert!(fault.facts.is_empty());
        }
    }

    #[test]
    fn ages_come_in_bands_of_three_years() {
        let month: BirthMonth = "2015-03".parse().unwrap();
        assert_eq!(month.age_months(TODAY), 140);
        assert_eq!(month.band(TODAY).to_string(), "9–11");
        assert_eq!(AgeBand::of(17).to_string(), "15–17");
        assert_eq!(AgeBand::of(18).to_string(), "15–17");
    }
}
