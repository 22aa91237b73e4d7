//! Cells as values: what does not read is refused with the reason, and nothing is guessed.

use jiff::civil::Date;
use lianjie_index::text::fold;
use lianjie_index::{DivisionCode, Vocabulary};

use super::category::meant;
use crate::division::model::Divisions;
use crate::error::Fault;
use crate::grid::{Cell, day_of};
use crate::organization::phone;
use crate::taxonomy::model::Categories;

/// What is known while a list is read.
pub struct Known<'a> {
    /// Divisions.
    pub divisions: &'a Divisions,
    /// Categories of child and kinds of organization.
    pub categories: &'a Categories,
    /// Needs.
    pub vocabulary: &'a Vocabulary,
    /// The day.
    pub today: Date,
    /// Whether services are of the organization that the list itself registers.
    pub own: bool,
}

/// A text of so many characters.
pub fn text(cell: &Cell, field: &'static str, most: usize) -> Result<String, Fault> {
    if cell.text.chars().count() > most {
        return Err(Fault::new(field, "longer_than").with("most", most));
    }
    Ok(cell.text.clone())
}

/// A phone number, or several: digits of full width and blanks are put right.
pub fn phone(cell: &Cell) -> Result<String, Fault> {
    let folded = fold(&cell.text);
    if cell.number.is_some_and(|number| number >= 1e15) || is_scientific(&folded) {
        return Err(Fault::new("phone", "sheet_scientific"));
    }
    let mut phones: Vec<String> = Vec::new();
    for part in phone::several(&folded) {
        if !phone::is_phone(&part) {
            return Err(Fault::new("phone", "phone"));
        }
        phones.push(part.split_whitespace().collect());
    }
    phones.dedup();
    if phones.is_empty() { Err(Fault::new("phone", "phone")) } else { Ok(phones.join("、")) }
}

/// `3.20116E+17`: a number that a spreadsheet has cut.
#[must_use]
pub fn is_scientific(text: &str) -> bool {
    text.split_once('e')
        .or_else(|| text.split_once('E'))
        .is_some_and(|(before, after)| before.parse::<f64>().is_ok() && after.trim_start_matches('+').parse::<u32>().is_ok())
}

/// A 统一社会信用代码.
pub fn uscc(cell: &Cell) -> Result<String, Fault> {
    if is_scientific(&cell.text) || cell.number.is_some_and(|number| number >= 1e15) {
        return Err(Fault::new("code", "sheet_scientific"));
    }
    crate::organization::model::read_uscc(&cell.text).map_err(|fault| Fault { field: "code".into(), ..fault })
}

/// A kind of organization: its code or its name.
pub fn kind(cell: &Cell, known: &Known<'_>) -> Result<String, Fault> {
    let said = fold(&cell.text);
    let kinds = &known.categories.kinds;
    let found = kinds.iter().find(|kind| fold(&kind.named.code) == said || fold(&kind.named.zh) == said || fold(&kind.named.en) == said);
    let several: Vec<_> =
        kinds.iter().filter(|kind| fold(&kind.named.zh).starts_with(&said) || said.contains(&fold(&kind.named.code))).collect();
    match (found, several.as_slice()) {
        (Some(kind), _) => Ok(kind.named.code.clone()),
        (None, [kind]) => Ok(kind.named.code.clone()),
        _ => Err(Fault::new("kind", "kind_unknown").with("kind", &cell.text)),
    }
}

/// A division: its code, or its name as far as it is one place.
pub fn division(cell: &Cell, known: &Known<'_>) -> Result<DivisionCode, Fault> {
    let said = fold(&cell.text).split_whitespace().collect::<String>();
    let digits = said.trim_end_matches("000000").to_owned();
    for code in [said.as_str(), digits.as_str()] {
        if let Some(code) = code.parse::<DivisionCode>().ok().filter(|code| known.divisions.has(code)) {
            return Ok(code);
        }
    }
    if said.chars().all(|letter| letter.is_ascii_digit()) {
        return Err(Fault::new("division", "division"));
    }
    let named = known.divisions.named(&said);
    match named.as_slice() {
        [only] => Ok(only.clone()),
        [] => super::super::hsds::place_named(&said, known.divisions)
            .ok_or_else(|| Fault::new("division", "near_unknown").with("place", &cell.text)),
        several => {
            let names: Vec<String> = several.iter().take(6).map(|code| known.divisions.full_name(code)).collect();
            Err(Fault::new("division", "near_several").with("place", &cell.text).with("places", names.join("、")))
        }
    }
}

/// A day of birth or the like: a day, or a month by itself.
pub fn day(cell: &Cell, field: &'static str, today: Date) -> Result<String, Fault> {
    let said = fold(&cell.text);
    let fault = || Fault::new(field, "sheet_day");
    let parts: Vec<&str> = said.split(['-', '/', '.', '年', '月', '日', ' ']).filter(|part| !part.is_empty()).collect();
    let numbers: Option<Vec<i16>> = parts.iter().map(|part| part.parse().ok()).collect();
    let date = |year: i16, month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let written = match (numbers.as_deref(), said.as_str()) {
        (Some([year, month, day]), _) if *year > 1900 => date(*year, *month, *day).map(|day| day.to_string()),
        (Some([year, month]), _) if *year > 1900 && (1..=12).contains(month) => Some(format!("{year:04}-{month:02}")),
        (_, text) if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i16>().ok()).unwrap_or_default();
            date(part(0..4), part(4..6), part(6..8)).map(|day| day.to_string())
        }
        (_, text) if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (year, month) = (text.get(..4).unwrap_or_default(), text.get(4..).unwrap_or_default());
            let good =
                year.parse::<i16>().is_ok_and(|year| year > 1900) && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
            good.then(|| format!("{year}-{month}"))
        }
        // A day that lost its format is a number of days.
        _ => cell.number.filter(|days| (20_000.0..80_000.0).contains(days)).and_then(day_of),
    };
    let written = written.ok_or_else(fault)?;
    if written.as_str() > today.to_string().as_str() {
        return Err(Fault::new(field, "sheet_future"));
    }
    Ok(written)
}

/// Male or female.
pub fn sex(cell: &Cell) -> Result<&'static str, Fault> {
    match fold(&cell.text).trim() {
        "男" | "男性" | "male" | "m" | "1" | "男孩" => Ok("male"),
        "女" | "女性" | "female" | "f" | "2" | "女孩" => Ok("female"),
        _ => Err(Fault::new("sex", "sheet_sex")),
    }
}

/// An identity number, with what it says of birth and sex.
pub fn identity(cell: &Cell, today: Date) -> Result<(String, String, &'static str), Fault> {
    let said = fold(&cell.text);
    // Fifteen digits and no more survive as a number; what looks whole has lost its last ones.
    if is_scientific(&said) || cell.number.is_some_and(|number| number >= 1e15) {
        return Err(Fault::new("identity_number", "sheet_scientific"));
    }
    let cleaned: String = said.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    let (number, birth, sex) = crate::case::model::read_identity_number(&cleaned, today)?;
    let sex = if matches!(sex, crate::case::model::Sex::Male) { "male" } else { "female" };
    Ok((number.reveal().to_owned(), birth.to_string(), sex))
}

/// Years of age: `6`, `6岁`, `36个月`.
pub fn years(text: &str, field: &'static str) -> Result<f64, Fault> {
    let said = fold(text).replace(['岁', '周'], "");
    let (said, months) = match said.strip_suffix("个月").or_else(|| said.strip_suffix('月')) {
        Some(said) => (said.to_owned(), true),
        None => (said, false),
    };
    let value: f64 = said.trim().parse().map_err(|_| Fault::new(field, "sheet_age"))?;
    let years = if months { (value / 12.0 * 100.0).round() / 100.0 } else { value };
    if (0.0..=25.0).contains(&years) { Ok(years) } else { Err(Fault::new(field, "sheet_age")) }
}

/// Youngest and oldest.
pub type Ages = (Option<f64>, Option<f64>);

/// `6-15岁`, `6岁以上`, `3至6周岁`, `18岁以下`, `不限`.
pub fn ages(cell: &Cell) -> Result<Ages, Fault> {
    let said = fold(&cell.text).split_whitespace().collect::<String>();
    let fault = || Fault::new("ages", "sheet_age");
    if matches!(said.as_str(), "不限" | "无" | "所有年龄" | "全龄" | "全年龄") {
        return Ok((None, None));
    }
    let whole = said.replace(['至', '到', '~', '～', '—', '–', '－'], "-");
    if let Some((from, to)) = whole.split_once('-') {
        // In "6-12个月" the unit is said once for both.
        let from = if to.contains('月') && !from.contains(['岁', '月']) { format!("{from}个月") } else { from.to_owned() };
        return Ok((Some(years(&from, "ages")?), Some(years(to, "ages")?)));
    }
    for (mark, is_least) in [("以上", true), ("及以上", true), ("以下", false), ("及以下", false), ("以内", false)] {
        if let Some(age) = whole.strip_suffix(mark) {
            let age = years(age.trim_end_matches('及').trim_end_matches("(含)"), "ages")?;
            return Ok(if is_least { (Some(age), None) } else { (None, Some(age)) });
        }
    }
    years(&whole, "ages").map(|age| (Some(age), Some(age))).map_err(|_| fault())
}

/// A number of places.
pub fn places(cell: &Cell) -> Result<u32, Fault> {
    let said = fold(&cell.text);
    let digits = said.trim_end_matches(['人', '名', '个', '张', '位']).trim();
    digits.parse::<u32>().ok().filter(|places| *places <= 100_000).ok_or_else(|| Fault::new("places", "sheet_places"))
}

/// Categories of child by code or name; one that is not known is refused by itself.
pub fn categories(cell: &Cell, known: &Known<'_>) -> Result<Vec<String>, Fault> {
    const OTHERS: [(&str, &str); 3] = [("普通", "GENERAL"), ("其他", "GENERAL"), ("所有儿童", "GENERAL")];
    let said = fold(&cell.text);
    let mut found: Vec<String> = Vec::new();
    for part in said.split(['、', ',', ';', '，', '；', '/', '|', '和', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let named = known.categories.children.iter().find(|one| fold(&one.code) == part || fold(&one.zh) == part || fold(&one.en) == part);
        let code = named.map(|one| one.code.clone());
        let other = || OTHERS.iter().find(|(word, _)| part.contains(word)).map(|(_, code)| *code);
        let code = code.or_else(|| meant(part).or_else(other).map(str::to_owned));
        match code {
            Some(code) if found.contains(&code) => {}
            Some(code) => found.push(code),
            None => return Err(Fault::new("categories", "sheet_category").with("name", part)),
        }
    }
    Ok(found)
}

/// A need: its code or its name, or everyday words that mean one leaf alone.
pub fn term(cell: &Cell, known: &Known<'_>) -> Result<String, Fault> {
    let said = fold(cell.text.trim());
    let fault = || Fault::new("term", "unknown_term").with("term", &cell.text);
    let mut terms = known.vocabulary.terms();
    if let Some(term) = terms.find(|term| fold(term.code.as_str()) == said || fold(&term.zh) == said || fold(&term.en) == said) {
        return Ok(term.code.to_string());
    }
    let read = known.vocabulary.read(&cell.text);
    match read.as_slice() {
        [only] if only.term.is_leaf() => Ok(only.term.to_string()),
        [] => Err(fault()),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(5)
                .map(|need| format!("{} {}", need.term, known.vocabulary.name(&need.term, lianjie_index::Language::Zh)))
                .collect();
            Err(Fault::new("term", "sheet_term").with("term", &cell.text).with("names", names.join("、")))
        }
    }
}

/// Divisions and zones a service is given to.
pub fn areas(cell: &Cell, known: &Known<'_>) -> Result<Vec<String>, Fault> {
    let said = fold(&cell.text);
    let mut areas = Vec::new();
    for part in said.split(['、', ',', ';', '，', '；', '/', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let plain = part.trim_start_matches("全").trim_end_matches("全域").trim_end_matches("范围内");
        let cell = Cell { text: plain.to_owned(), number: None };
        let area = match known.divisions.zone_named(plain) {
            Some(zone) => zone.to_string(),
            None => division(&cell, known).map_err(|fault| Fault { field: "area".into(), ..fault })?.to_string(),
        };
        areas.push(area);
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned(), number: None }
    }

    #[test]
    fn ages_come_in_many_words() {
        assert_eq!(ages(&cell("6-15岁")).unwrap(), (Some(6.0), Some(15.0)));
        assert_eq!(ages(&cell("3至6周岁")).unwrap(), (Some(3.0), Some(6.0)));
        assert_eq!(ages(&cell("６岁以上")).unwrap(), (Some(6.0), None));
        assert_eq!(ages(&cell("18岁及以下")).unwrap(), (None, Some(18.0)));
        assert_eq!(ages(&cell("6-36个月")).unwrap(), (Some(0.5), Some(3.0)));
        assert_eq!(ages(&cell("不限")).unwrap(), (None, None));
        assert!(ages(&cell("小学生")).is_err());
    }

    #[test]
    fn days_come_in_many_forms_and_a_month_is_enough() {
        let today = jiff::civil::date(2026, 11, 30);
        let read = |text: &str| day(&cell(text), "birth_date", today);
        for text in ["2015-03-07", "2015/3/7", "2015.3.7", "20150307", "2015年3月7日", "２０１５－０３－０７"] {
            assert_eq!(read(text).unwrap(), "2015-03-07", "{text}");
        }
        assert_eq!(read("2015.3").unwrap(), "2015-03");
        assert_eq!(read("2015年3月").unwrap(), "2015-03");
        assert_eq!(day(&Cell { text: "42070".into(), number: Some(42_070.0) }, "birth_date", today).unwrap(), "2015-03-07");
        assert_eq!(read("2015-02-30").unwrap_err().reason, "sheet_day");
        assert_eq!(read("2031-01-01").unwrap_err().reason, "sheet_future");
    }

    #[test]
    fn numbers_that_a_spreadsheet_cut_are_refused() {
        let today = jiff::civil::date(2026, 11, 30);
        for cut in [cell("3.20116E+17"), Cell { text: "320116201503170000".into(), number: Some(3.201_162_015_031_7e17) }] {
            assert_eq!(identity(&cut, today).unwrap_err().reason, "sheet_scientific");
        }
        assert_eq!(identity(&cell("320116800101123"), today).unwrap_err().reason, "identity_first_generation");
        assert_eq!(identity(&cell("１１０１０５１９４９１２３１００２ｘ"), today).unwrap().0, "11010519491231002X");
    }

    #[test]
    fn phones_are_put_right_and_words_are_not_phones() {
        assert_eq!(phone(&cell("０２５－５７５０ １２３４")).unwrap(), "025-57501234");
        assert_eq!(phone(&cell("13900000000/025-1234567")).unwrap(), "13900000000、025-1234567");
        assert!(phone(&cell("找王老师")).is_err());
    }
}
