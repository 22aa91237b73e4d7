//! The actions that are decided upon: the rows of the permission table.

/// Declares the actions with their codes.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What somebody wants to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All, in the order of the table's rows.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code, as in the log and in `locales/` below `permission.`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

actions! {
    /// Search and read the directory.
    SearchDirectory = "search_directory",
    /// Read restricted entries (refuges).
    ReadRestricted = "read_restricted",
    /// Keep lists of services: one's own, and those that the station shares.
    KeepShortlist = "keep_shortlist",
    /// Register or edit an organization, its services and places.
    EditDirectory = "edit_directory",
    /// Suggest a change to an entry.
    SuggestChange = "suggest_change",
    /// Verify, return, suspend, merge organizations; mark do-not-refer.
    VerifyDirectory = "verify_directory",
    /// Confirm that a fact still holds.
    ConfirmFreshness = "confirm_freshness",
    /// Edit taxonomy, everyday words, rules, risk levels.
    EditReference = "edit_reference",
    /// Edit timers and the calendar.
    EditSchedule = "edit_schedule",
    /// File a lead.
    FileLead = "file_lead",
    /// Open a case in a station.
    OpenCase = "open_case",
    /// Write needs, risk, assessment, agreement, report record, plan.
    WriteCase = "write_case",
    /// Record a visit.
    RecordVisit = "record_visit",
    /// Read a case, masked: alias, age band, needs.
    ReadCase = "read_case",
    /// Read a case with identity.
    IdentifyCase = "identify_case",
    /// Approve a plan, close or transfer a case.
    ApproveCase = "approve_case",
    /// Match a case's needs.
    Match = "match",
    /// Draft, send, answer questions, verify a referral.
    Refer = "refer",
    /// Start, extend, stop a dispatch.
    Dispatch = "dispatch",
    /// Hold a place.
    HoldPlace = "hold_place",
    /// Approve a referral.
    ApproveReferral = "approve_referral",
    /// Read a referral's brief, and its packet after acceptance.
    ReadReferral = "read_referral",
    /// Acknowledge, ask, accept, waitlist, decline, appointment, service record, report, end.
    AnswerReferral = "answer_referral",
    /// Withdraw a referral.
    WithdrawReferral = "withdraw_referral",
    /// Reroute.
    RerouteReferral = "reroute_referral",
    /// Expire early, reopen.
    OverrideReferral = "override_referral",
    /// Void a referral entered in error.
    VoidReferral = "void_referral",
    /// Programs, activities, attendance.
    RunProgram = "run_program",
    /// Approve a ticket.
    ApproveTicket = "approve_ticket",
    /// Record or revoke consent.
    RecordConsent = "record_consent",
    /// Call a meeting, set its agenda, decide, sign.
    RunMeeting = "run_meeting",
    /// Read a meeting's pack.
    ReadMeeting = "read_meeting",
    /// Report a meeting's action done.
    ReportAction = "report_action",
    /// Allocate places at a meeting.
    Allocate = "allocate",
    /// Read statistics and the gap map.
    ReadStatistics = "read_statistics",
    /// Export identified data.
    ExportIdentified = "export_identified",
    /// Hand over an account's open work.
    HandOver = "hand_over",
    /// Take lists into the directory.
    ImportDirectory = "import_directory",
    /// Mend rows that were kept aside.
    MendQuarantine = "mend_quarantine",
    /// Import and compare lists of children.
    CompareLists = "compare_lists",
    /// Open a case in an emergency.
    BreakGlass = "break_glass",
    /// Manage accounts and grants.
    ManageAccounts = "manage_accounts",
    /// Backup, restore, keys, doctor.
    OperateStore = "operate_store",
    /// Search and verify the log.
    ReadAudit = "read_audit",
    /// See who saw a case.
    WhoSaw = "who_saw",
    /// List and confirm what is due for erasure.
    ManageRetention = "manage_retention",
}

impl Action {
    /// Whether it needs a second person: nobody approves what they wrote.
    #[must_use]
    pub const fn needs_second_person(self) -> bool {
        matches!(self, Self::ApproveCase | Self::ApproveReferral | Self::VerifyDirectory | Self::ApproveTicket)
    }
}
