//! Addresses: region, road and house number, room, and the words that are left.

use super::{brackets::unpack, numeral, region::Regions, whereabouts::Whereabouts, word::Word};

/// What may be counted in an address: 三十二号, 四楼, 二组.
const COUNTERS: &str = "号弄栋幢座楼室层组单巷队村区期-";

/// An address as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Address {
    /// The road, with its last word.
    pub road: Word,
    /// The house number on it.
    pub number: Option<u32>,
    /// Building, floor, room: every other number, in order.
    pub rooms: Vec<u32>,
    /// Words besides: estate, house, village.
    pub words: Word,
    /// All of it but the region.
    pub whole: Word,
}

/// How two addresses agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same house, nothing against the same room.
    Same,
    /// The same house, another room: neighbours, or an incubator.
    OtherRoom,
    /// Most words are shared.
    Similar,
    /// The same road or estate; the number is missing on one side.
    Road,
    /// The same road or estate, another number.
    OtherNumber,
    /// Elsewhere.
    Other,
}

const ROADS: [&str; 9] = ["大道", "大街", "路", "街", "道", "巷", "弄", "里", "公路"];

impl Address {
    /// Reads a folded address; `place` learns its region.
    pub(super) fn read(folded: &str, regions: &Regions, place: &mut Whereabouts) -> Self {
        let unpacked = unpack(folded);
        let kept = |c: &char| c.is_alphanumeric() || *c == '-' || *c == '#';
        let text: Vec<char> = unpacked.name.chars().filter(kept).map(|c| if c == '#' { '号' } else { c }).collect();
        let start = regions.prefix(&text, place);
        let text = numeral::in_digits(&text[start..], COUNTERS);
        if text.iter().filter(|c| c.is_alphanumeric()).count() < 2 {
            return Self::default();
        }
        let mut address = Self { whole: Word::new(&text.iter().collect::<String>()), ..Self::default() };
        let mut rest = &text[..];
        if let Some((road, number, end)) = road(&text) {
            address.road = Word::new(&text[road.clone()].iter().collect::<String>());
            address.number = number;
            address.words = words(&[&text[..road.start], &text[end..]].concat());
            rest = &text[end..];
        } else {
            address.words = words(&text);
        }
        address.rooms = rest.split(|c| !c.is_ascii_digit()).filter_map(|run| run.iter().collect::<String>().parse().ok()).collect();
        address
    }

    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// How two agree; none where one is missing.
    pub(super) fn agreement(&self, other: &Self) -> Option<Agreement> {
        if self.is_empty() || other.is_empty() {
            return None;
        }
        let found = if !self.road.is_empty() && !other.road.is_empty() { self.on_roads(other) } else { self.by_words(other) };
        Some(found)
    }

    fn on_roads(&self, other: &Self) -> Agreement {
        let distance = self.road.distance(&other.road);
        let alike = distance <= 5 || (self.road.len().min(other.road.len()) >= 4 && distance <= 10) || self.road.is_part(&other.road);
        match (alike, self.number, other.number) {
            (true, Some(a), Some(b)) if a == b => self.rooms_agree(other),
            (true, Some(_), Some(_)) => Agreement::OtherNumber,
            (true, ..) => Agreement::Road,
            // A slip in the road: the number and the estate still agree.
            (false, Some(a), Some(b)) if a == b && distance <= 10 && self.whole.common_pairs(&other.whole) >= 600 => Agreement::Similar,
            _ => Agreement::Other,
        }
    }

    fn by_words(&self, other: &Self) -> Agreement {
        let common = self.whole.common_pairs(&other.whole);
        let words = self.words.common_pairs(&other.words);
        let part = self.words.is_part(&other.words);
        let numbers = |address: &Self| address.number.into_iter().chain(address.rooms.iter().copied()).collect::<Vec<_>>();
        let (a, b) = (numbers(self), numbers(other));
        if (words >= 600 || part) && !a.is_empty() && !b.is_empty() {
            return if agree(&a, &b) {
                if words >= 800 || part { Agreement::Same } else { Agreement::Similar }
            } else {
                Agreement::OtherNumber
            };
        }
        match common {
            950.. => Agreement::Same,
            650.. => Agreement::Similar,
            _ if words >= 600 || part => Agreement::Road,
            _ => Agreement::Other,
        }
    }

    fn rooms_agree(&self, other: &Self) -> Agreement {
        if agree(&self.rooms, &other.rooms) { Agreement::Same } else { Agreement::OtherRoom }
    }

    /// The house, as a key.
    pub(super) fn house(&self) -> Option<String> {
        let number = self.number?;
        Some(format!("{}{number}", self.road.heard(2).swap_remove(0)))
    }

    /// The estate or village with its numbers, where there is no road.
    pub(super) fn estate(&self) -> Option<String> {
        if !self.road.is_empty() || self.words.len() < 3 {
            return None;
        }
        Some(format!("{}{:?}", self.words.heard(3).swap_remove(0), self.rooms))
    }
}

/// The words of an address: neither numbers nor what they count.
fn words(text: &[char]) -> Word {
    let counted = |n: usize| n > 0 && text[n - 1].is_ascii_digit() && "号栋幢座楼室层".contains(text[n]);
    Word::new(&(0..text.len()).filter(|n| !text[*n].is_ascii_digit() && !counted(*n)).map(|n| text[n]).collect::<String>())
}

/// Whether one list of numbers is the beginning or the end of the other, or stands in it in order:
/// 3栋402 and 402 may be one room.
fn agree(one: &[u32], other: &[u32]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut rest = long.iter();
    short.iter().all(|number| rest.any(|other| other == number))
}

/// Where the road stands, its number, and where the number ends.
fn road(text: &[char]) -> Option<(std::ops::Range<usize>, Option<u32>, usize)> {
    let mut best = None;
    for end in 2..=text.len() {
        let Some(word) = ROADS.iter().find(|word| text[..end].ends_with(&word.chars().collect::<Vec<_>>())) else { continue };
        let digits = text[end..].iter().take_while(|c| c.is_ascii_digit()).count();
        // 路口, 街道, 里弄: the word goes on.
        let goes_on = digits == 0 && (text.get(end).is_some_and(|c| "口道巷弄里街路".contains(*c)) || matches!(*word, "里" | "道"));
        if goes_on {
            continue;
        }
        let start = road_start(&text[..end - word.chars().count()]);
        if end - start < 2 || end - word.chars().count() == start {
            continue;
        }
        let mut after = end + digits;
        let number = text[end..after].iter().collect::<String>().parse().ok();
        if matches!(text.get(after), Some('号')) {
            after += 1;
        }
        if number.is_some() {
            return Some((start..end, number, after));
        }
        best = best.or(Some((start..end, None, after)));
    }
    best
}

/// Where the name of a road begins: after the last word of an estate or a digit, six characters
/// back at most.
fn road_start(before: &[char]) -> usize {
    let stop = before.iter().rposition(|c| c.is_ascii_digit() || "号-市区县镇乡村区".contains(*c));
    stop.map_or(0, |at| if at + 1 < before.len() { at + 1 } else { 0 }).max(before.len().saturating_sub(6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{duplicate::region::tests::regions, text::fold};

    fn agree(one: &str, other: &str) -> Option<Agreement> {
        let read = |text: &str| Address::read(&fold(text), &regions(), &mut Whereabouts::default());
        read(one).agreement(&read(other))
    }

    #[test]
    fn an_address_is_one_in_every_form() {
        let address = "江苏省南京市六合区长芦街道三元路32号4楼";
        for other in ["六合三元路32号", "三元路三十二号四楼", "六合县长芦街道三元路32号", "三元路32號（地铁口）", "三元路32-4"]
        {
            assert_eq!(agree(address, other), Some(Agreement::Same), "{other}");
        }
        assert_eq!(agree("幸福小区3栋402室", "幸福小区三幢402"), Some(Agreement::Same));
    }

    #[test]
    fn another_room_number_or_road_is_told() {
        assert_eq!(agree("三元路32号402室", "三元路32号501室"), Some(Agreement::OtherRoom));
        assert_eq!(agree("三元路32号", "三元路30号"), Some(Agreement::OtherNumber));
        assert_eq!(agree("三元路32号", "六合区三元路"), Some(Agreement::Road));
        assert_eq!(agree("三元路32号", "中山路32号"), Some(Agreement::Other));
        assert_eq!(agree("三元路32号", ""), None);
    }
}
