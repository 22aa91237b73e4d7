//! The policy over lines of text: a small county, bad lines, and what holds of every answer.

#![expect(clippy::unwrap_used, reason = "what cannot go on may stop")]

#[expect(dead_code, reason = "the bench uses more of it")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts and weeks of a made-up county are small"
)]
#[path = "../benches/county/mod.rs"]
mod county;

use std::collections::BTreeSet;

use county::{
    world::{Size, World},
    year::{Year, number},
};
use lianjie_index::policy::{
    Options, Policy,
    protocol::{Message, Reply},
    run,
};
use proptest::prelude::*;

/// A small county's year: the lines sent, and the answers of the policy in process.
fn small_year(seed: u64) -> (Vec<String>, Vec<String>, f64) {
    let world = World::new(seed, Size::SMALL);
    let mut year = Year::new(&world);
    let mut policy = Policy::new(Options::default());
    let (mut sent, mut answered, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let mut say = |message: Message| {
        sent.push(serde_json::to_string(&message).unwrap());
        let reply = policy.answer(message).unwrap();
        answered.extend(reply.iter().map(|reply| serde_json::to_string(reply).unwrap()));
        reply
    };
    say(Message::Init(world.init.clone()));
    while year.week < world.end() {
        let week = year.begin(std::mem::take(&mut answers));
        let first = week.open.first().cloned();
        let Some(Reply::Week { refer, ask }) = say(Message::Week(week)) else { panic!("a week is answered") };
        let needs: BTreeSet<_> = refer.iter().map(|(need, _)| need).collect();
        assert_eq!(needs.len(), refer.len(), "one referral a need");
        refer.iter().for_each(|(need, service)| year.refer(number(need), number(service), None));
        if let Some(need) = first {
            let Some(Reply::Rank { rank }) = say(Message::Rank { need: Box::new(need) }) else { panic!("a rank is answered") };
            assert!(rank.len() <= 5);
        }
        answers = year.reply(&ask);
        year.week += 1;
    }
    say(Message::End);
    let figures = year.score.figures(&world);
    assert!(figures.breaks == 0.0, "no stated rule is broken");
    (sent, answered, figures.completed)
}

fn conversation(lines: &str) -> Result<String, String> {
    let mut output = Vec::new();
    run(lines.as_bytes(), &mut output).map_err(|fault| fault.to_string())?;
    Ok(String::from_utf8(output).unwrap())
}

#[test]
fn a_small_county_is_answered_over_lines_as_in_process() {
    let (sent, answered, completed) = small_year(1);
    let output = conversation(&sent.join("\n")).unwrap();
    assert_eq!(output.lines().collect::<Vec<_>>(), answered);
    assert!(completed > 0.4, "{completed}");
}

#[test]
fn the_same_lines_give_the_same_bytes() {
    assert_eq!(small_year(2).1, small_year(2).1);
}

#[test]
fn a_bad_line_is_named_with_what_would_do() {
    let init = r#"{"type":"init","directory":[{"id":1,"org":1,"category":"a","town":0,"x":0,"y":0}]}"#;
    let need = |tier: u8| format!(r#"{{"id":7,"town":0,"x":0,"y":0,"category":"a","tier":{tier}}}"#);
    let week = |number: i64, open: &str, events: &str| format!(r#"{{"type":"week","week":{number},"open":[{open}],"events":[{events}]}}"#);
    let said = [
        ("nonsense".to_owned(), "line 1: not a message: "),
        (r#"{"type":"month"}"#.to_owned(), "line 1: not a message: unknown variant `month`"),
        (week(0, "", ""), "line 1: no directory yet; send a line of type \"init\" first"),
        (format!("{init}\n{init}"), "line 2: the directory was sent already"),
        (format!("{init}\n\n{}", week(0, &need(5), "")), "line 3: need 7 has tier 5; a tier is 1 (most urgent) to 4"),
        (format!("{init}\n{}", week(0, &format!("{0},{0}", need(1)), "")), "line 2: need 7 is open twice"),
        (format!("{init}\n{}\n{}", week(3, "", ""), week(2, "", "")), "line 3: week 2 comes after week 3"),
        (
            format!("{init}\n{}", week(0, "", r#"{"need":7,"service":9,"week":0,"outcome":"full"}"#)),
            "line 2: no service 9 in the directory",
        ),
        (format!("{init}\n{}", week(0, "", r#"{"need":7,"week":0,"outcome":"full"}"#)), "line 2: an event of need 7 names no service"),
        (init.replace(r#""x":0"#, r#""x":1e300"#), "line 1: service 1 lies"),
    ];
    for (lines, wanted) in said {
        let fault = conversation(&lines).unwrap_err();
        assert!(fault.starts_with(wanted), "{fault}");
    }
}

#[test]
fn unknown_facts_and_an_unknown_category_are_no_fault() {
    let lines = r#"{"type":"init","directory":[{"id":"s","org":1,"category":"a","town":0,"x":0,"y":0}]}
{"type":"week","week":0,"open":[{"id":"n","town":0,"x":0,"y":0,"category":"a","tier":1},{"id":"m","town":0,"x":0,"y":0,"category":"b","tier":1}]}"#;
    assert_eq!(conversation(lines).unwrap(), "{\"refer\":[[\"n\",\"s\"]],\"ask\":[]}\n");
}

proptest! {
    #[test]
    fn no_line_makes_the_policy_panic(line in "\\PC{0,80}", week in any::<i64>(), next in any::<i64>(), posted in any::<u32>(), age in any::<f64>()) {
        let _ = conversation(&line);
        let init = format!(r#"{{"type":"init","week":{week},"directory":[{{"id":1,"org":1,"category":"a","town":0,"x":0,"y":0,"posted_slots":{posted},"posted_week":{next}}}]}}"#);
        let need = serde_json::json!({"id":7,"town":0,"x":0,"y":0,"category":"a","tier":1,"age":age,"arrived":next,"travel_limit":age});
        let event = format!(r#"{{"need":7,"service":1,"week":{week},"outcome":"accepted"}}"#);
        let weeks = [week, next].map(|week| format!(r#"{{"type":"week","week":{week},"open":[{need}],"events":[{event}],"posted":[[1,{posted},{next}]]}}"#));
        let _ = conversation(&format!("{init}\n{}\n{}", weeks[0], weeks[1]));
    }
}
