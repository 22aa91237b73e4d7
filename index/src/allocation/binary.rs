//! An instance of a whole province as little-endian numbers of 32 bits.
//!
//! `0x4C4A4131, n, s, nnz`, then `ptr[n+1]`, `svc[nnz]`, `u[nnz]`, `tier[n]`, `group[n]`, `cap[s]`.
//! The group is the county, or the town where there is one county; weights are 8, 4, 2, 1. What the
//! header promises is compared with the length of the file before anything is set aside for it.

use std::io::{ErrorKind, Read, Write};

use super::{
    fault::Fault,
    instance::{Candidates, Instance, NONE, Needs, Services, WEIGHTS},
    label::{Id, Labels},
};

/// What every binary instance begins with: "LJA1".
pub const MAGIC: u32 = 0x4C4A_4131;
/// How many numbers are read at once.
const CHUNK: usize = 1 << 14;

impl Instance {
    /// Reads a binary instance; `length` is that of the file in bytes, where it is known.
    ///
    /// # Errors
    /// [`Fault`] says what is wrong with the file or the instance.
    pub fn from_binary(from: impl Read, length: Option<u64>) -> Result<Self, Fault> {
        let mut numbers = Numbers { from, known: length.is_some() };
        let plain = |_: usize, number: u32| Ok(number);
        let header = numbers.list(4, "header", plain)?;
        let [magic, needs, services, pairs] = header[..] else { return Err(Fault::Short("header")) };
        if magic != MAGIC {
            return Err(Fault::Magic(magic));
        }
        if let Some(length) = length {
            let (n, s, nnz) = (u64::from(needs), u64::from(services), u64::from(pairs));
            let promised = 4 * (5 + 3 * n + 2 * nnz + s);
            if length != promised {
                return Err(if length < promised { Fault::Short("what its header promises") } else { Fault::Long });
            }
        }

        let (n, nnz) = (needs as usize, pairs as usize);
        let ptr = numbers.list(n + 1, "ptr", plain)?;
        let svc = numbers.list(nnz, "svc", plain)?;
        let u = numbers.list(nnz, "u", |pair, utility| {
            u16::try_from(utility).map_err(|_| Fault::Utility { need: need_of(&ptr, pair), utility: utility.into() })
        })?;
        let tier = numbers.list(n, "tier", |need, tier| u8::try_from(tier).map_err(|_| Fault::Tier { need, tier: tier.into() }))?;
        let group: Labels = numbers.list(n, "group", |_, group| Ok(Id::Number(group.into())))?.into_iter().collect();
        let cap = numbers.list(services as usize, "cap", plain)?;
        numbers.end()?;

        let (one, place) = (Labels::same(n), Labels::same(cap.len()));
        let needs = Needs { child: Labels::own(n), county: group.clone(), town: group, category: one, tier };
        let services = Services { town: place.clone(), category: place, org: vec![NONE; cap.len()], cap, org_cap: Vec::new() };
        Self::new(needs, services, Candidates { ptr, svc, u }, WEIGHTS)
    }

    /// Writes the instance in the binary format, which knows neither organisations nor weights, and
    /// groups by number: those whose names are numbers keep them, others are counted.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn to_binary(&self, mut to: impl Write) -> std::io::Result<()> {
        let Candidates { ptr, svc, u } = self.candidates();
        let (needs, services) = (self.needs(), self.services());
        let header = [needs.tier.len(), services.cap.len(), svc.len()].map(super::lists::index);
        let numbers = std::iter::once(MAGIC).chain(header).chain(ptr.iter().copied()).chain(svc.iter().copied());
        let numbers = numbers.chain(u.iter().map(|&u| u.into())).chain(needs.tier.iter().map(|&tier| tier.into()));
        for number in numbers.chain(group_numbers(self.places_of_life())).chain(services.cap.iter().copied()) {
            to.write_all(&number.to_le_bytes())?;
        }
        to.flush()
    }
}

fn group_numbers(groups: &Labels) -> impl Iterator<Item = u32> {
    let number = |name: &Id| match name {
        Id::Number(number) => u32::try_from(*number).ok(),
        Id::Text(_) => None,
    };
    let names: Option<Vec<u32>> = groups.names.iter().map(number).collect();
    groups.of.iter().map(move |&group| names.as_ref().map_or(group, |names| names[group as usize]))
}

fn need_of(ptr: &[u32], pair: usize) -> usize {
    ptr.partition_point(|&begin| begin as usize <= pair).saturating_sub(1)
}

/// Numbers one list after the other.
struct Numbers<R> {
    from: R,
    /// Whether the length of the file bears the header out, so that lists may be set aside whole.
    known: bool,
}

impl<R: Read> Numbers<R> {
    /// Reads so many numbers, each made into what it stands for; the position comes first.
    fn list<T>(&mut self, count: usize, name: &'static str, read: impl Fn(usize, u32) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        let mut list = Vec::with_capacity(if self.known { count } else { count.min(CHUNK) });
        let mut bytes = vec![0; 4 * CHUNK];
        while list.len() < count {
            let chunk = &mut bytes[..4 * CHUNK.min(count - list.len())];
            self.from.read_exact(chunk).map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => Fault::Short(name),
                _ => Fault::Read(error),
            })?;
            for number in chunk.as_chunks().0 {
                list.push(read(list.len(), u32::from_le_bytes(*number))?);
            }
        }
        Ok(list)
    }

    /// Nothing may follow.
    fn end(&mut self) -> Result<(), Fault> {
        match self.from.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(Fault::Long),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: [u32; 16] = [MAGIC, 2, 1, 2, 0, 1, 2, 0, 0, 700, 300, 1, 4, 32, 33, 1];

    fn read(numbers: &[u32], known: bool) -> Result<Instance, Fault> {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        Instance::from_binary(bytes.as_slice(), known.then_some(bytes.len() as u64))
    }

    #[test]
    fn what_is_written_is_read_again() {
        for known in [true, false] {
            let instance = read(&SMALL, known).unwrap();
            let mut bytes = Vec::new();
            instance.to_binary(&mut bytes).unwrap();
            assert_eq!(Instance::from_binary(bytes.as_slice(), None).unwrap(), instance);
            assert_eq!(instance.places_of_life().names, [Id::Number(32), Id::Number(33)]);
        }
    }

    #[test]
    fn a_file_that_is_cut_or_goes_on_is_refused() {
        for known in [true, false] {
            for length in 0..SMALL.len() {
                assert!(matches!(read(&SMALL[..length], known), Err(Fault::Short(_))), "{length}");
            }
            let longer = [&SMALL[..], &[0]].concat();
            assert!(matches!(read(&longer, known), Err(Fault::Long)));
        }
    }

    #[test]
    fn a_header_that_promises_the_world_sets_nothing_aside() {
        for known in [true, false] {
            assert!(matches!(read(&[MAGIC, u32::MAX, u32::MAX, u32::MAX], known), Err(Fault::Short(_))));
        }
    }

    #[test]
    fn another_file_is_refused() {
        assert_eq!(read(&[1, 0, 0, 0], true).unwrap_err().to_string(), "not a binary instance: it begins with 0x00000001, not 0x4c4a4131");
        let mut tall = SMALL;
        tall[9] = 70_000;
        assert_eq!(read(&tall, true).unwrap_err().to_string(), "need 0 has a utility of 70000; utilities are 1 to 1000");
    }
}
