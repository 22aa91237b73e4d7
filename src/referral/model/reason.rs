//! Coded reasons: they act, and they are counted by side.

use super::state::named;

named! {
    /// Why a provider refuses.
    Decline {
        /// No place.
        NoCapacity = "no_capacity",
        /// Not even a waiting list.
        WaitlistClosed = "waitlist_closed",
        /// Too young or too old.
        NotEligibleAge = "not_eligible_age",
        /// Lives elsewhere.
        NotEligibleArea = "not_eligible_area",
        /// Registered elsewhere.
        NotEligibleResidence = "not_eligible_residence",
        /// Another condition is not met.
        NotEligibleOther = "not_eligible_other",
        /// This is not offered.
        ServiceNotOffered = "service_not_offered",
        /// More than they can do.
        NeedTooComplex = "need_too_complex",
        /// Less than they are for.
        NeedTooLight = "need_too_light",
        /// They serve the child already.
        AlreadyServedHere = "already_served_here",
        /// Too little is known.
        IncompleteInformation = "incomplete_information",
        /// It came twice.
        Duplicate = "duplicate",
        /// Nobody pays.
        CostOrFunding = "cost_or_funding",
        /// Somebody would be in danger, or judge in their own cause.
        SafetyOrConflictOfInterest = "safety_or_conflict_of_interest",
        /// The offering is closed.
        OfferingClosed = "offering_closed",
        /// Something else, with a note.
        Other = "other",
    }
}

impl End {
    /// Whether an end after acceptance says something of the service, not of the family alone.
    #[must_use]
    pub const fn tells_of_service(self) -> bool {
        !matches!(self, Self::MovedAway | Self::EscalatedToEmergency | Self::ChildTurned18OrDied | Self::WithdrawalRequested | Self::Other)
    }
}

impl Decline {
    /// What the directory entry is to be mended in: the field, where the reason tells of one.
    #[must_use]
    pub const fn corrects(self) -> Option<&'static str> {
        match self {
            Self::NotEligibleAge | Self::NotEligibleArea | Self::NotEligibleResidence | Self::NotEligibleOther => Some("eligibility"),
            Self::ServiceNotOffered => Some("terms"),
            Self::OfferingClosed => Some("status"),
            _ => None,
        }
    }
}

named! {
    /// Why the sender takes a referral back.
    Withdraw {
        /// Somebody else has met the need.
        NeedMetElsewhere = "need_met_elsewhere",
        /// The need is another now.
        NeedChanged = "need_changed",
        /// Child or guardian do not want it.
        ChildOrGuardianDeclined = "child_or_guardian_declined",
        /// The consent was taken back.
        ConsentWithdrawn = "consent_withdrawn",
        /// The family moved.
        MovedAway = "moved_away",
        /// It went to the wrong provider.
        WrongProvider = "wrong_provider",
        /// No answer; another is asked.
        NoResponseRerouted = "no_response_rerouted",
        /// A meeting asks others.
        MeetingRerouted = "meeting_rerouted",
        /// A danger was found; the statutory way is taken.
        RiskRaisedStatutoryRoute = "risk_raised_statutory_route",
        /// Something else, with a note.
        Other = "other",
    }
}

named! {
    /// Why it ended after acceptance.
    End {
        /// Three tries on two days, at least.
        CouldNotContact = "could_not_contact",
        /// The family does not want it.
        FamilyDeclined = "family_declined",
        /// They did not come, again and again.
        NoShowRepeated = "no_show_repeated",
        /// The family moved.
        MovedAway = "moved_away",
        /// The assessment says it does not fit.
        IneligibleAfterAssessment = "ineligible_after_assessment",
        /// The provider lost its capacity.
        ProviderCapacityLost = "provider_capacity_lost",
        /// The provider does no more.
        ProviderDisengaged = "provider_disengaged",
        /// The money ended.
        FundingEnded = "funding_ended",
        /// It became an emergency.
        EscalatedToEmergency = "escalated_to_emergency",
        /// The child came of age or died.
        ChildTurned18OrDied = "child_turned_18_or_died",
        /// The sender asked for it.
        WithdrawalRequested = "withdrawal_requested",
        /// Something else, with a note.
        Other = "other",
    }
}

named! {
    /// Why it rests.
    Hold {
        /// Examinations or holidays.
        ExamsOrHoliday = "exams_or_holiday",
        /// In hospital.
        Hospital = "hospital",
        /// In custody.
        InCustody = "in_custody",
        /// A paper is missing.
        AwaitingDocument = "awaiting_document",
        /// Another service comes first.
        AwaitingOtherService = "awaiting_other_service",
        /// The consent was revoked or lapsed.
        Consent = "consent",
        /// Something else, with a note.
        Other = "other",
    }
}

named! {
    /// What came of it.
    Outcome {
        /// The need is met.
        NeedMet = "need_met",
        /// Met in part.
        NeedPartlyMet = "need_partly_met",
        /// Not met.
        NotMet = "not_met",
        /// The provider sent the family on.
        ReferredOn = "referred_on",
        /// One advice, no more.
        OneOffAdvice = "one_off_advice",
    }
}

named! {
    /// Who says that it is so.
    VerifiedBy {
        /// The child.
        Child = "child",
        /// A guardian.
        Guardian = "guardian",
        /// The school.
        School = "school",
        /// A record.
        Record = "record",
        /// Nobody.
        NotVerified = "not_verified",
    }
}

named! {
    /// How the sender asked.
    Method {
        /// At home.
        HomeVisit = "home_visit",
        /// By telephone.
        Phone = "phone",
        /// At the school.
        SchoolVisit = "school_visit",
        /// On paper.
        Paper = "paper",
    }
}

named! {
    /// What is said to have happened.
    Record {
        /// The family was met or spoken to.
        Contact = "contact",
        /// A service was given.
        Service = "service",
    }
}

named! {
    /// Whether the family is still being helped.
    Engagement {
        /// So it is.
        Engaged = "engaged",
        /// It has stopped, or nobody comes.
        NotEngaged = "not_engaged",
    }
}

named! {
    /// What the provider proposes next.
    NextStep {
        /// Nothing more.
        None = "none",
        /// It goes on.
        Continue = "continue",
        /// Look again later.
        FollowUp = "follow_up",
        /// Somebody else.
        ReferOn = "refer_on",
    }
}
