//! The roles of a grant.

use serde::{Deserialize, Serialize};

/// What a person is granted; the scope of a grant says where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Role {
    /// 儿童主任, of a village or several.
    ChildDirector,
    /// 社工 of a station.
    Worker,
    /// 站长 / 儿童督导员 of a station.
    Supervisor,
    /// 县区未保中心 / 民政儿童科 of a county or prefecture.
    Coordinator,
    /// 目录管理员 of a county or prefecture.
    Registrar,
    /// 机构联系人 of an organization.
    Provider,
    /// 参会部门联系人 of a body.
    Participant,
    /// 数据管理员 of a subtree.
    DataManager,
    /// 系统管理员 of the installation.
    SystemAdmin,
    /// 审计员 of the installation or a subtree.
    Auditor,
}

impl Role {
    /// Who answers referrals for an organization.
    pub const ANSWERING: &[Self] = &[Self::Provider];
    /// Who reports on what a meeting asked of an organization, and comes to one for it.
    pub const MEETING: &[Self] = &[Self::Worker, Self::Supervisor, Self::Provider, Self::Participant];

    /// All, in the order of the permission table's columns.
    pub const ALL: [Self; 10] = [
        Self::ChildDirector,
        Self::Worker,
        Self::Supervisor,
        Self::Coordinator,
        Self::Registrar,
        Self::Provider,
        Self::Participant,
        Self::DataManager,
        Self::SystemAdmin,
        Self::Auditor,
    ];

    /// The code, as stored and in `locales/` below `role.`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ChildDirector => "child_director",
            Self::Worker => "worker",
            Self::Supervisor => "supervisor",
            Self::Coordinator => "coordinator",
            Self::Registrar => "registrar",
            Self::Provider => "provider",
            Self::Participant => "participant",
            Self::DataManager => "data_manager",
            Self::SystemAdmin => "system_admin",
            Self::Auditor => "auditor",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether one person may hold both: administration, data and audit are three persons' work.
    #[must_use]
    pub fn goes_with(self, other: Self) -> bool {
        let apart = |role: Self| matches!(role, Self::SystemAdmin | Self::DataManager | Self::Auditor);
        self == other || !(apart(self) && apart(other))
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administration_data_and_audit_are_three_persons_work() {
        assert!(!Role::SystemAdmin.goes_with(Role::Auditor));
        assert!(!Role::Auditor.goes_with(Role::DataManager));
        assert!(Role::Worker.goes_with(Role::Registrar));
    }
}
