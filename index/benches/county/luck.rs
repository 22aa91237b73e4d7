//! Draws as hashes of what they are for, so that every policy meets the same luck.

/// What a draw is for.
#[derive(Debug, Clone, Copy)]
pub enum For {
    Town = 1,
    Organization,
    Service,
    Family,
    Need,
    Posting,
    Answer,
    Accept,
    Start,
    Wait,
    Length,
    Complete,
    Reply,
    Order,
    Random,
    Words,
}

/// A share, 0 to 1, that the key decides.
pub fn share(seed: u64, purpose: For, key: &[u64]) -> f64 {
    let mut state = mix(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose as u64);
    for part in key {
        state = mix(state ^ part.wrapping_mul(0xd134_2543_de82_ef95));
    }
    (state >> 11) as f64 / (1_u64 << 53) as f64
}

fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A stream of draws for one thing.
#[derive(Debug, Clone)]
pub struct Luck {
    seed: u64,
    purpose: For,
    key: u64,
    count: u64,
}

impl Luck {
    pub fn new(seed: u64, purpose: For, key: usize) -> Self {
        Self { seed, purpose, key: key as u64, count: 0 }
    }

    /// A share, 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.count += 1;
        share(self.seed, self.purpose, &[self.key, self.count])
    }

    pub fn chance(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    pub fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.share()
    }

    /// A normal draw, from twelve even ones.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    pub fn below(&mut self, count: usize) -> usize {
        ((self.share() * count as f64) as usize).min(count - 1)
    }

    /// A number by weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (number, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return number;
            }
        }
        weights.len() - 1
    }
}
