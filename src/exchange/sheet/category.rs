//! The words lists have for categories of child.

/// Words and codes; one that holds another stands before it (事实孤儿 before 孤儿), so that the first that fits is meant.
pub const SAID: [(&str, &str); 25] = [
    ("事实无人抚养", "DEFACTO"),
    ("事实孤儿", "DEFACTO"),
    ("孤儿", "ORPHAN"),
    ("重度残疾", "DISABLED"),
    ("重残", "DISABLED"),
    ("残疾", "DISABLED"),
    ("重病", "ILL"),
    ("大病", "ILL"),
    ("流浪", "STREET"),
    ("低保", "POOR"),
    ("贫困", "POOR"),
    ("困难家庭", "POOR"),
    ("经济困难", "POOR"),
    ("受侵害", "HARM"),
    ("受虐", "HARM"),
    ("监护不当", "HARM"),
    ("监护缺失", "NOGUARD"),
    ("无力履行", "UNABLE"),
    ("监护无力", "UNABLE"),
    ("农村留守", "LEFT"),
    ("留守", "LEFT"),
    ("外来务工", "MIGRANT"),
    ("随迁", "MIGRANT"),
    ("流动人口", "MIGRANT"),
    ("流动", "MIGRANT"),
];

/// The category that words mean: that of the first of [`SAID`] they hold.
#[must_use]
pub fn meant(words: &str) -> Option<&'static str> {
    SAID.iter().find(|(said, _)| words.contains(said)).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::{SAID, meant};

    #[test]
    fn a_child_without_anybody_in_fact_is_no_orphan() {
        assert_eq!(["事实孤儿", "孤儿", "事实无人抚养儿童", "别的"].map(meant), [Some("DEFACTO"), Some("ORPHAN"), Some("DEFACTO"), None]);
    }

    #[test]
    fn a_word_that_holds_another_stands_before_it() {
        for (place, (word, _)) in SAID.iter().enumerate() {
            assert!(SAID[..place].iter().all(|(before, _)| !word.contains(before)), "{word} is never reached");
        }
    }
}
