//! What names a child is veiled where everybody can see: on the wall, in the pack.

use crate::case::model::{Guardian, Identity};
use crate::secret::Hidden;

/// Texts that name the child or its family: said whole, and places of which a part says enough.
pub struct Veil {
    whole: Vec<String>,
    parts: Vec<String>,
}

/// Characters of a place from which a part of it is known again.
const PART: usize = 4;

impl Veil {
    /// Of what is known of a child and its guardians.
    pub fn of(identity: &Identity, guardians: &[Guardian]) -> Self {
        let own = [&identity.name, &identity.identity_number, &identity.phone];
        let family = guardians.iter().flat_map(|guardian| [&guardian.name, &guardian.phone]);
        let mut texts: Vec<String> = own.into_iter().chain(family).flatten().map(|text| text.reveal().trim().to_owned()).collect();
        // A given name is said without the family name.
        let names = [&identity.name].into_iter().flatten().map(Hidden::reveal).filter(|name| name.chars().count() > 2);
        let given: Vec<String> = names.map(|name| name.chars().skip(name.chars().count() - 2).collect()).collect();
        texts.extend(given);
        texts.retain(|text| text.chars().count() > 1);
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let places = [&identity.address, &identity.school].into_iter().flatten().map(|text| text.reveal().trim().to_owned());
        Self { whole: texts, parts: places.filter(|text| !text.is_empty()).collect() }
    }

    /// The text with stars in the place of what names somebody, and of any number long enough to be one.
    pub fn over(&self, text: &str) -> String {
        let veiled = self.whole.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "＊＊"));
        let veiled = self.parts.iter().fold(veiled, |text, place| without_parts(&text, place));
        let mut out = String::new();
        let mut digits = String::new();
        for letter in veiled.chars().chain(['\0']) {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            out.push_str(if digits.len() >= 7 { "＊＊" } else { &digits });
            digits.clear();
            if letter != '\0' {
                out.push(letter);
            }
        }
        out
    }
}

/// The text without the runs of it that are a part of a place.
fn without_parts(text: &str, place: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let run = |length: usize| letters[at..at + length].iter().collect::<String>();
        let known = (1..=letters.len() - at).take_while(|length| place.contains(&run(*length))).last().unwrap_or(0);
        if known >= PART.min(place.chars().count()) {
            out.push_str("＊＊");
            at += known;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_address_is_veiled_too() {
        let identity = Identity { address: Some(Hidden::new("长芦街道滨江花园3栋502室")), ..Identity::default() };
        let veil = Veil::of(&identity, &[]);
        assert_eq!(veil.over("住滨江花园3栋，周末去花园"), "住＊＊，周末去花园");
    }

    #[test]
    fn names_numbers_and_given_names_are_veiled_and_the_rest_stays() {
        let identity = Identity { name: Some(Hidden::new("欧阳晓禾")), ..Identity::default() };
        let veil = Veil::of(&identity, &[]);
        assert_eq!(veil.over("欧阳晓禾 13900001111，晓禾周 3 下午 4 点"), "＊＊ ＊＊，＊＊周 3 下午 4 点");
    }
}
