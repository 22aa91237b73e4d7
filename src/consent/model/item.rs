//! The items of a case, each of one class.

use serde::{Deserialize, Serialize};

use crate::access::Class;

/// Declares the items with their stored names and classes.
macro_rules! items {
    ($($(#[$doc:meta])* $name:ident = $code:literal in $class:ident,)*) => {
        /// A thing that is known of a child or a case. A new one is added here, and nowhere else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum Item {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Item {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name, as stored and in `locales/` below `item.`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How near it comes to a person.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)* }
            }

            /// Reads a name.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.name() == name)
            }
        }
    };
}

items! {
    /// What is needed.
    Term = "term" in Open,
    /// How urgent it is.
    Tier = "tier" in Open,
    /// 小 and a character.
    Alias = "alias" in Open,
    /// A band of three years.
    AgeBand = "age_band" in Open,
    /// Languages and dialects.
    Language = "language" in Open,
    /// When the child can come.
    TimeWindows = "time_windows" in Open,
    /// Township of residence.
    Township = "township" in Open,
    /// What staff must know to be safe.
    SafetyNotes = "safety_notes" in Care,
    /// How the child moves.
    Mobility = "mobility" in Care,
    /// How the family travels.
    Travel = "travel" in Care,
    /// Sex, where it matters.
    Sex = "sex" in Care,
    /// Level of risk.
    Risk = "risk" in Status,
    /// Categories of child.
    Categories = "categories" in Status,
    /// Papers held.
    Holds = "holds" in Status,
    /// Household registration.
    Hukou = "hukou" in Status,
    /// Whether a guardian is present, consents, or is absent.
    GuardianState = "guardian_state" in Status,
    /// The way to reach the family that it agreed to.
    ContactRoute = "contact_route" in Contact,
    /// Name of the guardian.
    GuardianName = "guardian_name" in Contact,
    /// Phone of the guardian.
    GuardianPhone = "guardian_phone" in Contact,
    /// Name of the child.
    Name = "name" in Identity,
    /// 公民身份号码.
    IdentityNumber = "identity_number" in Identity,
    /// Day of birth.
    BirthDate = "birth_date" in Identity,
    /// Phone of the child.
    Phone = "phone" in Identity,
    /// Address.
    Address = "address" in Identity,
    /// School.
    School = "school" in Identity,
    /// Point of the home.
    Point = "point" in Identity,
    /// Photograph.
    Photo = "photo" in Identity,
    /// Diagnoses.
    Diagnoses = "diagnoses" in Sensitive,
    /// Details of certificates.
    Certificates = "certificates" in Sensitive,
    /// The worker's account.
    Narrative = "narrative" in Sensitive,
    /// Income of the family.
    Income = "income" in Sensitive,
    /// Sexual abuse.
    SexualAbuse = "sexual_abuse" in Secret,
    /// HIV.
    Hiv = "hiv" in Secret,
    /// Crime.
    Crime = "crime" in Secret,
    /// Why a parent is absent.
    AbsenceCause = "absence_cause" in Secret,
    /// Adoption.
    Adoption = "adoption" in Secret,
    /// Who reported.
    Reporter = "reporter" in Secret,
}

impl Item {
    /// Whether it leaves only with a consent or a legal ground for this recipient.
    #[must_use]
    pub const fn needs_ground(self) -> bool {
        !matches!(self.class(), Class::Open | Class::Care)
    }

    /// Whether sending it needs another person's approval.
    #[must_use]
    pub const fn is_grave(self) -> bool {
        matches!(self.class(), Class::Sensitive | Class::Secret)
    }
}

/// Hospitals and their departments.
const HOSPITALS: [&str; 7] = ["医院儿童心理科", "医院精神科", "医院康复科", "医院儿科", "妇幼保健院", "社区卫生中心", "医院"];
/// Offices of civil affairs.
const CIVIL_AFFAIRS: [&str; 2] = ["民政局", "街道民政办"];
/// Schools and volunteers: a secret never reaches them.
const NEVER_SECRET: [&str; 7] = ["学校", "幼儿园", "托育机构", "特殊教育学校", "专门学校", "高校", "志愿团队"];
/// Bodies the law itself names as receivers of what is secret.
const NAMED_BY_LAW: [&str; 5] = ["派出所", "检察院", "法院", "未保中心", "民政局"];

/// Whether a kind of organization may have a sensitive item at all.
#[must_use]
pub fn kind_may_have(kind: &str, item: Item) -> bool {
    let hospital = HOSPITALS.contains(&kind);
    let civil = CIVIL_AFFAIRS.contains(&kind);
    match item {
        Item::Diagnoses | Item::Certificates => hospital || civil || ["康复机构", "特殊教育学校", "残联"].contains(&kind),
        Item::Narrative => hospital || ["未保中心", "未保工作站", "社工机构", "心理咨询机构"].contains(&kind),
        Item::Income => civil || ["残联", "基金会", "法律援助中心"].contains(&kind),
        item if item.class() == Class::Secret => !NEVER_SECRET.contains(&kind),
        _ => true,
    }
}

/// Whether the law names a kind of body as a receiver of what is secret.
#[must_use]
pub fn is_named_by_law(kind: &str) -> bool {
    NAMED_BY_LAW.contains(&kind)
}
