//! Three stations and ten organizations over ninety days: silence, refusals, double answers, processes that die in the middle.
//! Whatever happens, no live referral is ever without an owner and a due time, and nobody is forgotten in a line.
//!
//! `LIANJIE_SEEDS=1000 cargo test --test tests simulation` runs as many worlds as one likes; fifty run always, ten on PostgreSQL.

#![expect(clippy::large_futures, reason = "a world is one future, and lives on the stack of its test")]

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use jiff::SignedDuration;
use lianjie::access::{Actor, Role};
use lianjie::error::Error;
use lianjie::id::{CaseId, NeedId, ReferralId};
use lianjie::referral::dispatch::{Mode, NewDispatch, start};
use lianjie::referral::model::{Action, Channel};
use lianjie::referral::{Deed, act, sweep};
use lianjie::secret::Hidden;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::TestApp;
use crate::support::referrals::{Provider, TOWNSHIP, organization};

const DAYS: u32 = 90;
const TERM: &str = "EDU-04";

struct Station {
    worker: Actor,
    head: Actor,
    cases: Vec<CaseId>,
    needs: Vec<NeedId>,
}

struct World {
    test: TestApp,
    random: ChaCha8Rng,
    stations: Vec<Station>,
    providers: Vec<Provider>,
    /// Acts that were done, refused, and cut off in the middle.
    done: usize,
    refused: usize,
    cut: usize,
}

/// Polls a future so many times, then drops it: as if the process died there.
async fn cut_off<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

impl World {
    async fn new(seed: u64) -> Self {
        let test = TestApp::start_at("2026-01-05T09:00:00+08:00").await;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut stations = Vec::new();
        for nth in 0..3 {
            let at = test.app.now();
            let station = organization("未保工作站", &format!("第{nth}站"), TOWNSHIP, lianjie_index::entry::Level::Workers, at);
            let mut tx = test.app.begin().await.unwrap();
            lianjie::organization::store::insert(&mut tx, &station, at).await.unwrap();
            tx.commit(at).await.unwrap();
            let worker = test.hand(&format!("worker{nth}"), Role::Worker, &station.id).await;
            let head = test.hand(&format!("head{nth}"), Role::Supervisor, &station.id).await;
            let (mut cases, mut needs) = (Vec::new(), Vec::new());
            for _ in 0..3 {
                let case = test.case_of_number(&station.id, &worker.id, nth * 10 + cases.len()).await;
                needs.push(test.need(&case, TERM, random.random_range(1..=4), false).await);
                cases.push(case);
            }
            stations.push(Station { worker, head, cases, needs });
        }
        let mut providers = Vec::new();
        for nth in 0..10 {
            let capacity = if random.random_bool(0.5) { Some(random.random_range(0..=3)) } else { None };
            // Every third lies in another county: there the station head has to let it out.
            let place = if nth % 3 == 2 { "320104002" } else { TOWNSHIP };
            providers.push(test.offering(&format!("provider{nth}"), "社工机构", place, TERM, capacity).await);
        }
        Self { test, random, stations, providers, done: 0, refused: 0, cut: 0 }
    }

    fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    /// Does something, sometimes twice at once, sometimes cut off in the middle.
    async fn try_it(&mut self, actor: &Actor, id: &ReferralId, action: Action, deed: &Deed) {
        let twice = self.chance(0.1);
        let polls = if self.chance(0.15) { self.random.random_range(1..60) } else { usize::MAX };
        let app = &self.test.app;
        let one = act(app, actor, id, action, deed, Channel::Page, None);
        let answers = if twice {
            let (one, other) = tokio::join!(one, act(app, actor, id, action, deed, Channel::Page, None));
            vec![Some(one), Some(other)]
        } else {
            vec![cut_off(polls, one).await]
        };
        for answer in answers {
            match answer {
                Some(Ok(_)) => self.done += 1,
                Some(Err(Error::Conflict { .. } | Error::Transition(_) | Error::Forbidden { .. } | Error::Invalid(_))) => self.refused += 1,
                Some(Err(error)) => panic!("{} of {id}: {error}", action.name()),
                None => self.cut += 1,
            }
        }
    }

    async fn dispatch(&mut self, station: usize, need: usize) {
        let mode = [Mode::Single, Mode::Cascade, Mode::Parallel][self.random.random_range(0..3)];
        let count = if mode == Mode::Single { 1 } else { self.random.random_range(2..=3) };
        let first = self.random.random_range(0..self.providers.len());
        let sites = (0..count).map(|nth| self.providers[(first + nth * 3) % self.providers.len()].site.clone()).collect();
        let new = NewDispatch {
            need: self.stations[station].needs[need].clone(),
            mode,
            sites,
            purpose: lianjie::consent::model::Purpose::Serve,
            items: Vec::new(),
            time_windows: String::new(),
            safety_notes: String::new(),
            mobility: String::new(),
            share_sex: false,
            follows: None,
        };
        let polls = if self.chance(0.1) { self.random.random_range(1..80) } else { usize::MAX };
        let worker = self.stations[station].worker.clone();
        match cut_off(polls, start(&self.test.app, &worker, &new, Channel::Page, None)).await {
            Some(Ok(_)) => self.done += 1,
            Some(Err(Error::Conflict { .. } | Error::Invalid(_) | Error::Transition(_))) => self.refused += 1,
            Some(Err(error)) => panic!("a dispatch: {error}"),
            None => self.cut += 1,
        }
    }

    /// The referrals that are not over: id, state, station.
    async fn live(&self) -> Vec<(ReferralId, String, usize)> {
        let mut db = self.test.app.store.read().await.unwrap();
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT r.id, r.state, c.worker_id FROM referral r JOIN \"case\" c ON c.id = r.case_id
             WHERE r.state IN ('pending_approval', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported') ORDER BY r.id",
        )
        .fetch_all(&mut *db)
        .await
        .unwrap();
        let station = |worker: &str| self.stations.iter().position(|station| station.worker.id.as_str() == worker).unwrap();
        rows.into_iter().map(|(id, state, worker)| (ReferralId::parse(&id).unwrap(), state, station(&worker))).collect()
    }

    /// What the provider says on the phone, or what the station does, if anything today.
    async fn answer(&mut self, id: &ReferralId, state: &str, station: usize) {
        let call = || Deed {
            spoke_with: "李老师".into(),
            spoke_at: self.test.app.now().to_zoned_datetime(lianjie::clock::zone()).strftime("%Y-%m-%d %H:%M").to_string(),
            ..Deed::default()
        };
        let (worker, head) = (self.stations[station].worker.clone(), self.stations[station].head.clone());
        let lot: u32 = self.random.random_range(0..100);
        let later = self.test.app.today().saturating_add(jiff::ToSpan::days(10)).to_string();
        let (actor, action, deed) = match (state, lot) {
            ("pending_approval", 0..60) => (head, Action::Approve, Deed::default()),
            ("pending_approval", 60..70) => (head, Action::Return, Deed { note: Hidden::new("再写清楚"), ..Deed::default() }),
            ("sent", 0..20) => (worker, Action::Acknowledge, call()),
            ("sent" | "acknowledged", 20..40) => (worker, Action::Accept, call()),
            ("sent" | "acknowledged", 40..55) => (worker, Action::Decline, Deed { reason: "no_capacity".into(), ..call() }),
            ("sent" | "acknowledged", 55..60) => (worker, Action::Waitlist, Deed { expected_day: later, ..call() }),
            ("sent" | "acknowledged", 60..65) => (worker, Action::Ask, Deed { note: Hidden::new("周末能来吗"), ..call() }),
            ("sent" | "acknowledged", 65..68) => {
                (worker, Action::Withdraw, Deed { reason: "no_response_rerouted".into(), ..Deed::default() })
            }
            ("needs_info", 0..50) => (worker, Action::Answer, Deed { note: Hidden::new("可以"), ..Deed::default() }),
            ("waitlisted", 0..15) => (worker, Action::Accept, call()),
            ("waitlisted", 15..20) => (worker, Action::Decline, Deed { reason: "waitlist_closed".into(), ..call() }),
            ("accepted", 0..40) => {
                (worker, Action::Serve, Deed { record: "service".into(), day: self.test.app.today().to_string(), ..Deed::default() })
            }
            ("accepted", 40..46) => (worker, Action::Decline, Deed { reason: "no_capacity".into(), ..call() }),
            ("accepted" | "in_service", 46..50) => (worker, Action::End, Deed { reason: "family_declined".into(), ..Deed::default() }),
            ("in_service", 0..20) => (worker, Action::Report, Deed { outcome: "need_met".into(), next_step: "none".into(), ..call() }),
            ("reported", 0..40) => {
                let outcome = if lot.is_multiple_of(4) { "not_met" } else { "need_met" };
                (
                    worker,
                    Action::Close,
                    Deed { outcome: outcome.into(), verified_by: "guardian".into(), method: "phone".into(), ..Deed::default() },
                )
            }
            ("reported", 40..50) => (worker, Action::Dispute, Deed { note: Hidden::new("家里说没来过"), ..Deed::default() }),
            _ => return,
        };
        self.try_it(&actor, id, action, &deed).await;
    }

    async fn day(&mut self) {
        self.test.pass(SignedDuration::from_hours(self.random.random_range(20..=28)));
        for (id, state, station) in self.live().await {
            self.answer(&id, &state, station).await;
        }
        for station in 0..self.stations.len() {
            if self.chance(0.15) {
                let (tier, nth) = (self.random.random_range(1..=4), self.random.random_range(0..3));
                let case = self.stations[station].cases[nth].clone();
                let need = self.test.need(&case, TERM, tier, false).await;
                self.stations[station].needs.push(need);
            }
            for need in 0..self.stations[station].needs.len() {
                let state = self.test.need_state(&self.stations[station].needs[need]).await.state;
                if state == lianjie::case::model::Outcome::Open && self.chance(0.4) {
                    self.dispatch(station, need).await;
                }
            }
        }
        // A sweep that dies is followed by one that does not; its lease runs out.
        if self.chance(0.1) {
            let polls = self.random.random_range(1..200);
            let _ = cut_off(polls, sweep(&self.test.app)).await;
            self.test.pass(SignedDuration::from_mins(6));
        }
        let swept = sweep(&self.test.app).await.unwrap().expect("nobody else sweeps");
        assert_eq!(swept.failed, 0, "every step of the ladder goes through");
        self.holds().await;
    }

    /// What always holds.
    async fn holds(&self) {
        for (what, query) in [
            (
                "a live referral without owner or due time",
                "SELECT id FROM referral WHERE state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted',
                    'accepted', 'in_service', 'reported') AND (owner_id IS NULL OR due_at IS NULL)",
            ),
            (
                "two acceptances of one need",
                "SELECT need_id AS id FROM referral WHERE state IN ('accepted', 'in_service', 'reported') GROUP BY need_id HAVING COUNT(*) > 1",
            ),
            (
                "somebody forgotten in a line",
                "SELECT q.id FROM referral q WHERE q.state = 'queued' AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.need_id = q.need_id
                    AND r.state IN ('sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported', 'pending_approval'))",
            ),
            (
                "a need that says it is asked for, and nobody is",
                "SELECT n.id FROM need n WHERE n.state IN ('in_dispatch', 'being_served') AND NOT EXISTS (SELECT 1 FROM referral r
                    WHERE r.need_id = n.id AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted',
                    'accepted', 'in_service', 'reported'))",
            ),
            (
                "places that do not add up",
                "SELECT p.id FROM place p WHERE p.used <> (SELECT COUNT(*) FROM reservation v WHERE v.place_id = p.id AND v.kind = 'used' AND v.released_at IS NULL)",
            ),
            (
                "a time of a referral that its events do not say",
                "SELECT r.id FROM referral r WHERE
                    COALESCE(r.answered_at, '') <> COALESCE((SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind IN ('accept', 'decline', 'waitlist', 'ask')), '')
                    OR COALESCE(r.accepted_at, '') <> COALESCE((SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'accept'), '')
                    OR COALESCE(r.served_at, '') <> COALESCE((SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'serve'), '')
                    OR COALESCE(r.started_at, '') <> COALESCE((SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'serve' AND e.facts LIKE '%\"record\":\"service\"%'), '')
                    OR COALESCE(r.reported_at, '') <> COALESCE((SELECT MAX(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'report'), '')
                    OR COALESCE(r.closed_at, '') <> COALESCE((SELECT MAX(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'close'), '')
                    OR COALESCE(r.declined, '') <> COALESCE((SELECT e.reason FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'decline' ORDER BY e.number DESC LIMIT 1), '')",
            ),
            (
                "a dispatch that says it runs, and nobody of it is live",
                "SELECT d.id FROM dispatch d WHERE d.state = 'running' AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.dispatch_id = d.id
                    AND r.state IN ('draft', 'pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported'))",
            ),
        ] {
            let found = self.test.everything(query).await;
            assert!(found.is_empty(), "{what}: {found}");
        }
    }
}

async fn live_through(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mut world = World::new(seed).await;
        for _ in 0..DAYS {
            world.day().await;
        }
        assert!(world.done > 150 && world.cut >= 3, "seed {seed}: {} done, {} refused, {} cut off", world.done, world.refused, world.cut);
    }
}

/// How many worlds each of the five tests lives through.
fn share() -> u64 {
    // On PostgreSQL, where every world makes a database, fewer will do: the loop is the same.
    let usual: u64 = if std::env::var_os("LIANJIE_TEST_DATABASE").is_some() { 10 } else { 50 };
    std::env::var("LIANJIE_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual).div_ceil(5)
}

macro_rules! worlds {
    ($($name:ident = $nth:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            live_through($nth * share()..($nth + 1) * share()).await;
        }
    )*};
}

worlds! {
    no_referral_is_lost_in_the_first_worlds = 0;
    no_referral_is_lost_in_the_second_worlds = 1;
    no_referral_is_lost_in_the_third_worlds = 2;
    no_referral_is_lost_in_the_fourth_worlds = 3;
    no_referral_is_lost_in_the_fifth_worlds = 4;
}
