//! What a name carries beside itself: brackets, tags, years, former names.

use super::numeral::is_numeral;

/// A name without its brackets, with what was in them sorted by what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    /// The name itself.
    pub name: String,
    /// Names it had or has besides.
    pub aliases: Vec<String>,
    /// Other words in brackets: a place, a branch, a batch.
    pub notes: Vec<String>,
}

/// Words before another name of the same body.
const ALIASES: [&str; 14] =
    ["曾用名", "原名称", "原名", "又名", "别名", "简称", "现更名为", "更名为", "现名", "前身为", "前身", "也称", "亦称", "原"];

/// Words that mark a note as a tag: a rating, a state of the record, a programme.
const TAGS: [&str; 32] = [
    "示范",
    "星级",
    "认证",
    "优秀",
    "先进",
    "试点",
    "重点",
    "推荐",
    "品牌",
    "等级",
    "核验",
    "核实",
    "审核",
    "备案",
    "登记",
    "民办非企业",
    "测试",
    "重复",
    "新增",
    "更新",
    "停用",
    "暂停",
    "已",
    "待",
    "年度",
    "3a",
    "4a",
    "5a",
    "aaa",
    "公益创投",
    "政府购买",
    "免费",
];

const OPENING: &str = "([{<【《「『〈〔\"“'‘";
const CLOSING: &str = ")]}>】》」』〉〕\"”'’";

/// Unpacks a folded name.
pub(super) fn unpack(folded: &str) -> Unpacked {
    let mut unpacked = Unpacked::default();
    let mut inside: Option<(char, String)> = None;
    for c in folded.chars() {
        match (&mut inside, OPENING.contains(c), CLOSING.contains(c)) {
            (None, true, _) => inside = Some((c, String::new())),
            (Some((opening, text)), _, true) => {
                // Quotation marks stress a word of the name; brackets add to it.
                if "\"“'‘「『《〈<".contains(*opening) {
                    unpacked.name.push_str(text);
                } else {
                    unpacked.note(text);
                }
                inside = None;
            }
            (Some((_, text)), ..) => text.push(c),
            (None, _, true) => {}
            (None, ..) => unpacked.name.push(c),
        }
    }
    match inside {
        Some((opening, text)) if "\"“'‘「『《〈<".contains(opening) => unpacked.name.push_str(&text),
        // A bracket that was never closed is a cut-off note.
        Some((_, text)) => unpacked.note(&text),
        None => {}
    }
    unpacked.outside();
    unpacked.name = without_years(&unpacked.name);
    unpacked.notes.iter_mut().for_each(|note| *note = without_years(note));
    unpacked.notes.retain(|note| note.chars().any(char::is_alphanumeric));
    if unpacked.name.chars().all(|c| !c.is_alphanumeric()) && !unpacked.notes.is_empty() {
        unpacked.name = unpacked.notes.remove(0);
    }
    unpacked
}

impl Unpacked {
    fn note(&mut self, text: &str) {
        let text = text.trim();
        if let Some(alias) = ALIASES.iter().find_map(|word| text.strip_prefix(word)) {
            self.aliases.push(without_years(alias.trim_start_matches([':', ' ', '为', '称'])));
        } else if !TAGS.iter().any(|tag| text.contains(tag)) {
            self.notes.push(text.to_owned());
        }
    }

    /// Another name outside brackets: 春晖社工,原名阳光社工.
    fn outside(&mut self) {
        let found = ALIASES.iter().filter_map(|word| {
            let at = self.name.find(word)?;
            // 原 alone is a word of names (平原, 原野); it counts after a mark only.
            let marked = self.name[..at].ends_with([' ', ',', ';', '/', '|', '-', '、']);
            (at > 0 && (marked || word.chars().count() > 2)).then_some((at, at + word.len()))
        });
        if let Some((start, end)) = found.min_by_key(|(start, end)| (*start, std::cmp::Reverse(*end))) {
            let alias = self.name[end..].trim_start_matches([':', ' ', '为', '称']).to_owned();
            self.name.truncate(start);
            self.aliases.push(without_years(&alias));
        }
    }
}

/// A text without years (2024年度, 2024-2025年) and without marks at its ends.
pub(super) fn without_years(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| c.is_ascii_digit() || **c == '零' || (is_numeral(**c) && chars[at] == '二')).count();
        let year = run == 4 && super::numeral::value(&chars[at..at + 4]).is_some_and(|year| (1990..2060).contains(&year));
        if year {
            at += 4;
            for word in ["年度", "年", "-", "至", "届"] {
                if chars[at..].iter().copied().take(word.chars().count()).eq(word.chars()) {
                    at += word.chars().count();
                    break;
                }
            }
        } else {
            left.extend(&chars[at..at + run.max(1)]);
            at += run.max(1);
        }
    }
    left.trim_matches(|c: char| !c.is_alphanumeric() && !OPENING.contains(c) && !CLOSING.contains(c)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn former_names_are_kept_and_tags_are_not() {
        let unpacked = unpack("春晖社工服务中心(原:阳光社工服务中心)[示范点](江宁)");
        assert_eq!(unpacked.name, "春晖社工服务中心");
        assert_eq!(unpacked.aliases, ["阳光社工服务中心"]);
        assert_eq!(unpacked.notes, ["江宁"]);
        assert_eq!(unpack("春晖社工,原名阳光社工").aliases, ["阳光社工"]);
        assert_eq!(unpack("中原社工").aliases, [""; 0]);
    }

    #[test]
    fn years_go_and_quotation_marks_leave_their_word() {
        assert_eq!(unpack("2024年度“向日葵”儿童心理项目").name, "向日葵儿童心理项目");
        assert_eq!(unpack("【2024】向日葵").name, "向日葵");
        assert_eq!(unpack("二零二四年向日葵").name, "向日葵");
    }
}
