//! What a year came to.

use lianjie_index::policy::protocol::Outcome;

use super::world::{FOLLOWED, World};

/// Counts of one year.
#[derive(Debug, Clone)]
pub struct Score {
    started: Vec<Option<i64>>,
    completed: Vec<bool>,
    sent: Vec<u32>,
    first_started: Vec<bool>,
    breaks: u32,
    pub asked: u32,
}

/// The figures of the table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub completed: f64,
    pub wait: f64,
    pub first_starts: f64,
    pub urgent: f64,
    pub referrals: f64,
    pub breaks: f64,
    pub asked: f64,
}

impl Score {
    pub fn new(needs: usize) -> Self {
        Self {
            started: vec![None; needs],
            completed: vec![false; needs],
            sent: vec![0; needs],
            first_started: vec![false; needs],
            breaks: 0,
            asked: 0,
        }
    }

    pub fn sent(&mut self, need: usize, breaks: bool) {
        self.sent[need] += 1;
        self.breaks += u32::from(breaks);
    }

    pub fn started(&mut self, need: usize, week: i64, arrived: i64) {
        self.first_started[need] |= self.sent[need] == 1;
        if week - arrived <= FOLLOWED {
            self.started[need].get_or_insert(week - arrived);
        }
    }

    pub fn ended(&mut self, need: usize, outcome: Outcome, week: i64, arrived: i64) {
        self.completed[need] |= outcome == Outcome::Completed && week - arrived <= FOLLOWED;
    }

    /// The figures; a need that never starts counts as waiting all its weeks.
    pub fn figures(&self, world: &World) -> Figures {
        let count = self.sent.len() as f64;
        let completed = self.completed.iter().filter(|done| **done).count() as f64;
        let waited: i64 = self.started.iter().map(|started| started.unwrap_or(FOLLOWED)).sum();
        let urgent: Vec<usize> = (0..self.sent.len()).filter(|need| world.needs[*need].told.tier == 1).collect();
        let soon = urgent.iter().filter(|need| self.started[**need].is_some_and(|weeks| weeks <= 2)).count();
        let sent = f64::from(self.sent.iter().sum::<u32>());
        Figures {
            completed: completed / count,
            wait: waited as f64 / count,
            first_starts: self.first_started.iter().filter(|first| **first).count() as f64 / count,
            urgent: soon as f64 / urgent.len().max(1) as f64,
            referrals: sent / completed.max(1.0),
            breaks: f64::from(self.breaks) / sent.max(1.0),
            asked: f64::from(self.asked) / count,
        }
    }
}

impl Figures {
    /// The mean of several years.
    pub fn mean(years: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| years.iter().map(figure).sum::<f64>() / years.len().max(1) as f64;
        Self {
            completed: of(|year| year.completed),
            wait: of(|year| year.wait),
            first_starts: of(|year| year.first_starts),
            urgent: of(|year| year.urgent),
            referrals: of(|year| year.referrals),
            breaks: of(|year| year.breaks),
            asked: of(|year| year.asked),
        }
    }
}
