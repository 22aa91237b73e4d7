//! Where a table begins and which of its columns is what: heads of one row or two, titles above, notes below.

use super::fields::Kind;
use crate::grid::Cell;

/// How far down a head is looked for.
const DEEPEST: usize = 15;

/// The head of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Index of its last row.
    pub row: usize,
    /// How many rows it has.
    pub rows: usize,
    /// Each column as it is written, with the field it is.
    pub columns: Vec<(String, Option<&'static str>)>,
}

type Rows = [(usize, Vec<Cell>)];

/// Finds the head: of the first rows the one that names most fields.
#[must_use]
pub fn find(kind: Kind, rows: &Rows) -> Option<Head> {
    let named = |row: &[Cell]| {
        let mut names: Vec<&str> = row.iter().filter_map(|cell| kind.field(&cell.text)).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let best = (0..rows.len().min(DEEPEST)).max_by_key(|index| (named(&rows[*index].1), std::cmp::Reverse(*index)))?;
    if named(&rows[best].1) < 2 {
        return None;
    }
    // A head of two rows: the upper one names groups, the lower what is in them.
    let below = rows.get(best + 1).filter(|(_, row)| is_lower(kind, row, &rows[best].1));
    let above = best.checked_sub(1).and_then(|index| rows.get(index)).filter(|(_, row)| is_upper(row));
    let (upper, lower, last) = match (below, above) {
        (Some((_, lower)), _) => (Some(&rows[best].1), lower, best + 1),
        (None, Some((_, upper))) => (Some(upper), &rows[best].1, best),
        (None, None) => (None, &rows[best].1, best),
    };
    let heads = joined(upper, lower);
    Some(Head { row: last, rows: 1 + usize::from(upper.is_some()), columns: chosen(kind, heads) })
}

fn texts(row: &[Cell]) -> impl Iterator<Item = &str> {
    row.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty())
}

/// Whether a row goes on with the head above it: short words, no figures, and a field where the head says none.
fn is_lower(kind: Kind, row: &[Cell], above: &[Cell]) -> bool {
    let words = texts(row).all(|text| text.chars().count() <= 12 && !text.chars().any(|letter| letter.is_ascii_digit()));
    let new = row.iter().enumerate().any(|(index, cell)| {
        kind.field(&cell.text).is_some() && above.get(index).is_none_or(|cell| cell.text.is_empty() || kind.field(&cell.text).is_none())
    });
    let named = texts(row).filter(|text| kind.field(text).is_some()).count();
    words && new && named * 2 >= texts(row).count()
}

/// Whether a row names groups of the head below it: several short words, not one title.
fn is_upper(row: &[Cell]) -> bool {
    texts(row).count() >= 2 && texts(row).all(|text| text.chars().count() <= 10 && !text.chars().any(|letter| letter.is_ascii_digit()))
}

/// Both rows as one: a merged cell stands in its first column only.
fn joined(upper: Option<&Vec<Cell>>, lower: &[Cell]) -> Vec<String> {
    let Some(upper) = upper else { return lower.iter().map(|cell| cell.text.clone()).collect() };
    let width = upper.len().max(lower.len());
    let mut group = "";
    let mut heads = Vec::new();
    for index in 0..width {
        let over = upper.get(index).map_or("", |cell| cell.text.as_str());
        let under = lower.get(index).map_or("", |cell| cell.text.as_str());
        if !over.is_empty() {
            group = over;
        }
        heads.push(match (over.is_empty(), under.is_empty()) {
            (_, true) => over.to_owned(),
            (true, false) if group.is_empty() => under.to_owned(),
            _ if group == under => under.to_owned(),
            _ => format!("{group}{under}"),
        });
    }
    heads
}

/// Each head with its field. Of two that are the same field the surer counts; phones may be in several columns.
fn chosen(kind: Kind, heads: Vec<String>) -> Vec<(String, Option<&'static str>)> {
    let found: Vec<Option<(&'static str, u8)>> = heads.iter().map(|head| kind.field(head)).collect();
    let is_best = |index: usize| {
        let Some((name, sure)) = found[index] else { return false };
        name == "phone"
            || !found
                .iter()
                .enumerate()
                .any(|(other, one)| one.is_some_and(|(known, by)| known == name && (by > sure || by == sure && other < index)))
    };
    let best: Vec<bool> = (0..found.len()).map(is_best).collect();
    heads.into_iter().zip(found).zip(best).map(|((head, field), best)| (head, field.filter(|_| best).map(|(name, _)| name))).collect()
}

/// Why a row of the table is no entry; none where it is one.
#[must_use]
pub fn ignored(head: &Head, row: &[Cell]) -> Option<&'static str> {
    const NOTES: [&str; 13] = ["注", "备注", "说明", "填表", "填报", "合计", "总计", "小计", "共计", "制表", "审核", "盖章", "以上"];
    let filled: Vec<(usize, &str)> =
        row.iter().enumerate().map(|(index, cell)| (index, cell.text.as_str())).filter(|(_, text)| !text.is_empty()).collect();
    let Some((_, first)) = filled.first() else { return Some("blank") };
    let same = filled.iter().filter(|(index, text)| head.columns.get(*index).is_some_and(|(name, _)| name == text)).count();
    if filled.len() >= 2 && same == filled.len() {
        return Some("head_again");
    }
    if NOTES.iter().any(|note| first.starts_with(note)) && filled.len() <= 3 || first.starts_with("填写") || first.starts_with('※') {
        return Some(if first.contains('计') { "total" } else { "note" });
    }
    let of_fields = filled.iter().filter(|(index, _)| head.columns.get(*index).is_some_and(|(_, field)| field.is_some())).count();
    if of_fields == 0 {
        return Some(if filled.iter().all(|(_, text)| text.parse::<f64>().is_ok()) { "number_only" } else { "note" });
    }
    // One long sentence over the width of the table is no name.
    let fields = head.columns.iter().filter(|(_, field)| field.is_some()).count();
    (filled.len() == 1 && fields >= 3 && first.chars().count() > 20).then_some("note")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<(usize, Vec<Cell>)> {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), number: None };
        (1..).zip(lines.iter().map(|line| line.iter().map(cell).collect())).collect()
    }

    #[test]
    fn a_title_above_and_a_head_of_two_rows() {
        let rows = rows(&[
            &["六合区机构登记表", "", "", ""],
            &["序号", "机构名称", "联系方式", ""],
            &["", "", "联系人", "电话"],
            &["1", "青藤社工", "王某", "025-1234567"],
        ]);
        let head = find(Kind::Organizations, &rows).unwrap();
        assert_eq!((head.row, head.rows), (2, 2));
        let fields: Vec<_> = head.columns.iter().map(|(_, field)| *field).collect();
        assert_eq!(fields, [None, Some("name"), Some("contact"), Some("phone")]);
    }

    #[test]
    fn notes_totals_and_repeated_heads_are_no_entries() {
        let rows = rows(&[
            &["机构名称", "电话", "地址"],
            &["", "", ""],
            &["注：请如实填写", "", ""],
            &["合计", "12", ""],
            &["机构名称", "电话", "地址"],
            &["甲", "110", ""],
        ]);
        let head = find(Kind::Organizations, &rows).unwrap();
        let why: Vec<_> = rows[1..].iter().map(|(_, row)| ignored(&head, row)).collect();
        assert_eq!(why, [Some("blank"), Some("note"), Some("total"), Some("head_again"), None]);
    }

    #[test]
    fn of_two_heads_for_a_field_the_surer_counts() {
        let rows = rows(&[&["机构名称", "名称", "手机", "座机"]]);
        let fields: Vec<_> = find(Kind::Organizations, &rows).unwrap().columns.into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, [None, Some("name"), Some("phone"), Some("phone")]);
    }
}
