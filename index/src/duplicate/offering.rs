//! Names of services: the offering itself, and which round, group or way of it.

use super::{
    alike::{WORD_LEVELS, word_level},
    brackets::unpack,
    generic::{Class, pieces},
    name::Name,
    numeral,
    region::Regions,
    topic::topics,
    whereabouts::Whereabouts,
    word::Word,
};

/// A service's name as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Offering {
    /// What is offered, without organisation, region, year and the word for a project.
    pub core: Word,
    /// Which of several alike it is: 2期, 周末, 个案; in order, each once.
    pub marks: Vec<String>,
    /// What it is about, each once.
    pub topics: Vec<&'static str>,
    /// The township the name itself says it is for.
    pub town: Option<u32>,
}

/// Words that tell offerings of one kind apart: of a group, only one can be true. Those of the
/// first groups are added to a name, and count where only one name has one; the others may be what
/// is offered.
const MARKS: [&[&str]; 11] = [
    &["初级", "中级", "高级", "基础", "进阶", "提高"],
    &["周末", "工作日", "平日", "暑期", "夏令营", "寒假", "冬令营", "春季", "秋季"],
    &["男生", "女生"],
    &["小班", "中班", "大班"],
    &["低年级", "中年级", "高年级", "小学", "初中", "高中", "学前", "幼儿"],
    &["线上", "远程", "线下"],
    &["热线"],
    &["个案", "小组", "讲座", "工作坊", "沙龙"],
    &["上门", "送教", "到校"],
    &["家长", "亲子", "监护人"],
    &["筛查", "评估", "训练", "治疗"],
];
/// Words that mean what another does.
const SAME: [(&str, &str); 25] = [
    ("暑假", "暑期"),
    ("寒期", "寒假"),
    ("男孩", "男生"),
    ("女孩", "女生"),
    ("男童", "男生"),
    ("女童", "女生"),
    ("网络", "线上"),
    ("电话", "热线"),
    ("团体", "小组"),
    ("团辅", "小组"),
    ("一对一", "个案"),
    ("入户", "上门"),
    ("居家", "上门"),
    ("青少年", "儿童"),
    ("未成年人", "儿童"),
    ("少年儿童", "儿童"),
    ("少儿", "儿童"),
    ("孩子", "儿童"),
    ("自闭症", "孤独症"),
    ("社会工作", "社工"),
    ("咨询", "辅导"),
    ("疏导", "辅导"),
    ("支持", "辅导"),
    ("帮扶", "关爱"),
    ("关怀", "关爱"),
];
/// How many of the groups are added to names.
const ADDED: usize = 6;

/// Words that say a name is that of an offering.
const ENDINGS: [&str; 19] = [
    "公益服务项目",
    "服务项目",
    "公益项目",
    "项目化",
    "项目",
    "服务计划",
    "计划",
    "系列活动",
    "主题活动",
    "活动",
    "行动",
    "工程",
    "课程",
    "课堂",
    "训练",
    "服务",
    "专项",
    "系列",
    "公益",
];

/// Names of towns are cut at these words, where no list knows them.
const TOWNS: [&str; 4] = ["街道", "社区", "镇", "村"];

impl Offering {
    /// Reads a folded name; `place` learns its region, `org` is whose name may stand before it.
    pub(super) fn read(folded: &str, org: &Name, regions: &Regions, place: &mut Whereabouts) -> Self {
        let unpacked = unpack(folded);
        let mut offering = Self::default();
        let mut text: Vec<char> = unpacked.name.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut town = place.clone();
        text.drain(..regions.prefix(&text, &mut town));
        text = without_org(text, org);
        text.drain(..regions.prefix(&text, &mut town));
        for note in &unpacked.notes {
            let note: Vec<char> = note.chars().filter(|c| c.is_alphanumeric()).collect();
            offering.read_note(&note, regions, &mut town);
        }
        place.learn(&town);
        let text: Vec<char> = same_words(&text.iter().collect::<String>()).chars().collect();
        let text: String = offering.take_numbers(&text).iter().collect();
        offering.take_words(&text);
        offering.marks.sort();
        offering.marks.dedup();
        let core = ending_off(&text);
        offering.topics = topics(&core);
        offering.core = Word::new(&core);
        offering.town = town.township();
        offering
    }

    fn read_note(&mut self, note: &[char], regions: &Regions, place: &mut Whereabouts) {
        if let Some(region) = regions.whole(note) {
            place.learn(&region);
            return;
        }
        let start = regions.prefix(note, place);
        let rest: Vec<char> = same_words(&note[start..].iter().collect::<String>()).chars().collect();
        let rest: String = self.take_numbers(&rest).iter().collect();
        self.take_words(&rest);
        let town = TOWNS.iter().any(|town| rest.ends_with(town)) || ["站", "点", "校区"].iter().any(|end| rest.ends_with(end));
        if town && rest.chars().count() <= 8 {
            self.marks.push(ending_off(rest.trim_end_matches(['站', '点'])));
        }
    }

    /// Takes 第二期, 2期 and 三班 out as marks, and ages out; other digits become Chinese.
    fn take_numbers(&mut self, text: &[char]) -> Vec<char> {
        let mut left = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let ordinal = usize::from(text[at] == '第');
            let run = text[at + ordinal..].iter().take_while(|c| numeral::is_numeral(**c)).count();
            let end = at + ordinal + run;
            let next = text.get(end).copied().unwrap_or_default();
            match numeral::value(&text[at + ordinal..end]).filter(|_| run > 0) {
                Some(_) if next == '岁' => at = end + 1,
                Some(_) if text[end..].starts_with(&['周', '岁']) => at = end + 2,
                Some(value) if ordinal == 1 || "期批次轮号部班组季阶届".contains(next) => {
                    self.marks.push(value.to_string());
                    at = end + usize::from("期批次轮号部班组季阶届".contains(next));
                }
                _ => {
                    left.push(numeral::chinese(text[at]));
                    at += 1;
                }
            }
        }
        left
    }

    fn take_words(&mut self, text: &str) {
        for group in MARKS {
            self.marks.extend(group.iter().filter(|word| text.contains(**word)).map(|word| (*word).to_owned()));
        }
    }

    /// Whether the marks agree: both, on one side only, or differing within a group.
    pub(super) fn mark_level(&self, other: &Self) -> Option<&'static str> {
        if self.marks == other.marks {
            return (!self.marks.is_empty()).then_some("same");
        }
        let left = |one: &Self, other: &Self| one.marks.iter().filter(|mark| !other.marks.contains(mark)).cloned().collect::<Vec<_>>();
        let (a, b) = (left(self, other), left(other, self));
        let group = |mark: &String| MARKS.iter().position(|group| group.contains(&mark.as_str()));
        let conflict = a.iter().any(|a| b.iter().any(|b| group(a) == group(b)));
        let added = a.iter().chain(&b).any(|mark| group(mark).is_none_or(|group| group < ADDED));
        match (conflict, added) {
            (true, _) => Some("other"),
            (false, true) => Some("one"),
            (false, false) => None,
        }
    }

    /// Whether the names say the same town.
    pub(super) fn town_level(&self, other: &Self) -> Option<&'static str> {
        match (self.town, other.town) {
            (None, None) => None,
            (Some(a), Some(b)) => Some(if a == b { "same" } else { "other" }),
            _ => Some("one"),
        }
    }

    /// How alike the offerings are. Of a name that stands in the other, the end tells what is
    /// offered, the beginning only what it is called.
    pub(super) fn level(&self, other: &Self) -> Option<&'static str> {
        let (a, b) = (&self.core, &other.core);
        if a.is_empty() || b.is_empty() {
            return None;
        }
        let level = WORD_LEVELS[word_level(a, b)];
        let short = a.len().min(b.len());
        // One has the brand alone, which all services of a desk may have.
        if self.topics.is_empty() != other.topics.is_empty() && matches!(level, "part" | "abbreviation" | "similar" | "weak" | "other") {
            return Some(if a.nearest_part(b) <= 5 { "brand" } else { level });
        }
        Some(match level {
            "part" | "abbreviation" if a.is_end(b) && short >= 3 => "end",
            "similar" | "weak" | "other" if (short >= 4 && a.nearest_part(b) <= 10) || (short == 3 && a.nearest_part(b) <= 5) => "end",
            // The same words in another order.
            "weak" | "other" if a.common_pairs(b) >= 600 => "part",
            _ => level,
        })
    }
}

/// The organisation a folded name begins with, where its form says that it is one.
pub(super) fn body(folded: &str, regions: &Regions, place: &Whereabouts) -> Option<Name> {
    let text: Vec<char> = unpack(folded).name.chars().filter(|c| c.is_alphanumeric()).collect();
    let start = regions.prefix(&text, &mut place.clone());
    let end = start + body_end(&text[start..], false)?;
    Some(Name::read(&text[..end].iter().collect::<String>(), regions, &mut place.clone()))
}

/// Where the name of a body ends that a text begins with. A form of two characters may belong to
/// the offering (训练中心), so it counts only where the body is `known` to be named.
fn body_end(text: &[char], known: bool) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    for piece in pieces(text) {
        at += piece.text.len();
        let form = piece.generic.is_some_and(|generic| generic.class == Class::Form && piece.text.len() >= 2);
        let sure = known || piece.text.len() >= 3 || piece.text == ['协', '会'];
        if form && sure && (4..=20).contains(&at) && text.len() >= at + 2 {
            end = Some(at);
        }
    }
    end
}

/// A name without that of its organisation before it, in whatever form it has there.
fn without_org(text: Vec<char>, org: &Name) -> Vec<char> {
    let core = org.core.chars();
    let named = core.len() >= 2 && !org.generic && text.starts_with(core);
    let end = body_end(&text, named).or(named.then_some(core.len())).unwrap_or_default();
    if text.len() >= end + 2 { text[end..].to_vec() } else { text }
}

/// A text in which words that mean the same are the same.
fn same_words(text: &str) -> String {
    SAME.iter().fold(text.to_owned(), |text, (word, same)| text.replace(word, same))
}

/// A name without the words that end it, while two characters are left.
fn ending_off(name: &str) -> String {
    let mut name = name;
    while let Some(short) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
        if short.chars().count() < 2 {
            break;
        }
        name = short;
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{duplicate::region::tests::regions, text::fold};

    fn read(name: &str) -> (String, Vec<String>) {
        let org = Name::read("春晖社会工作服务中心", &regions(), &mut Whereabouts::default());
        let read = Offering::read(&fold(name), &org, &regions(), &mut Whereabouts::default());
        (read.core.text(), read.marks)
    }

    #[test]
    fn an_offering_is_what_is_left_of_a_name() {
        for name in [
            "向日葵儿童心理辅导服务项目",
            "2024年“向日葵”儿童心理辅导项目",
            "春晖社工中心".replace("社工中心", "向日葵儿童心理辅导").as_str(),
            "六合区向日葵兒童心理輔導",
        ] {
            assert_eq!(read(name).0, "向日葵儿童心理辅导", "{name}");
        }
    }

    #[test]
    fn rounds_and_groups_are_marks() {
        assert_eq!(read("儿童心理辅导（第二期）").1, ["2"]);
        assert_eq!(read("儿童心理辅导周末班").1, ["周末"]);
        assert_eq!(read("4点半课堂"), read("四点半课堂"));
        assert_eq!(read("0-6岁儿童康复").0, "儿童康复");
        let level = |a: &str, b: &str| {
            let org = Name::default();
            let read = |name: &str| Offering::read(name, &org, &regions(), &mut Whereabouts::default());
            read(a).mark_level(&read(b))
        };
        assert_eq!(level("心理辅导一期", "心理辅导2期"), Some("other"));
        assert_eq!(level("心理辅导一期", "心理辅导"), Some("one"));
        assert_eq!(level("心理辅导", "心理辅导"), None);
    }
}
