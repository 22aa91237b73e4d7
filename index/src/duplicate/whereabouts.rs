//! Where something is, as far as a record tells, and how near two are.

use crate::code::DivisionCode;

/// A division of the ministry's list as a number: the code filled up to nine digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Division {
    /// Digits of its code: 2, 4, 6 or 9.
    pub digits: u8,
    value: u32,
}

/// Where something is, as far as it is told: one of these divisions, or not known where empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Whereabouts(pub Vec<Division>);

/// How two whereabouts agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The same township.
    Township,
    /// The same county; the township is not known of both.
    County,
    /// The same county, another township.
    OtherTownship,
    /// Another county of the same prefecture.
    OtherCounty,
    /// Elsewhere.
    OtherPrefecture,
}

impl Division {
    pub(super) fn of(code: &DivisionCode) -> Option<Self> {
        let digits = code.as_str().get(..9).unwrap_or(code.as_str());
        Some(Self { digits: u8::try_from(digits.len()).ok()?, value: format!("{digits:0<9}").parse().ok()? })
    }

    pub(super) fn above(self, digits: u8) -> u32 {
        self.value / 10_u32.pow(9 - u32::from(digits))
    }

    fn within(self, other: Self) -> bool {
        other.digits <= self.digits && self.above(other.digits) == other.above(other.digits)
    }
}

impl Whereabouts {
    pub(super) fn fits(&self, division: Division) -> bool {
        self.0.is_empty() || self.0.iter().any(|known| known.within(division) || division.within(*known))
    }

    pub(super) fn narrow(&mut self, named: &[Division]) {
        if self.0.is_empty() || named.is_empty() {
            self.0.extend(named);
            return;
        }
        let deeper = |known: &Division, named: &Division| {
            if named.within(*known) { Some(*named) } else { known.within(*named).then_some(*known) }
        };
        let mut narrowed: Vec<Division> =
            self.0.iter().flat_map(|known| named.iter().filter_map(move |named| deeper(known, named))).collect();
        narrowed.sort_unstable();
        narrowed.dedup();
        if !narrowed.is_empty() {
            self.0 = narrowed;
        }
    }

    /// Learns what another source says, where it does not contradict.
    pub(super) fn learn(&mut self, other: &Self) {
        self.narrow(&other.0);
    }

    /// The county, where it is one.
    pub(super) fn county(&self) -> Option<u32> {
        let mut counties = self.0.iter().filter(|division| division.digits >= 6).map(|division| division.above(6));
        let first = counties.next()?;
        counties.all(|other| other == first).then_some(first)
    }

    /// The township, where it is one.
    pub(super) fn township(&self) -> Option<u32> {
        match self.0[..] {
            [Division { digits: 9, value }] => Some(value),
            _ => None,
        }
    }

    /// How near two are; none where one is not known well enough to say.
    pub(super) fn nearness(&self, other: &Self) -> Option<Nearness> {
        self.0.iter().flat_map(|a| other.0.iter().filter_map(|b| a.nearness(*b))).min()
    }
}

impl Division {
    fn nearness(self, other: Self) -> Option<Nearness> {
        let shared = self.digits.min(other.digits);
        if shared >= 4 && self.above(4) != other.above(4) || self.above(2) != other.above(2) {
            return Some(Nearness::OtherPrefecture);
        }
        if shared < 6 {
            return None;
        }
        Some(match (self.above(6) == other.above(6), shared) {
            (false, _) => Nearness::OtherCounty,
            (true, 9) if self.value == other.value => Nearness::Township,
            (true, 9) => Nearness::OtherTownship,
            (true, _) => Nearness::County,
        })
    }
}
