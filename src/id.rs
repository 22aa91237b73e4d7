//! Identifiers: one newtype a table, made by `parse` at the edge or by [`new`] inside.
//!
//! An id is a uuid v7: it sorts by the time it was made and says nothing about whom it names.

use jiff::Timestamp;
use rand::{Rng, RngExt};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no {kind}")]
pub struct NotAnId {
    /// What was asked for.
    pub kind: &'static str,
    /// What came, cut to 40 characters.
    pub text: String,
}

impl NotAnId {
    pub(crate) fn of(kind: &'static str, text: &str) -> Self {
        Self { kind, text: text.chars().take(40).collect() }
    }
}

/// A fresh uuid v7 for the instant `at`: the clock is passed in, so that a test can stop it.
#[must_use]
pub fn new(at: Timestamp) -> String {
    let mut random = [0u8; 10];
    rand::rng().fill_bytes(&mut random);
    from_parts(at, random)
}

/// A uuid v7 out of its two parts; the demo generator passes its own seeded bytes.
#[must_use]
pub fn from_parts(at: Timestamp, random: [u8; 10]) -> String {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
}

/// Letters and digits that are not mistaken for one another on the phone (Crockford base32).
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A number to say on the phone: eight random characters.
#[must_use]
pub fn number(random: &mut impl Rng) -> String {
    (0..8).map(|_| char::from(CROCKFORD[random.random_range(0..CROCKFORD.len())])).collect()
}

/// Declares id newtypes.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What this id names, for messages.
            pub const KIND: &'static str = $kind;

            /// Makes a fresh one for the instant `at`.
            #[must_use]
            pub fn new(at: Timestamp) -> Self {
                Self(new(at))
            }

            /// Makes one of a seeded generator's own bytes.
            #[must_use]
            pub fn from_parts(at: Timestamp, random: [u8; 10]) -> Self {
                Self(from_parts(at, random))
            }

            /// Reads one from outside.
            ///
            /// # Errors
            /// [`NotAnId`] unless `text` is a hyphenated uuid.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                uuid::Uuid::try_parse(text.trim())
                    .map(|id| Self(id.to_string()))
                    .map_err(|_| NotAnId::of($kind, text))
            }

            /// The id as stored.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

ids! {
    /// Names an account.
    AccountId = "account";
    /// Names a grant of a role.
    GrantId = "role_grant";
    /// Names an organization: a provider, a body, a station.
    OrganizationId = "organization";
    /// Names a location of an organization.
    LocationId = "location";
    /// Names a practitioner.
    PractitionerId = "practitioner";
    /// Names a purchased project.
    ProgramId = "program";
    /// Names a service.
    ServiceId = "service";
    /// Names a service at one location, or one given without a location.
    ServiceAtLocationId = "service_at_location";
    /// Names a fee row.
    FeeId = "fee";
    /// Names a row of places.
    PlaceId = "place";
    /// Names a child; never shown.
    ChildId = "child";
    /// Names a guardian.
    GuardianId = "guardian";
    /// Names a case.
    CaseId = "case";
    /// Names a need.
    NeedId = "need";
    /// Names a duty to report.
    ReportDutyId = "report_duty";
    /// Names a consent.
    ConsentId = "consent";
    /// Names a ticket for access.
    TicketId = "ticket";
    /// Names a dispatch.
    DispatchId = "dispatch";
    /// A one-time link.
    LinkId = "link";
    /// A visit to a child.
    VisitId = "visit";
    /// Names a version of a plan.
    PlanVersionId = "plan_version";
    /// Names a goal of a plan; kept from version to version.
    GoalId = "goal";
    /// Names an assessment.
    AssessmentId = "assessment";
    /// Names an agreement on entrusted care.
    CareAgreementId = "care_agreement";
    /// Names a lead.
    LeadId = "lead";
    /// Names an emergency.
    EmergencyId = "emergency";
    /// Names a transfer of a case.
    TransferId = "transfer";
    /// Names a meeting.
    ConferenceId = "conference";
    /// Names a case on an agenda.
    AgendaItemId = "agenda_item";
    /// Names a word of everyday speech that an installation wrote.
    EverydayWordId = "everyday_word";
    /// Names a decision.
    DecisionId = "decision";
    /// Names an action agreed on.
    ActionId = "action";
    /// Names an activity.
    ActivityId = "activity";
    /// Names a payment.
    SubsidyId = "subsidy";
    /// Names a comparison of lists.
    ComparisonId = "comparison";
    /// A notice on its way out.
    DeliveryId = "delivery";
    /// Where an organization's program listens.
    WebhookId = "webhook";
    /// Names a referral.
    ReferralId = "referral";
    /// Names a reservation of a place.
    ReservationId = "reservation";
    /// Names an appointment.
    AppointmentId = "appointment";
    /// Names a service record.
    ServiceRecordId = "service_record";
    /// Names what left for a recipient.
    ReleaseId = "release";
    /// Names an event of the log.
    AuditEventId = "audit_event";
    /// Names a notice.
    NoticeId = "notice";
    /// Names a rule of the public hand.
    PublicRuleId = "public_rule";
    /// Names a check of a fact.
    FactCheckId = "fact_check";
    /// Names a suggestion of change.
    ChangeSuggestionId = "change_suggestion";
    /// Names a row kept aside.
    QuarantineId = "quarantine";
    /// Names a merge of two entries.
    MergeId = "merge";
    /// Names a list of organizations that is compared.
    RosterId = "roster";
    /// Names a list that is taken in.
    ListId = "list";
    /// Names a saved list of services.
    ShortlistId = "saved_list";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = ReferralId::new("2026-03-01T08:00:00Z".parse().unwrap());
        let late = ReferralId::new("2026-03-01T08:00:00.001Z".parse().unwrap());
        assert!(early < late);
    }

    #[test]
    fn a_text_that_is_no_uuid_is_refused_by_name() {
        let refused = CaseId::parse("R-17").unwrap_err();
        assert_eq!(refused.to_string(), "\"R-17\" is no case");
    }

    #[test]
    fn a_number_has_no_letter_that_sounds_like_a_digit() {
        let number = number(&mut rand::rng());
        assert_eq!(number.len(), 8);
        assert!(!number.contains(['I', 'L', 'O', 'U']));
    }
}
