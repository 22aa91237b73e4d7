//! How long a search may go on: counted in steps, not by the clock, so that the same instance has
//! the same answer on every machine.

/// What a search may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Steps of the search; a million take about half a second.
    pub steps: u64,
}

impl Default for Guard {
    fn default() -> Self {
        Self { steps: 2_000_000 }
    }
}

/// Steps taken under a guard.
#[derive(Debug, Clone)]
pub(super) struct Count {
    guard: Guard,
    pub(super) steps: u64,
}

impl Count {
    pub(super) fn new(guard: Guard) -> Self {
        Self { guard, steps: 0 }
    }

    /// Counts one step; false once there are too many.
    pub(super) fn step(&mut self) -> bool {
        self.add(1)
    }

    /// Counts several steps at once; false once there are too many.
    pub(super) fn add(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_add(steps);
        self.within()
    }

    /// Whether there are not too many yet.
    pub(super) fn within(&self) -> bool {
        self.steps <= self.guard.steps
    }
}
