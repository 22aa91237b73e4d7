//! Short paragraphs as workers write them, and what must be read of them.
use super::*;

fn told(text: &str) -> Vec<(Person, &'static str)> {
    read(text).facts.iter().map(|fact| (fact.who, fact.what)).collect()
}

#[test]
fn show() {
    let texts = ["爸爸在监狱，妈妈走了半年没有消息，奶奶72岁一个人带。"];
    for text in texts {
        println!("{text}: {:?}", told(text));
    }
}
