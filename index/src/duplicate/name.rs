//! Names of organisations: which words tell a body from others, which only say what it is.
//!
//! A name is region, core, generic words and perhaps a branch: 南京市六合区 春晖 社会工作服务中心
//! 江宁站. A name may have no core of its own (六合区社会工作服务中心): then the generic words and
//! the region are all there is to go by.

use std::collections::HashMap;

use super::{
    brackets::{self, Unpacked},
    branch,
    generic::{Class, Piece, mended, pieces},
    numeral,
    region::Regions,
    whereabouts::Whereabouts,
    word::Word,
};

/// A name as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Name {
    /// What tells it from others; of a name of generic words, all of them but the forms.
    pub core: Word,
    /// Whether the core is generic.
    pub generic: bool,
    /// All of the name but its region and branch, what means the same written alike.
    pub whole: Word,
    /// The same, as it was written.
    pub raw: Word,
    /// What the generic words say it does and for whom, each once.
    pub fields: Vec<&'static str>,
    /// The form of the body: company, association.
    pub form: Option<&'static str>,
    /// Which part of the body it is, where it says so.
    pub branch: Option<String>,
    /// The number it has as a whole: 第一小学.
    pub number: Option<u32>,
    /// Cores of its other names.
    pub aliases: Vec<Word>,
}

impl Name {
    /// Reads a folded name; `place` learns its region.
    pub(super) fn read(folded: &str, regions: &Regions, place: &mut Whereabouts) -> Self {
        let unpacked = brackets::unpack(folded);
        let mut name = Self::of(&unpacked.name, regions, place);
        name.read_notes(&unpacked, regions, place);
        for alias in unpacked.aliases {
            let alias = Self::of(&alias, regions, &mut place.clone());
            if !alias.core.is_empty() {
                name.aliases.push(alias.core);
            }
        }
        name
    }

    fn of(text: &str, regions: &Regions, place: &mut Whereabouts) -> Self {
        let text: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let text = &text[regions.full_prefix(&text, place)..];
        let number = leading_number(text);
        let (text, ordinal) = if number.is_some() { (text.to_vec(), None) } else { branch::without_ordinal(text) };
        let mut pieces = pieces(&text);
        if pieces.len() > 1 && pieces[0].generic.is_none() && regions.is_in(&pieces[0].text, place) {
            // 长芦未保站: the short name of a town, and nothing of the body's own.
            pieces.remove(0);
        }
        let mut pieces: Vec<Piece> = pieces.into_iter().flat_map(mended).collect();
        let part = ordinal.or_else(|| branch::cut(&mut pieces, regions));
        let own: String = pieces.iter().filter(|piece| piece.generic.is_none()).flat_map(|piece| &piece.text).collect();
        let means = |piece: &Piece, classes: &[Class]| {
            piece.generic.filter(|generic| classes.contains(&generic.class)).map(|generic| generic.means)
        };
        let mut fields: Vec<&str> = pieces.iter().filter_map(|piece| means(piece, &[Class::Field, Class::Filler])).collect();
        fields.retain(|field| !matches!(*field, "service" | "management"));
        fields.sort_unstable();
        fields.dedup();
        let form = pieces.iter().rev().find_map(|piece| means(piece, &[Class::Form])).filter(|form| !form.is_empty());
        let generic = own.chars().count() < 2;
        let core = if generic { canonical(&pieces) } else { own };
        let whole = alike(&pieces);
        let raw: String = pieces.iter().flat_map(|piece| &piece.text).collect();
        Self {
            core: Word::new(&core),
            generic,
            whole: Word::new(&whole),
            raw: Word::new(&raw),
            fields,
            form,
            branch: part,
            number,
            aliases: Vec::new(),
        }
    }

    fn read_notes(&mut self, unpacked: &Unpacked, regions: &Regions, place: &mut Whereabouts) {
        for note in &unpacked.notes {
            let note: Vec<char> = note.chars().filter(|c| c.is_alphanumeric()).collect();
            if let Some(region) = regions.whole(&note) {
                place.learn(&region);
                continue;
            }
            let (rest, ordinal) = branch::without_ordinal(&note);
            let part = pieces(&rest).last().and_then(|piece| piece.generic);
            let branch = part.is_some_and(|part| matches!(part.class, Class::Branch | Class::End) || part.means == "station");
            if ordinal.is_some() {
                self.branch = ordinal;
            } else if branch {
                let words = branch::words(&pieces(&rest), regions);
                let part = part.is_some_and(|part| part.class == Class::Branch);
                self.branch = Some(words).filter(|words| part || !words.is_empty()).or(self.branch.take());
            }
        }
    }

    /// Learns another name, if it is one.
    pub(super) fn learn(&mut self, alias: &Word) {
        if *alias != self.core && alias.len() >= 2 && !self.aliases.contains(alias) {
            self.aliases.push(alias.clone());
        }
    }

    /// The core and the cores of other names.
    pub(super) fn cores(&self) -> impl Iterator<Item = &Word> {
        std::iter::once(&self.core).chain(&self.aliases)
    }
}

/// Where one record of a place says what a body was called before, the others of that name know it
/// too: one that has but the former name is then like all of them.
pub(super) fn learn_former_names<'a>(names: impl Iterator<Item = (&'a mut Name, Option<u32>)>) {
    let mut names: Vec<(&mut Name, u32)> = names.filter_map(|(name, county)| Some((name, county?))).collect();
    let mut former: HashMap<(u32, String), Vec<Word>> = HashMap::new();
    for (name, county) in names.iter().filter(|(name, _)| !name.generic && !name.aliases.is_empty()) {
        former.entry((*county, name.core.text())).or_default().extend(name.aliases.iter().cloned());
    }
    for (name, county) in names.iter_mut().filter(|(name, _)| !name.generic) {
        let known = former.get(&(*county, name.core.text()));
        known.into_iter().flatten().for_each(|alias| name.learn(alias));
    }
}

/// The words of a generic name, what means the same written alike, forms left out.
fn canonical(pieces: &[Piece]) -> String {
    let mut words = String::new();
    for piece in pieces {
        match piece.generic {
            None => words.extend(&piece.text),
            Some(generic) if generic.class == Class::Form && matches!(generic.means, "centre" | "company" | "") => {}
            Some(generic) => words.push_str(shortest(generic.means)),
        }
    }
    words
}

/// All words of a name, what means the same written alike.
fn alike(pieces: &[Piece]) -> String {
    let mut words = String::new();
    for piece in pieces {
        let short = piece.generic.filter(|generic| !matches!(generic.class, Class::Filler)).map_or("", |generic| shortest(generic.means));
        if short.is_empty() {
            words.extend(&piece.text);
        } else if !words.ends_with(short) {
            words.push_str(short);
        }
    }
    words
}

/// A short Chinese word for a meaning, so that 社工 and 社会工作 are compared as one.
fn shortest(means: &'static str) -> &'static str {
    match means {
        "social" => "社工",
        "mind" => "心理",
        "rehabilitation" => "康复",
        "education" => "教育",
        "kindergarten" => "幼儿",
        "after school" => "托管",
        "school" => "学校",
        "law" => "法律",
        "hospital" => "医疗",
        "volunteer" => "志愿",
        "charity" => "慈善",
        "protection" => "未保",
        "youth" => "儿童",
        "family" => "家庭",
        "family education" => "家教",
        "women's federation" => "妇联",
        "disabled federation" => "残联",
        "next generation" => "关工委",
        "youth league" => "团委",
        "residents" => "居委会",
        "villagers" => "村委会",
        "elderly" => "养老",
        "culture" => "文化",
        "association" => "协会",
        "foundation" => "基金",
        "station" => "站",
        "company" => "公司",
        "centre" => "中心",
        "studio" => "工作室",
        "office" => "事务所",
        "team" => "队",
        "club" => "俱乐部",
        _ => "",
    }
}

/// The number a name begins with: there is nothing else to tell 第一小学 from 第二小学.
fn leading_number(text: &[char]) -> Option<u32> {
    let rest = text.strip_prefix(&['第'])?;
    let run = rest.iter().take_while(|c| numeral::is_numeral(**c)).count();
    numeral::value(&rest[..run])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{duplicate::region::tests::regions, text::fold};

    fn read(name: &str) -> Name {
        Name::read(&fold(name), &regions(), &mut Whereabouts::default())
    }

    #[test]
    fn a_core_is_what_is_left_of_a_name() {
        for name in [
            "南京市六合区春晖社会工作服务中心",
            "六合春暉社工服務中心",
            "春晖社会工作服务中心（六合区）",
            "【示范】春晖社工",
            "春晖有限责任公司",
            "南京春晖公益发展中心(原:阳光社工)",
        ] {
            let read = read(name);
            assert_eq!((read.core.text().as_str(), read.generic, read.branch), ("春晖", false, None), "{name}");
        }
        assert_eq!(read("春晖社工（原名：阳光社工）").aliases[0].text(), "阳光");
    }

    #[test]
    fn a_name_of_generic_words_has_them_for_a_core() {
        for name in ["长芦街道未成年人保护工作站", "六合区长芦街道未保站"] {
            let read = read(name);
            assert_eq!((read.core.text().as_str(), read.generic, read.branch), ("未保站", true, None), "{name}");
        }
    }

    #[test]
    fn a_branch_is_told_from_its_body() {
        for (name, branch) in [
            ("春晖社会工作服务中心江宁分中心", "江宁"),
            ("春晖社会工作服务中心第二分中心", "2"),
            ("春晖社会工作服务中心（江宁站）", "江宁"),
            ("春晖社工江宁站", "江宁"),
            ("春晖社工二部", "2"),
            ("春晖社会工作服务中心城东校区", "城东"),
        ] {
            let read = read(name);
            assert_eq!((read.core.text().as_str(), read.branch.as_deref()), ("春晖", Some(branch)), "{name}");
        }
        assert_eq!(read("春晖社会工作服务中心总部").branch, None);
        assert_eq!((read("六合区第一小学").branch, read("六合区第一小学").number), (None, Some(1)));
    }
}
