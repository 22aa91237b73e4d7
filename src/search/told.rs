//! Places among the words that only the store knows: villages, and codes that were withdrawn.

use std::collections::BTreeSet;

use lianjie_index::search::Mention;
use lianjie_index::text::fold;

use crate::division;
use crate::division::model::Divisions;
use crate::error::Result;
use crate::store::Connection;

/// How the name of a village ends when it stands among other words; the longest first.
const ENDS: [&str; 8] = ["社区居民委员会", "社区居委会", "村民委员会", "村委会", "居委会", "委会", "社区", "村"];
/// What stands before it in a sentence.
const LEADS: [char; 5] = ['在', '住', '到', '去', '是'];
/// Names that are looked up in the store for one search.
const MOST_LOOKED_UP: usize = 4;
/// Places of one name that are worth asking about; a name of more is no place.
const MOST_NAMESAKES: usize = 8;

/// The places that phrases of the words name.
pub async fn told(db: &mut Connection, divisions: &Divisions, words: &str) -> Result<Vec<Mention>> {
    let folded = fold(words);
    let phrases = folded.split(|c: char| !c.is_alphanumeric()).filter(|phrase| !phrase.is_empty());
    let mut told: Vec<Mention> = Vec::new();
    for phrase in phrases.filter_map(place_of).take(MOST_LOOKED_UP) {
        let meant = division::meant(db, divisions, phrase).await?;
        let areas: BTreeSet<_> = meant.into_iter().filter(|one| one.village.is_some() || is_code(phrase)).map(|one| one.area).collect();
        let name = if is_code(phrase) { phrase.to_owned() } else { own_name(divisions, phrase) };
        if !areas.is_empty() && areas.len() <= MOST_NAMESAKES && told.iter().all(|known| known.words != name) {
            told.push(Mention { words: name, areas: areas.into_iter().collect() });
        }
    }
    Ok(told)
}

/// The stretch of a phrase that may be a village or a code.
fn place_of(phrase: &str) -> Option<&str> {
    if is_code(phrase) {
        return Some(phrase);
    }
    let ends = ENDS.iter().filter_map(|end| phrase.find(end).filter(|at| *at > 0).map(|at| (at, at + end.len())));
    let (_, to) = ends.min_by_key(|(at, to)| (*at, std::cmp::Reverse(*to)))?;
    let name = phrase[..to].rsplit(LEADS).next().unwrap_or_default();
    (name.chars().count() >= 3).then_some(name)
}

fn is_code(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// The name of the village without those of the divisions before it.
fn own_name(divisions: &Divisions, phrase: &str) -> String {
    let readings = divisions.village_readings(phrase).into_iter().map(|(_, name)| name);
    readings.min_by_key(String::len).unwrap_or_else(|| phrase.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_may_stand_before_other_words() {
        assert_eq!(place_of("玉带社区没人接送"), Some("玉带社区"));
        assert_eq!(place_of("家住玉带社区居委会附近"), Some("玉带社区居委会"));
        assert_eq!(place_of("六合区张庄村孩子厌学"), Some("六合区张庄村"));
        assert_eq!(place_of("320103"), Some("320103"));
        assert_eq!((place_of("社区矫正"), place_of("农村"), place_of("没人接送")), (None, None, None));
    }
}
