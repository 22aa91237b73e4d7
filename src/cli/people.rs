//! `user` and `audit`.

use std::process::ExitCode;

use clap::Subcommand;
use rust_i18n::t;

use super::print;
use super::settings::Options;
use crate::access::{Actor, Role, Scope};
use crate::account::{self, NewAccount, random_password};
use crate::audit;
use crate::id::OrganizationId;
use crate::secret::Hidden;

/// What to do with an account.
#[derive(Subcommand)]
pub enum User {
    /// Makes an account with a random first password, which is printed once and must be changed
    Add {
        /// Login: small letters, digits, . - _
        login: String,
        /// Display name
        #[arg(long)]
        name: String,
        /// Role
        #[arg(long)]
        role: Role,
        /// Scope: a division or village code, an organization id, or *
        #[arg(long)]
        scope: String,
    },
    /// Sets a new random password, which is printed once and must be changed
    Password {
        /// Login
        login: String,
    },
    /// Grants a role from today
    Grant {
        /// Login
        login: String,
        /// Role
        role: Role,
        /// Scope
        scope: String,
    },
    /// Ends every grant of a role
    Revoke {
        /// Login
        login: String,
        /// Role
        role: Role,
    },
    /// Lists accounts
    List,
}

/// Manages accounts; whoever can run this command on the machine is the installation's operator.
pub async fn user(options: Options, deed: User) -> anyhow::Result<()> {
    let operator = Actor::system();
    match deed {
        User::Add { login, name, role, scope } => {
            let scope = read_scope(&scope)?;
            let organization = organization_of(&scope);
            let password = random_password();
            let new = NewAccount {
                login: login.clone(),
                name,
                organization,
                password: Hidden::new(password.clone()),
                must_change: true,
                grants: vec![(role, scope)],
            };
            account::create(&options.writing().await?, &operator, new).await.map_err(|error| options.worded(error))?;
            print::line(format!("{login} {password}"))
        }
        User::Password { login } => {
            let password = random_password();
            account::set_password(&options.writing().await?, &operator, &login, &Hidden::new(password.clone()), true)
                .await
                .map_err(|error| options.worded(error))?;
            print::line(format!("{login} {password}"))
        }
        User::Grant { login, role, scope } => {
            let scope = read_scope(&scope)?;
            account::grant(&options.writing().await?, &operator, &login, role, scope).await.map_err(|error| options.worded(error))?;
            print::line(format!("{login} {role}"))
        }
        User::Revoke { login, role } => {
            account::revoke(&options.writing().await?, &operator, &login, role).await.map_err(|error| options.worded(error))?;
            print::line(format!("{login} -{role}"))
        }
        User::List => {
            let app = options.reading_store().await?;
            let mut db = app.store.read().await?;
            for account in account::store::all(&mut db).await? {
                let grants = account::store::grants(&mut db, &account.id, app.today()).await?;
                let roles: Vec<_> = grants.iter().map(|grant| format!("{}@{}", grant.role, grant.scope)).collect();
                print::line(format!("{}\t{}\t{}", account.login, account.name, roles.join(" ")))?;
            }
            Ok(())
        }
    }
}

fn read_scope(text: &str) -> anyhow::Result<Scope> {
    Scope::parse(text).ok_or_else(|| {
        anyhow::anyhow!("\"{text}\" is no scope; write a division code, a village code of 12 digits, an organization id, or *")
    })
}

fn organization_of(scope: &Scope) -> Option<OrganizationId> {
    match scope {
        Scope::Organization(id) => Some(id.clone()),
        _ => None,
    }
}

/// What to do with the log.
#[derive(Subcommand)]
pub enum Audit {
    /// Compares every event with its digest; begins small: no signed checkpoints yet, the root digest is printed to be kept elsewhere
    Verify {
        /// The root printed earlier, with the number of events it covered: NUMBER:ROOT
        #[arg(long, value_name = "NUMBER:ROOT")]
        since: Option<String>,
    },
    /// Who saw or changed one thing
    WhoSaw {
        /// Table name, such as case
        thing: String,
        /// Id
        id: String,
    },
}

/// Reads or verifies the log.
pub async fn audit(options: Options, deed: Audit) -> anyhow::Result<ExitCode> {
    let app = options.reading_store().await?;
    let mut db = app.store.read().await?;
    match deed {
        Audit::Verify { since } => {
            let since = since.as_deref().map(read_since).transpose()?;
            let verdict = audit::verify(&mut db, since.as_ref().map(|(events, root)| (*events, root.as_str()))).await?;
            if options.json {
                print::json(&verdict)?;
            } else {
                let state = if verdict.holds() {
                    t!("audit.holds", locale = options.language.tag())
                } else {
                    t!("audit.broken", locale = options.language.tag())
                };
                print::line(format!("{state}\n{}:{}", verdict.events, verdict.root))?;
                for id in &verdict.changed {
                    print::line(format!("! {id}"))?;
                }
            }
            Ok(if verdict.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        Audit::WhoSaw { thing, id } => {
            let events = audit::who_saw(&mut db, &thing, &id).await?;
            if options.json {
                print::json(&events)?;
            } else {
                for event in events {
                    print::line(format!(
                        "{}\t{}\t{}\t{}\t{}",
                        event.at,
                        event.actor,
                        event.role,
                        event.action,
                        event.purpose.unwrap_or_default()
                    ))?;
                }
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn read_since(text: &str) -> anyhow::Result<(u64, String)> {
    let (events, root) = text.split_once(':').ok_or_else(|| anyhow::anyhow!("write --since NUMBER:ROOT as `audit verify` printed it"))?;
    Ok((events.parse()?, root.to_owned()))
}
