//! Birthdays in the forms people write them; what is not known stays open.

use jiff::{ToSpan, civil::date};

use super::numeral::{is_numeral, value};

/// As much of a birthday as a record tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Birth {
    /// The year.
    pub year: Option<u32>,
    /// The month, 1 to 12.
    pub month: Option<u32>,
    /// The day of the month.
    pub day: Option<u32>,
}

impl Birth {
    /// Reads a folded text. A day of the lunar calendar is left open but for its year.
    pub(super) fn read(folded: &str) -> Self {
        let text: Vec<char> = folded.chars().collect();
        let numbers: Vec<u32> = text.split(|c| !is_numeral(*c)).filter_map(value).collect();
        if ["农历", "阴历", "旧历", "初", "腊月", "正月", "闰"].iter().any(|word| folded.contains(word)) {
            return Self { year: numbers.first().copied().and_then(year), ..Self::default() };
        }
        if folded.contains('岁') {
            return Self::default();
        }
        match *numbers.as_slice() {
            [whole, ..] if (19_000_101..=20_991_231).contains(&whole) => Self::new(whole / 10_000, whole / 100 % 100, whole % 100),
            [whole] if (190_001..=209_912).contains(&whole) => Self::new(whole / 100, whole % 100, 0),
            [serial] if (30_000..=60_000).contains(&serial) => Self::of_serial(serial),
            [month, day, last] if year(last).is_some() && last > 31 => Self::american(month, day, last),
            [first, month, day, ..] => Self::new(century(first), month, day),
            [first, month] => Self::new(century(first), month, 0),
            [first] if first > 1000 => Self::new(first, 0, 0),
            _ => Self::default(),
        }
    }

    fn new(years: u32, month: u32, day: u32) -> Self {
        let month = Some(month).filter(|month| (1..=12).contains(month));
        let day = Some(day).filter(|day| (1..=31).contains(day) && month.is_some());
        Self { year: year(years), month, day }
    }

    /// Month first, as some exports have it; day first where it cannot be a month.
    fn american(month: u32, day: u32, year: u32) -> Self {
        if month > 12 { Self::new(year, day, month) } else { Self::new(year, month, day) }
    }

    /// The number a spreadsheet keeps for a day.
    fn of_serial(serial: u32) -> Self {
        let Ok(day) = date(1899, 12, 30).checked_add(i64::from(serial).days()) else { return Self::default() };
        let small = |part: i8| u32::try_from(part).unwrap_or_default();
        Self::new(u32::try_from(day.year()).unwrap_or_default(), small(day.month()), small(day.day()))
    }

    /// All of it as one text, where all is known.
    pub(super) fn whole(&self) -> Option<String> {
        Some(format!("{}-{}-{}", self.year?, self.month?, self.day?))
    }

    /// Whether both may be one day: the years agree, and nothing else that is known differs.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let fits = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        self.year.is_some() && self.year == other.year && fits(self.month, other.month) && fits(self.day, other.day)
    }

    /// Month and day exchanged, where both can be either.
    pub(super) fn swapped(&self, other: &Self) -> bool {
        self.month.is_some() && self.day.is_some() && self.month != self.day && self.month == other.day && self.day == other.month
    }
}

fn year(year: u32) -> Option<u32> {
    (1900..2100).contains(&year).then_some(year)
}

/// The year behind two digits; children are born in this century.
fn century(year: u32) -> u32 {
    if year < 100 { 2000 + year } else { year }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<u32>, Option<u32>, Option<u32>) {
        let birth = Birth::read(&crate::text::fold(text));
        (birth.year, birth.month, birth.day)
    }

    #[test]
    fn a_birthday_is_one_in_every_format() {
        let forms = ["2015-03-04", "2015/3/4", "2015.3.4", "20150304", "2015年3月4日", "二〇一五年三月四日", "15.3.4", "3/4/2015", "42067"];
        for text in forms {
            assert_eq!(read(text), (Some(2015), Some(3), Some(4)), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_stays_open() {
        for text in ["2015年3月", "2015-03", "201503", "2015-03-**", "2015-03-00"] {
            assert_eq!(read(text), (Some(2015), Some(3), None), "{text}");
        }
        assert_eq!(read("2015"), (Some(2015), None, None));
        assert_eq!(read("2015年农历三月初四"), (Some(2015), None, None));
        assert_eq!(read("9岁"), (None, None, None));
        assert_eq!(read("不详"), (None, None, None));
    }
}
