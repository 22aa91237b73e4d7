//! What a list says of a fee: its level, and the amount where one is meant; for everybody, or by audience.

use lianjie_index::entry::Audience;
use lianjie_index::text::fold;

use super::category::SAID;
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

/// What a cell says: one fee for everybody, or one for each of some audiences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fees {
    /// For everybody.
    One(Price),
    /// By audience, in the order of the cell.
    Several(Vec<(Audience, Price)>),
}

/// Whom a fee is for beside the categories of child, in the words of lists: one that holds another stands before it.
const AUDIENCES: [(&str, &str); 12] = [
    ("非困境", "other"),
    ("困境", "hardship"),
    ("本社区", "community"),
    ("社区", "community"),
    ("辖区内", "community"),
    ("辖区", "community"),
    ("本街道", "community"),
    ("其他", "other"),
    ("其它", "other"),
    ("其余", "other"),
    ("普通", "other"),
    ("一般", "other"),
];

/// All words for whom a fee is.
fn for_whom() -> impl Iterator<Item = (&'static str, &'static str)> {
    AUDIENCES.into_iter().chain(SAID)
}

/// What may stand beside an audience and a price without saying more.
const BESIDE: [&str; 41] = [
    "未成年人",
    "青少年",
    "儿童",
    "孩子",
    "学生",
    "家庭",
    "居民",
    "子女",
    "人员",
    "不收费",
    "无偿",
    "免费",
    "公益",
    "低偿",
    "有偿",
    "收费",
    "付费",
    "全额",
    "人民币",
    "课时",
    "小时",
    "学期",
    "free",
    "low",
    "full",
    "rmb",
    "元",
    "块",
    "每",
    "次",
    "时",
    "月",
    "期",
    "人",
    "按",
    "对",
    "的",
    "为",
    "均",
    "年",
    "天",
];

/// A fee: 无偿, 低偿 5元/次, 20元, 有偿; or by audience: 困境无偿、社区低偿5元/次、其他20元/次.
pub fn read(cell: &Cell) -> Result<Fees, Fault> {
    let said = fold(&cell.text).split_whitespace().collect::<String>();
    if for_whom().any(|(word, _)| said.contains(word)) { several(&said).map(Fees::Several) } else { price(&said).map(Fees::One) }
}

/// What is said of audiences: each part names some and what they pay; parts that only name some belong to the next that says a price.
fn several(said: &str) -> Result<Vec<(Audience, Price)>, Fault> {
    let fault = || Fault::new("fee", "sheet_fee");
    let mut found: Vec<(Audience, Price)> = Vec::new();
    let mut waiting: Vec<Audience> = Vec::new();
    for part in said.split([',', '，', ';', '；', '、', '。', '\n', '|']).filter(|part| !part.is_empty()) {
        let (audiences, rest) = audiences(part);
        if !says_no_more(&rest) {
            return Err(fault());
        }
        waiting.extend(audiences);
        match price(&rest) {
            Ok(_) if waiting.is_empty() => return Err(fault()),
            Ok(price) => {
                for audience in std::mem::take(&mut waiting) {
                    if found.iter().any(|(known, _)| *known == audience) {
                        return Err(fault());
                    }
                    found.push((audience, price));
                }
            }
            Err(other) if other.reason != "sheet_fee" => return Err(other),
            // Only whom: what they pay follows.
            Err(_) if !rest.contains(|letter: char| letter.is_ascii_digit()) && !waiting.is_empty() => {}
            Err(other) => return Err(other),
        }
    }
    if waiting.is_empty() { Ok(found) } else { Err(fault()) }
}

/// The audiences that a part names, and the rest of it.
fn audiences(part: &str) -> (Vec<Audience>, String) {
    let (mut found, mut rest) = (Vec::new(), part.to_owned());
    for (word, code) in for_whom() {
        if rest.contains(word) {
            rest = rest.replace(word, "");
            found.extend(code.parse::<Audience>().ok().filter(|one| !found.contains(one)));
        }
    }
    (found, rest)
}

/// Whether nothing stands there that a fee does not say: a half price, a card to be shown.
fn says_no_more(rest: &str) -> bool {
    let mut rest = rest.to_owned();
    for word in BESIDE {
        rest = rest.replace(word, "");
    }
    rest.chars().all(|letter| letter.is_ascii_digit() || "./:-~()¥".contains(letter))
}

/// One price.
fn price(said: &str) -> Result<Price, Fault> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // A list that says several levels at once says whom for; that is for a person to write down.
    let (free, low, full) = (
        has(&["无偿", "免费", "free", "公益", "不收费"]),
        has(&["低偿", "low"]),
        has(&["有偿", "收费", "full", "付费"]) && !has(&["不收费"]),
    );
    let yuan = yuan(said);
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
    let amount = yuan.filter(|yuan| level != "free" && *yuan > 0.0).zip(unit(said));
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
        let price = |text: &str| match read(&cell(text)).unwrap() {
            Fees::One(price) => (price.level, price.amount),
            Fees::Several(several) => panic!("{text}: {several:?}"),
        };
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
    }

    #[test]
    fn fees_by_audience_are_read_part_by_part() {
        let told = |text: &str| match read(&cell(text)).unwrap_or_else(|fault| panic!("{text}: {fault:?}")) {
            Fees::Several(several) => {
                let one =
                    |(audience, price): (Audience, Price)| format!("{audience} {} {}", price.level, price.amount.map_or(0, |(fen, _)| fen));
                several.into_iter().map(one).collect::<Vec<_>>().join("; ")
            }
            Fees::One(price) => panic!("{text}: {price:?}"),
        };
        assert_eq!(told("困境无偿、社区低偿、其他有偿"), "hardship free 0; community low 0; other full 0");
        assert_eq!(told("困境儿童免费，其他50元/次"), "hardship free 0; other full 5000");
        assert_eq!(told("困境儿童：无偿；社区居民：低偿 5元/次；其他：20元/次"), "hardship free 0; community low 500; other full 2000");
        assert_eq!(
            told("孤儿、重残儿童免费，留守儿童低偿10元/月，其他有偿100元/月"),
            "ORPHAN free 0; DISABLED free 0; LEFT low 1000; other full 10000"
        );
        assert_eq!(told("困境儿童免费"), "hardship free 0", "it says nothing of the others");
        assert_eq!(told("非困境儿童20元/次，困境儿童0元"), "other full 2000; hardship free 0");
        assert_eq!(told("困境无偿，其他2000元/年"), "hardship free 0; other full 0", "a unit that fees do not have");
    }

    #[test]
    fn what_says_more_than_audience_and_price_is_refused() {
        for text in [
            "困境儿童半价，其他50元/次",
            "困境儿童凭证免费，其他50元",
            "困境儿童免费，50元/次",
            "困境免费，其他面议",
            "困境免费，困境低偿5元",
            "困境、其他",
            "寄宿生免费，其他20元",
        ] {
            assert_eq!(read(&cell(text)).map_err(|fault| fault.reason), Err("sheet_fee"), "{text}");
        }
        assert_eq!(read(&cell("困境免费，其他200000元")).map_err(|fault| fault.reason), Err("fee_amount"));
    }
}
