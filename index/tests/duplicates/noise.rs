//! Slips of hand, ear and software: what happens to Chinese text on its way into a list.

use std::{collections::HashMap, sync::LazyLock};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use pinyin::{ToPinyin, ToPinyinMulti};

use super::luck::Luck;

/// Characters people confuse by their look; made apart from the table of the engine.
const LOOKS: [&str; 44] = [
    "未末", "己已", "人入", "土士", "天夫", "贝见", "晴睛", "晖挥", "篮蓝", "梁粱", "暖暧", "微徽", "既即", "治冶", "准淮", "折拆", "圆园",
    "幼幻", "助肋", "健建", "星皇", "宇字", "轩轻", "涵函", "萱宣", "怡治", "琪棋", "欣欢", "妍研", "浩洁", "宸辰", "睿客", "泽择", "峻俊",
    "芸芒", "诺若", "梦楚", "瑶摇", "婷停", "佳住", "杨扬", "陈陆", "旭旮", "希布",
];

/// Common characters a slip may put in another's place.
const POOL: &str = "春晖阳光向日葵蓝天彩虹心语希望之家童乐未来星辰暖流和谐同行明德博爱仁爱益友微笑绿叶青苗新芽小树成长启航扬帆翼飞梦想家园守护天使百合丁香\
紫藤橄榄蒲公英萤火虫蒲苇红枫晨曦朝霞云帆海棠金桥石榴知行思源慧心静安宁静致远善行慈航惠民利民福泽康乐康宁安康优优爱心真诚馨香新欣辛兴星形行型醒幸性姓杏\
子梓紫轩萱宣涵晗函汉浩昊皓豪号佳嘉家加怡宜仪依一伊奕艺雨语宇羽玉钰裕煜欣欣馨然燃冉诗思丝斯琪其奇棋琦睿瑞锐蕊博伯柏泊晨辰宸尘俊军君均峻婷亭庭廷\
静敬靖镜丽莉利立力建健剑见国果过伟纬玮卫明名铭鸣芳方放房强墙军俊平萍屏海还华花桦画永勇咏红宏洪虹鸿志智治致文雯闻纹林琳霖临梅美妹玲铃凌灵路鹿露陆\
张章王汪李黎杨扬陈程刘柳赵周邹吴武徐许孙朱诸胡湖郭何河高林罗郑";

static BY_SOUND: LazyLock<HashMap<&'static str, Vec<char>>> = LazyLock::new(|| {
    let mut by_sound: HashMap<&str, Vec<char>> = HashMap::new();
    for c in POOL.chars() {
        if let Some(reading) = c.to_pinyin() {
            let alike = by_sound.entry(reading.plain()).or_default();
            if !alike.contains(&c) {
                alike.push(c);
            }
        }
    }
    by_sound
});

static TRADITIONAL: LazyLock<OpenCC> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2t).unwrap());

/// Text in traditional characters.
pub fn traditional(text: &str) -> String {
    TRADITIONAL.convert(text)
}

/// A text with one homophone in it, where there is one.
pub fn homophone(luck: &mut Luck, text: &str) -> String {
    replace(luck, text, |luck, c| {
        let readings = c.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain());
        let alike: Vec<char> =
            readings.filter_map(|reading| BY_SOUND.get(reading)).flatten().copied().filter(|other| *other != c).collect();
        (!alike.is_empty()).then(|| alike[luck.below(alike.len())])
    })
}

/// A text with one character taken for one that looks like it.
pub fn lookalike(luck: &mut Luck, text: &str) -> String {
    replace(luck, text, |_, c| {
        let group = LOOKS.iter().find(|group| group.contains(c))?;
        group.chars().find(|other| *other != c)
    })
}

/// A text with some other character in the place of one.
pub fn wrong(luck: &mut Luck, text: &str) -> String {
    let pool: Vec<char> = POOL.chars().collect();
    replace(luck, text, |luck, c| Some(pool[luck.below(pool.len())]).filter(|other| *other != c))
}

fn replace(luck: &mut Luck, text: &str, other: impl Fn(&mut Luck, char) -> Option<char>) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let start = luck.below(chars.len().max(1));
    for n in 0..chars.len() {
        let at = (start + n) % chars.len();
        if let Some(other) = other(luck, chars[at]) {
            chars[at] = other;
            break;
        }
    }
    chars.into_iter().collect()
}

/// A text that lost a character.
pub fn dropped(luck: &mut Luck, text: &str) -> String {
    let at = luck.below(text.chars().count().max(1));
    text.chars().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c).collect()
}

/// A text with two neighbours exchanged.
pub fn swapped(luck: &mut Luck, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() > 1 {
        let at = luck.below(chars.len() - 1);
        chars.swap(at, at + 1);
    }
    chars.into_iter().collect()
}

/// One slip of any kind.
pub fn slip(luck: &mut Luck, text: &str) -> String {
    match luck.weighted(&[40, 22, 10, 16, 12]) {
        0 => homophone(luck, text),
        1 => lookalike(luck, text),
        2 => wrong(luck, text),
        3 if text.chars().count() > 2 => dropped(luck, text),
        _ => swapped(luck, text),
    }
}

/// A phone number written in one of the ways people write it; landlines have an area code.
pub fn phone(luck: &mut Luck, digits: &str) -> String {
    let mobile = digits.len() == 11 && digits.starts_with('1');
    let (head, tail) = digits.split_at(if mobile { 3 } else { digits.len() - 8 });
    let (middle, end) = tail.split_at(4);
    match luck.weighted(&[30, 14, 12, 12, 10, 8, 8, 6]) {
        0 => digits.to_owned(),
        1 => format!("{head}-{tail}"),
        2 => format!("{head} {middle} {end}"),
        3 if !mobile => format!("({head}){tail}"),
        3 => format!("+86 {digits}"),
        4 if !mobile => tail.to_owned(),
        4 => format!("{head}-{middle}-{end}"),
        5 => format!("{head}****{end}"),
        6 if mobile => format!("{head}xxxx{end}"),
        6 => format!("+86-{}-{tail}", head.trim_start_matches('0')),
        _ if mobile => format!("{head}{middle}****"),
        _ => format!("{head}-{tail}转{}", luck.number(1, 9)),
    }
}

/// A number with a wrong digit.
pub fn misdialled(luck: &mut Luck, digits: &str) -> String {
    let at = 4 + luck.below(digits.len() - 4);
    let other = char::from_digit(luck.number(0, 9), 10).unwrap();
    digits.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect()
}

/// A number in Chinese numerals, up to 999.
pub fn numeral(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| DIGITS[n as usize];
    match number {
        0..10 => digit(number).to_owned(),
        10..20 => format!("十{}", if number == 10 { "" } else { digit(number % 10) }),
        20..100 => format!("{}十{}", digit(number / 10), if number.is_multiple_of(10) { "" } else { digit(number % 10) }),
        _ => {
            let rest = number % 100;
            let between = if rest > 0 && rest < 10 { "零" } else { "" };
            let rest = match rest {
                0 => String::new(),
                10..20 => format!("一{}", numeral(rest)),
                _ => numeral(rest),
            };
            format!("{}百{between}{rest}", digit(number / 100))
        }
    }
}
