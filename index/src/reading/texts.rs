//! Short paragraphs as workers write them, and what is read of them. Written for these tests.

use super::*;

fn told(text: &str) -> Vec<(Person, &'static str)> {
    read(text).facts.iter().map(|fact| (fact.who, fact.what)).collect()
}

fn says(text: &str, who: Person, what: &str) -> bool {
    read(text).fact(who, what).is_some()
}

#[test]
fn each_parents_state_is_read_with_how_long() {
    let reading = read("爸爸在监狱，妈妈走了半年没有消息，奶奶72岁一个人带。");
    assert!(reading.fact(Person::Father, "prison").is_some());
    assert_eq!(reading.fact(Person::Mother, "lost").and_then(|fact| fact.months), Some(6));
    assert_eq!(reading.fact(Person::Grandparent, "age").and_then(|fact| fact.months), Some(864));
    assert!(reading.fact(Person::Grandparent, "only_carer").is_some());
    assert_eq!(reading.age_months(), None, "a grandmother's age is not the child's");
}

#[test]
fn a_state_goes_on_in_the_next_clause_and_ends_with_the_sentence() {
    assert!(says("爸爸2020年因盗窃被抓，现在还在服刑", Person::Father, "prison"));
    assert!(says("父母离异，随母亲生活，患有癫痫", Person::Child, "chronic"));
    assert!(says("服刑的父亲，改嫁的母亲", Person::Father, "prison"));
    assert!(says("服刑的父亲，改嫁的母亲", Person::Mother, "remarried"));
}

#[test]
fn who_does_what_to_whom_is_told_apart() {
    let cases = [
        ("爸爸打妈妈", "witness"),
        ("父亲酒后多次殴打母亲", "witness"),
        ("妈妈被爸爸打", "witness"),
        ("孩子打同学", "bully"),
        ("他在学校动手打人", "bully"),
        ("被同学打", "bullied"),
        ("同学经常欺负他", "bullied"),
        ("孩子被爸爸打", "beaten"),
        ("继父用皮带抽他", "beaten"),
        ("被老师打了", "teacher_harm"),
        ("孩子一生气就打奶奶", "hits_family"),
        ("邻居叔叔摸她", "molested"),
    ];
    for (text, what) in cases {
        let harms: Vec<&str> =
            told(text).into_iter().filter(|(who, what)| *who == Person::Child && HARMS.contains(what)).map(|(_, what)| what).collect();
        assert_eq!(harms, [what], "{text}");
    }
}

const HARMS: [&str; 8] = ["bullied", "bully", "beaten", "witness", "hits_family", "teacher_harm", "assaulted", "molested"];

#[test]
fn what_is_denied_or_only_meant_is_not_read() {
    for text in ["爸爸从不打孩子", "孩子没有被同学欺负", "没有发现家长打孩子", "爸爸在打工，妈妈打麻将"]
    {
        assert!(told(text).iter().all(|(_, what)| !HARMS.contains(what)), "{text}");
    }
    assert!(!says("孩子想辍学", Person::Child, "dropout"));
    assert!(says("没有残疾证", Person::Child, "no_certificate") && !says("没有残疾证", Person::Child, "certificate"));
}

#[test]
fn another_persons_illness_is_not_the_childs() {
    assert!(says("弟弟有癫痫", Person::Sibling, "chronic") && !says("弟弟有癫痫", Person::Child, "chronic"));
    assert!(says("爸爸得了癌症", Person::Father, "severe_ill") && !says("爸爸得了癌症", Person::Child, "serious_ill"));
    assert!(says("奶奶没人照顾", Person::Grandparent, "frail") && !says("奶奶没人照顾", Person::Child, "unattended"));
    assert!(says("孩子没人照顾", Person::Child, "unattended"));
    assert!(says("妈妈反映孩子有癫痫", Person::Child, "chronic"), "who tells is not told of");
}

#[test]
fn ages_go_to_whom_they_belong() {
    assert_eq!(read("9岁男孩，奶奶七十二岁").age_months(), Some(108));
    assert_eq!(read("七旬奶奶带着5岁孙子").age_months(), Some(60));
    assert_eq!(read("母亲在其3岁时离家").age_months(), None);
    assert_eq!(read("小女孩，8个月大").age_months(), Some(8));
    assert_eq!(read("9岁女孩").sex(), Some(Sex::Female));
}

#[test]
fn spans_are_characters_of_the_text() {
    let text = "Ａ孩子，爸爸在監獄服刑";
    let reading = read(text);
    let fact = reading.fact(Person::Father, "prison").unwrap();
    let words: String = text.chars().skip(fact.from).take(fact.to - fact.from).collect();
    assert!(words == "在監獄" || words == "服刑", "{words}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[爸妈奶孩子打被没不的9岁半年户口，。、 a-c]{0,60}") {
        let reading = read(&text);
        let length = text.chars().count();
        for fact in &reading.facts {
            proptest::prop_assert!(fact.from < fact.to && fact.to <= length);
        }
        let _ = reading.infer(&Known::default());
    }
}
