//! The file system within old files of Office (MS-CFB), as far as one stream is wanted out of it.
//!
//! Chains of sectors are followed no further than the file has sectors, so that one that bites its tail ends.

/// Largest number of a sector; what is above marks ends and holes.
const LAST: u32 = 0xffff_fffa;
/// A stream below this size lies in small sectors.
const SMALL: usize = 4_096;

struct Compound<'a> {
    bytes: &'a [u8],
    size: usize,
    next: Vec<u32>,
}

/// The first stream of that name, whatever its case; none where the file has none or is broken.
#[must_use]
pub fn stream(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    let size = match short(bytes, 30)? {
        9 => 512,
        12 => 4_096,
        _ => return None,
    };
    let mut file = Compound { bytes, size, next: Vec::new() };
    file.next = file.table()?;
    let directory = file.chain(long(bytes, 48)?, usize::MAX)?;
    let entries: Vec<Entry> = directory.as_chunks::<128>().0.iter().filter_map(|entry| Entry::of(entry)).collect();
    let found = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
    if found.length >= SMALL {
        return file.chain(found.start, found.length);
    }
    let root = entries.first()?;
    let small = file.chain(root.start, root.length)?;
    let next: Vec<u32> =
        file.chain(long(bytes, 60)?, usize::MAX)?.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
    let sector = |number: usize| small.get(number * 64..).filter(|rest| !rest.is_empty()).map(|rest| &rest[..rest.len().min(64)]);
    follow(found.start, found.length, &next, small.len() / 64 + 1, sector)
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl Entry {
    fn of(entry: &[u8]) -> Option<Self> {
        let units = entry.get(..64)?.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).take_while(|unit| *unit != 0);
        let name = char::decode_utf16(units).map(|letter| letter.unwrap_or('?')).collect();
        Some(Self { name, start: long(entry, 116)?, length: usize::try_from(long(entry, 120)?).ok()? })
    }
}

impl Compound<'_> {
    fn sector(&self, number: usize) -> Option<&[u8]> {
        let rest = self.bytes.get(number.checked_add(1)?.checked_mul(self.size)?..)?;
        (!rest.is_empty()).then(|| &rest[..rest.len().min(self.size)])
    }

    /// Which sector comes after which: the sectors that say so are named in the head, and in a chain of their own.
    fn table(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.size + 1;
        let mut named: Vec<u32> = (0..109).filter_map(|index| long(self.bytes, 76 + index * 4)).collect();
        let mut more = long(self.bytes, 68)?;
        for _ in 0..most {
            if more >= LAST {
                break;
            }
            let sector = self.sector(usize::try_from(more).ok()?)?;
            let numbers = sector.as_chunks::<4>().0;
            let (last, numbers) = numbers.split_last()?;
            named.extend(numbers.iter().map(|four| u32::from_le_bytes(*four)));
            more = u32::from_le_bytes(*last);
        }
        let mut next = Vec::new();
        for number in named.into_iter().filter(|number| *number < LAST).take(most) {
            let sector = self.sector(usize::try_from(number).ok()?)?;
            next.extend(sector.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)));
        }
        Some(next)
    }

    fn chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        follow(first, length, &self.next, self.bytes.len() / self.size + 1, |number| self.sector(number))
    }
}

/// Sectors one after the other; none where there are more of them than there can be.
fn follow<'a>(first: u32, length: usize, next: &[u32], most: usize, sector: impl Fn(usize) -> Option<&'a [u8]>) -> Option<Vec<u8>> {
    let mut chain = Vec::new();
    let mut number = first;
    let mut left = most;
    while number < LAST && chain.len() < length {
        left = left.checked_sub(1)?;
        let index = usize::try_from(number).ok()?;
        chain.extend_from_slice(sector(index)?);
        number = *next.get(index)?;
    }
    chain.truncate(length);
    Some(chain)
}

/// Two bytes as a number.
#[must_use]
pub fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

/// Four bytes as a number.
#[must_use]
pub fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// Eight bytes as a number with a point.
#[must_use]
pub fn double(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|eight| f64::from_le_bytes(*eight))
}
