//! What is counted, read from the store.

use std::collections::{BTreeMap, BTreeSet};

use lianjie_index::DivisionCode;

use super::super::model::{Over, Period};
use super::super::store::{self, Filed, Given, Named, Registered, Searched, Sent, Tally};
use crate::app::App;
use crate::case::guardianship::store as guardianship;
use crate::case::store::Within;
use crate::error::Result;
use crate::store::Connection;

/// Everything that is counted, read once.
pub struct Read {
    pub sent: Vec<Sent>,
    pub needs: Vec<Tally>,
    pub filed: Vec<Filed>,
    pub stations: usize,
    pub providers: usize,
    pub programs: usize,
    pub given: Vec<Given>,
    /// Fen by purpose.
    pub paid: Vec<(String, i64)>,
    pub visits: usize,
    pub actions: Vec<Named>,
    pub attendance: (u32, u32, u32),
    pub duties: Option<guardianship::Duties>,
    pub timers: Vec<crate::referral::model::Row>,
    pub before: Vec<crate::referral::model::Before>,
    pub searched: Vec<Searched>,
    /// Names of the organizations that declined something.
    pub names: BTreeMap<String, String>,
    /// Names of the services that were asked, by where they are offered.
    pub services: BTreeMap<String, String>,
}

impl Read {
    /// What nobody offers: kind of need, county, how many.
    pub fn gaps(&self) -> impl Iterator<Item = (&str, &DivisionCode, usize)> {
        self.needs.iter().filter_map(|need| need.gap.as_ref().map(|(term, county)| (term.as_str(), county, need.count)))
    }
}

/// Whose cases figures are over; none over an organization that serves.
pub fn within(over: &Over) -> Option<Within> {
    match over {
        Over::Station(id) => Some(Within::Station(id.clone())),
        Over::Division(code) => Some(Within::Division(code.clone())),
        Over::Provider(_) => None,
    }
}

pub async fn read(app: &App, db: &mut Connection, over: &Over, period: Period) -> Result<Read> {
    let duties = match within(over) {
        Some(within) => Some(guardianship::duties(db, &within, app.today()).await?),
        None => None,
    };
    let sent = store::sent(db, over, period).await?;
    let declined: BTreeSet<&str> = sent.iter().filter(|sent| sent.declined.is_some()).map(|sent| sent.provider.as_str()).collect();
    let names = store::names(db, &declined.into_iter().collect::<Vec<_>>()).await?;
    // All that a service was sent is what its refusals are a share of, wherever it is given.
    let sites: BTreeSet<&str> = sent.iter().map(|sent| sent.site.as_str()).collect();
    let services = store::services(db, &sites.into_iter().collect::<Vec<_>>()).await?;
    Ok(Read {
        sent,
        names,
        services,
        needs: store::tallied(db, over, period).await?,
        filed: store::filed(db, over, period).await?,
        stations: store::count_registered(db, over, period, Registered::Stations).await?,
        providers: store::count_registered(db, over, period, Registered::Providers).await?,
        programs: store::count_registered(db, over, period, Registered::Programs).await?,
        given: store::given(db, over, period).await?,
        paid: store::paid(db, over, period).await?,
        visits: store::visited(db, over, period).await?,
        actions: store::actions_due(db, over, period).await?,
        attendance: store::attendance(db, over, period).await?,
        searched: store::searched(db, over, period).await?,
        timers: crate::referral::store::timers(db).await?,
        before: crate::referral::store::timers_before(db).await?,
        duties,
    })
}
