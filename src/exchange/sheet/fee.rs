//! What a list says of a fee: its level, and the amount where one is meant.

use lianjie_index::text::fold;

use crate::error::Fault;
use crate::grid::Cell;

/// What a fee says: its level, with the amount where it is one of a unit that fees have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// `free`, `low`, `full`.
    pub level: &'static str,
    /// Fen, and for what: `visit`, `hour`, `month`, `term`.
    pub amount: Option<(i64, &'static str)>,
}

/// A fee: 无偿, 低偿 5元/次, 20元, 有偿.
pub fn read(cell: &Cell) -> Result<Price, Fault> {
    let said = fold(&cell.text).split_whitespace().collect::<String>();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // A list that says several levels at once says whom for; that is for a person to write down.
    let (free, low, full) = (
        has(&["无偿", "免费", "free", "公益", "不收费"]),
        has(&["低偿", "low"]),
        has(&["有偿", "收费", "full", "付费"]) && !has(&["不收费"]),
    );
    let yuan = yuan(&said);
    let level = match (free, low, full) {
        (true, false, false) => "free",
        (false, true, false) => "low",
        (false, false, true) => "full",
        (false, false, false) => match yuan {
            Some(0.0) => "free",
            _ if said.starts_with(|letter: char| letter.is_ascii_digit()) || yuan.is_some() => "full",
            _ => return Err(Fault::new("fee", "sheet_fee")),
        },
        _ => return Err(Fault::new("fee", "sheet_fee")),
    };
    let amount = yuan.filter(|yuan| level != "free" && *yuan > 0.0).zip(unit(&said));
    let Some((yuan, unit)) = amount else { return Ok(Price { level, amount: None }) };
    if yuan > 100_000.0 {
        return Err(Fault::new("fee", "fee_amount"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded before")]
    let fen = (yuan * 100.0).round() as i64;
    Ok(Price { level, amount: (fen > 0).then_some((fen, unit)) })
}

/// The one amount of yuan that is said; two numbers are a range, or a number of times.
fn yuan(said: &str) -> Option<f64> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
    let mut numbers = said.split(|letter| !is_part(letter)).filter(|number| number.chars().any(|letter| letter.is_ascii_digit()));
    let (number, None) = (numbers.next()?, numbers.next()) else { return None };
    let after = &said[said.find(number)? + number.len()..];
    let is_money = ["元", "块", "rmb", "/"].iter().any(|unit| after.starts_with(unit)) || after.is_empty();
    number.parse().ok().filter(|_| is_money)
}

/// For what a fee is paid; a visit where nothing is said, none where it is a unit that fees do not have.
fn unit(said: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&["年", "天", "日", "周", "套", "餐"]) {
        None
    } else if has(&["学期", "/期", "每期"]) {
        Some("term")
    } else if has(&["月"]) {
        Some("month")
    } else if has(&["小时", "/时", "/h"]) {
        Some("hour")
    } else {
        Some("visit")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned(), number: None }
    }

    #[test]
    fn fees_are_read_where_they_say_one_thing() {
        let price = |text: &str| read(&cell(text)).map(|price| (price.level, price.amount)).unwrap();
        assert_eq!(price("免费"), ("free", None));
        assert_eq!(price("0元"), ("free", None));
        assert_eq!(price("20元/次"), ("full", Some((2_000, "visit"))));
        assert_eq!(price("20"), ("full", Some((2_000, "visit"))));
        assert_eq!(price("低偿 每小时 5.5 元"), ("low", Some((550, "hour"))));
        assert_eq!(price("有偿，300元/月"), ("full", Some((30_000, "month"))));
        assert_eq!(price("1200元每学期"), ("full", Some((120_000, "term"))));
        for without in ["低偿", "低偿 20-30元", "低偿 2000元/年", "低偿 2万元"] {
            assert_eq!(price(without), ("low", None), "{without}");
        }
        assert_eq!(read(&cell("200000元")).unwrap_err().reason, "fee_amount");
        assert!(read(&cell("面议")).is_err());
        assert!(read(&cell("困境儿童无偿，其他有偿")).is_err());
    }
}
