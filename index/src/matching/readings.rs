//! Paragraphs as workers write them, with the needs that belong to them. Written for these tests.

use super::*;
use crate::{province, vocabulary::Why};

fn rules() -> Vec<PublicRule> {
    let text = include_str!("../../../seed-data/public-rules.toml");
    let rule = |block: &str| {
        let mut rule = serde_json::Map::new();
        for (key, value) in block.lines().filter_map(|line| line.split_once(" = ")) {
            let json = serde_json::from_str(value.trim().trim_matches('\'')).unwrap();
            rule.insert(key.to_owned(), json);
        }
        serde_json::from_value(serde_json::Value::Object(rule)).unwrap()
    };
    text.split("[[rule]]").skip(1).map(rule).collect()
}

fn answered(case: &str) -> Answer {
    let case = Case::read(case).unwrap();
    let (rates, rules) = (Rates::default(), rules());
    let setting = Setting::new(&rates, &rules, province::NOW, "2026-11-25".parse().unwrap());
    super::answer(&province::index([]), &case, &setting).unwrap()
}

fn told(text: &str, more: &str) -> Answer {
    let text = serde_json::to_string(text).unwrap();
    answered(&format!(r#"{{"text":{text},"place":{{"division":"320116010"}}{more}}}"#))
}

/// Text, more of the case, needs that belong among the first ten, needs that must not be there, what comes first.
const TEXTS: [(&str, &str, &str, &str, &str); 29] = [
    (
        "小宇，9岁，三年级。爸爸因盗窃在监狱服刑，妈妈离家出走半年多没有联系，现在和72岁的奶奶一起生活，奶奶身体不好，靠低保过日子，孩子一直没上户口。",
        r#","sex":"male""#,
        "ECO-02 IDD-01 GUA-01 GUA-09 FAM-05 LAW-12 GUA-10",
        "GUA-05 GUA-07 EMG-04",
        "",
    ),
    (
        "孩子6岁，母亲未婚生育后离开，没有出生证，没上户口，今年9月要上小学，由外婆带大。",
        "",
        "IDD-01 IDD-02 EDU-02 IDD-03 GUA-09",
        "GUA-07",
        "IDD-01",
    ),
    (
        "13岁女孩，近期经常夜不归宿，与成年男子交往并发生性关系，怀孕2个月，妈妈想私了。",
        r#","sex":"female""#,
        "VIC-03 VIC-04 EMG-01 MED-12",
        "LAW-09 LAW-04 PSY-03 PSY-04",
        "report",
    ),
    (
        "爸爸喝醉了就打妈妈，孩子躲在房间里不敢出来，晚上经常做噩梦，成绩下降。",
        r#","age_months":120"#,
        "VIC-02 LAW-05 PSY-08",
        "LAW-09 VIC-05 BEH-05 BEH-06",
        "",
    ),
    (
        "在学校经常打同学，老师多次叫家长，爸爸妈妈不知道怎么管。",
        r#","age_months":130"#,
        "BEH-05 FAM-01 PSY-10",
        "VIC-01 VIC-05 BEH-03",
        "",
    ),
    ("最近总被同学欺负、起外号，不愿意去学校，回家偷偷哭。", r#","age_months":130"#, "VIC-05 EDU-06 PSY-02", "VIC-01 BEH-05 LAW-09", ""),
    (
        "父母都在广东打工，一年回来一次，孩子跟爷爷奶奶住，放学后没人辅导作业，想爸爸妈妈。",
        r#","age_months":110"#,
        "GUA-03 FAM-06 GUA-09 DEV-02 DEV-11",
        "LAW-11 VIC-06",
        "",
    ),
    ("父母双亡，姑姑抚养，姑姑家里也困难，孩子今年考上大学，学费没着落。", r#","age_months":216"#, "ECO-01 EDU-11", "GUA-05", ""),
    (
        "5岁，叫名字没反应，不看人，不会说话，奶奶怀疑是自闭症，没去医院看过，也没有残疾证。",
        "",
        "PSY-05 REH-04 REH-01 REH-03",
        "",
        "PSY-05",
    ),
    ("确诊孤独症两年，4岁，没钱做康复，爸爸失业，妈妈全职照顾快撑不住了。", "", "REH-04 REH-02 FAM-07 GUA-10 ECO-13", "PSY-05", ""),
    ("脑瘫，8岁，生活不能自理，没有残疾证，坐轮椅，没法上学。", "", "REH-05 REH-01 EDU-09 REH-11 GUA-10", "EDU-05", ""),
    ("初二学生，沉迷手机游戏，通宵不睡，逃课抽烟，爷爷管不住。", "", "BEH-01 BEH-02 GUA-09", "BEH-03", ""),
    ("白血病，7岁，化疗花了四十万，家里欠债，想申请救助。", "", "MED-02 MED-04 MED-05 ECO-06", "", ""),
    ("从安徽跟爸妈来南京，爸妈在工地干活，7岁了学校不收，没有居住证。", "", "EDU-04 IDD-04 SOC-01", "LAW-11", "IDD-04"),
    ("13岁辍学半年，在饭店打工挣钱，爸爸酗酒不管。", "", "EDU-05 LAW-11 GUA-02", "BEH-06 SOC-03", ""),
    (
        "父母离异，妈妈不给抚养费，孩子跟爸爸生活，爸爸再婚，和继母关系紧张，情绪低落。",
        r#","age_months":140"#,
        "LAW-03 FAM-04 PSY-02",
        "",
        "",
    ),
    ("房子漏雨，兄妹三人挤在一张床，没有书桌，冬天没有棉衣。", r#","age_months":120"#, "LIV-02 LIV-03 ECO-10", "", ""),
    ("15岁，上网裸聊被人要挟转钱，不敢告诉父母。", "", "VIC-08 EMG-01", "LAW-09", "report"),
    ("16岁，因抢劫被取保候审，需要帮教。", "", "BEH-04 LAW-08", "BEH-03", ""),
    ("妈妈有精神病，经常发病，爸爸外出务工，8岁孩子有时饿肚子、身上很脏。", "", "FAM-08 GUA-01 VIC-06 GUA-11", "PSY-06 PSY-05", ""),
    ("奶奶昨天摔断腿住院，爸爸在服刑，妈妈改嫁没消息，10岁孩子家里没人照看。", "", "GUA-04 ECO-02 FAM-05", "MED-10", "GUA-04"),
    ("父亲上个月因车祸去世，孩子一直不说话、晚上惊醒，不肯上学。", r#","age_months":110"#, "PSY-09 PSY-11 EDU-06", "", ""),
    ("独自在家，父母忙于打麻将不管孩子，7岁，吃泡面。", "", "VIC-06 GUA-02 GUA-01", "", ""),
    ("16岁聋哑，手语沟通，想学一门技术找工作。", "", "SOC-03 SOC-04 COO-06", "", ""),
    ("孩子偷家里钱、撒谎，13岁，妈妈动不动打骂孩子。", "", "BEH-02 VIC-01 FAM-01", "LAW-09", "report"),
    ("刚从精神科出院，抑郁症，自己停药，想回学校上课。", r#","age_months":180"#, "PSY-14 PSY-05", "", ""),
    (
        "服务对象小琪，女，12岁，六年级。父亲三年前因病去世，母亲改嫁到外省后很少联系，现由爷爷奶奶抚养，爷爷73岁患高血压，奶奶71岁腿脚不便，家庭主要收入为低保金。孩子性格内向，不爱说话，成绩中下。",
        r#","sex":"female""#,
        "GUA-09 GUA-01 ECO-02 PSY-11 LAW-12",
        "GUA-05 GUA-07 ECO-04",
        "",
    ),
    ("女童5岁，下身疼，说邻居爷爷摸她。", r#","sex":"female""#, "VIC-03 EMG-01 VIC-04", "LAW-09 PSY-03 PSY-04 PSY-08 GUA-09", "report"),
    (
        "孩子父母因交通事故双双去世，赔偿款被叔叔领走，现在和外公一起住，外公68岁。",
        r#","age_months":130"#,
        "ECO-01 LAW-07 GUA-09 GUA-01",
        "GUA-05",
        "",
    ),
];

#[test]
fn what_belongs_is_among_the_first_ten_and_nothing_forbidden_anywhere() {
    for (text, more, belongs, forbidden, first) in TEXTS {
        let found = told(text, more);
        let terms: Vec<&str> = found.needs.iter().map(|need| need.term.as_str()).collect();
        for term in belongs.split_whitespace() {
            assert!(terms.iter().take(10).any(|own| *own == term), "{text}: no {term} in {terms:?}");
        }
        for term in forbidden.split_whitespace() {
            assert!(!terms.contains(&term), "{text}: {term} in {terms:?}");
        }
        let step = found.first_step.map(|step| step.term).unwrap_or_default();
        assert!(first.is_empty() || step == first, "{text}: first {step}");
    }
}

#[test]
fn an_inferred_need_names_its_rule_and_the_words_it_rests_on() {
    let found = told("孩子没上户口", "");
    let need = found.needs.iter().find(|need| need.term.as_str() == "IDD-01").unwrap();
    assert!(need.why.iter().any(|why| matches!(why, Why::Rule { rule_id, from: 2, to: 6 } if rule_id == "unregistered")), "{:?}", need.why);
}

#[test]
fn what_waits_says_for_what_and_the_order_by_score_stays() {
    let found = told("孩子7岁，没有户口，学校不收。", "");
    let school = found.needs.iter().find(|need| need.term.as_str() == "EDU-02").unwrap();
    assert_eq!(school.waits_for, [province::term("IDD-01")]);
    assert!(found.needs.is_sorted_by(|a, b| a.score >= b.score));
    assert_eq!(found.first_step.unwrap().term, "IDD-01");
    let held = told("孩子7岁，学校不收。", r#","holds":{"household_register":true}"#);
    assert!(held.needs.iter().all(|need| need.waits_for.is_empty()));
}

#[test]
fn a_missing_prerequisite_is_added_after_what_a_person_picked() {
    let found = told("", r#","needs":[{"term":"ECO-08"},{"term":"DEV-02"}],"holds":{"disability_certificate":false}"#);
    let terms: Vec<&str> = found.needs.iter().map(|need| need.term.as_str()).collect();
    assert_eq!(terms, ["ECO-08", "DEV-02", "REH-01"]);
    assert_eq!(found.needs[0].waits_for, [province::term("REH-01")]);
}

#[test]
fn the_rules_of_the_seed_do_not_go_round_in_a_circle() {
    assert_eq!(check_order(&rules()), Ok(()));
}

#[test]
fn what_is_only_read_and_may_not_be_proposed_is_said_and_not_listed() {
    let found = told("爸爸打妈妈，居委会想调解；亲戚建议送福利院", r#","age_months":100"#);
    let terms: Vec<&str> = found.needs.iter().map(|need| need.term.as_str()).collect();
    assert!(!terms.contains(&"GUA-05") && !terms.contains(&"LAW-09"), "{terms:?}");
    assert!(found.warnings.iter().any(|warning| warning.code == "forbidden"));
    assert_eq!(found.proposals.len(), found.needs.len());
}

#[test]
fn a_mother_who_left_is_no_child_run_away_and_a_child_is() {
    assert_eq!(told("妈妈离家出走三年，下落不明", r#","age_months":100"#).first_step, None);
    assert_eq!(told("孩子离家出走两天了", r#","age_months":160"#).first_step.unwrap().term, "EMG-04");
}

#[test]
fn a_text_that_is_no_case_is_left_alone_and_says_so() {
    for text in [
        "请各社区周三前报送留守儿童台账和统计表，逾期通报。",
        "谢谢社工老师！孩子现在好多了，祝大家新年快乐。",
        "今天开展防欺凌讲座，到场80人，发放资料90份，孩子们听得认真。",
        "你们周末几点开门？停车方便吗，没别的事。",
    ] {
        let found = told(text, r#","age_months":100"#);
        assert!(found.needs.is_empty(), "{text}: {:?}", found.needs);
        assert!(found.warnings.iter().any(|warning| warning.code == "no_case"), "{text}");
    }
    let found = told("谢谢老师帮忙，祝您新年快乐。但是孩子还是天天做噩梦，不肯上学，能不能再看看？", r#","age_months":100"#);
    assert!(!found.needs.is_empty(), "one who thanks may ask as well");
    let found = told("谢谢老师，祝您健康。孩子说活着没意思，想死。", r#","age_months":150"#);
    assert!(found.first_step.is_some(), "a danger is read whatever the text is");
}

#[test]
fn a_case_without_age_or_place_says_so() {
    let codes = |answer: &Answer| answer.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(codes(&answered(r#"{"needs":[{"term":"PSY-03"}]}"#)), ["unknown_age", "unknown_place"]);
    assert_eq!(codes(&answered(r#"{"text":"孩子9岁，想学画画","place":{"division":"320116"}}"#)), Vec::<&str>::new());
    assert_eq!(codes(&answered("{}")), ["unknown_age", "unknown_place"]);
    let unknown = answered(r#"{"age_months":100,"place":{"division":"999999"},"categories":["NOBODY"],"needs":[{"term":"ZZZ-99"}]}"#);
    assert_eq!(codes(&unknown), ["unknown_place", "unknown_term", "unknown_category"]);
}

#[test]
fn facts_that_contradict_are_named_and_nothing_breaks() {
    let contradicts = |text: &str, more: &str| told(text, more).warnings.iter().any(|warning| warning.code == "contradiction");
    assert!(contradicts("3岁的孩子上初中", ""));
    assert!(contradicts("", r#","age_months":36,"school_stage":"junior""#));
    assert!(contradicts("孩子9岁", r#","age_months":180"#));
    assert!(contradicts("9岁女孩", r#","sex":"male""#));
    assert!(contradicts("奶奶是监护人，监护人同意接受服务", r#","age_months":100,"guardian":"absent""#));
    assert!(contradicts("孩子没有残疾证", r#","age_months":100,"holds":{"disability_certificate":true}"#));
    assert!(contradicts("爸爸在服刑", r#","age_months":100,"categories":["ORPHAN"]"#));
    assert!(!contradicts("9岁女孩，三年级，奶奶72岁", r#","age_months":112,"sex":"female","school_stage":"primary""#));
    let found = told("3岁的孩子上初中", "");
    let warning = found.warnings.iter().find(|warning| warning.code == "contradiction").unwrap();
    assert_eq!(warning.text, "3岁的孩子不会在初中");
}

#[test]
fn a_narrower_rule_replaces_the_wider_one_it_names_and_others_stand_side_by_side() {
    let rule = |id: &str, division: &str, level: &str, overrides: Option<&str>| -> PublicRule {
        let json = serde_json::json!({"id": id, "division": division, "kind": "entitlement", "terms": ["PSY-03"], "eligibility": {"all": []},
            "fee": {"audience": "other", "level": level, "amount_fen": if level == "free" { 0 } else { 1000 }}, "overrides": overrides});
        serde_json::from_value(json).unwrap()
    };
    let case = Case::read(r#"{"age_months":100,"place":{"division":"320116010"},"needs":[{"term":"PSY-03"}]}"#).unwrap();
    let facts = case.facts(&province::gazetteer(), "2026-11-25".parse().unwrap());
    let standing = |rules: &[PublicRule]| -> Vec<String> {
        forbid::in_force(rules, PublicRuleKind::Entitlement, &case, &facts).into_iter().map(|rule| rule.id.clone()).collect()
    };
    let province_free = || rule("province", "32", "free", None);
    assert_eq!(standing(&[province_free(), rule("city", "3201", "low", Some("province"))]), ["city"], "marked: it replaces, though dearer");
    assert_eq!(standing(&[province_free(), rule("city", "3201", "low", None)]), ["province", "city"], "not marked: the lowest fee counts");
    assert_eq!(standing(&[province_free(), rule("elsewhere", "3205", "low", Some("province"))]), ["province"]);
    assert_eq!(
        standing(&[rule("city", "3201", "free", None), rule("wide", "32", "low", Some("city"))]),
        ["city", "wide"],
        "the wider never replaces"
    );
}
