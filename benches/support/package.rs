//! A directory of some other county as a package of tables, as large as one likes and the same each time.

use std::fmt::Write;
use std::path::Path;

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub organizations: usize,
    pub services: usize,
    pub schedules: usize,
}

const KINDS: [&str; 6] = ["社会工作服务中心", "康复中心", "心理咨询中心", "图书馆", "志愿者协会", "托管服务中心"];
const WORDS: [&str; 12] = ["青藤", "新芽", "晨光", "向阳", "春晖", "秋实", "星河", "白鹭", "远航", "同行", "沐风", "知行"];
const NEEDS: [&str; 8] = ["作业辅导", "周末陪伴", "言语训练", "心理辅导", "亲子阅读", "放学接送", "法律咨询", "暑期课堂"];
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const STREETS: [&str; 4] = ["长芦街道", "葛塘街道", "大厂街道", "雄州街道"];

/// Writes the package into a folder.
pub fn write(folder: &Path, size: Size) {
    let mut organizations = "id,name,description,website\n".to_owned();
    let mut locations = "id,organization_id,name,latitude,longitude\n".to_owned();
    let mut addresses = "id,location_id,address_1,city,state_province,postal_code,country\n".to_owned();
    let mut phones = "id,organization_id,number,type\n".to_owned();
    for one in 0..size.organizations {
        let (word, other) = (WORDS[one % 12], WORDS[one / 12 % 12]);
        let (kind, street) = (KINDS[one % 6], STREETS[one % 4]);
        line(&mut organizations, format_args!("{one},{word}{other}第{one}{kind},为孩子和家庭提供服务,http://{one}.example.cn"));
        let (north, east) = (32.2 + f64::from(u16::try_from(one % 900).unwrap_or(0)) / 10_000.0, 118.7);
        line(&mut locations, format_args!("{one},{one},{street}站点,{north:.4},{east}"));
        line(&mut addresses, format_args!("{one},{one},南京市六合区{street}{}号,南京市,江苏省,210000,CN", one + 1));
        line(&mut phones, format_args!("{one},{one},025-{:08},voice", one + 50_000_000));
    }
    let mut services = "id,organization_id,name,description,status,application_process\n".to_owned();
    let mut sites = "id,service_id,location_id\n".to_owned();
    let mut costs = "id,service_id,option,currency,amount\n".to_owned();
    for one in 0..size.services {
        let owner = one % size.organizations;
        let need = NEEDS[one / size.organizations % 8];
        line(&mut services, format_args!("{one},{owner},{need}{one},由老师和志愿者提供的{need},active,打电话报名"));
        line(&mut sites, format_args!("{one},{one},{owner}"));
        line(&mut costs, format_args!("{one},{one},,CNY,{}", one % 5 * 10));
    }
    let mut schedules = "id,service_id,byday,opens_at,closes_at\n".to_owned();
    for one in 0..size.schedules {
        let (service, hour) = (one % size.services, 8 + one / size.services * 4);
        line(&mut schedules, format_args!("{one},{service},{},{hour:02}:00,{:02}:30", DAYS[one % 7], hour + 2));
    }
    for (name, text) in [
        ("organizations.csv", organizations),
        ("locations.csv", locations),
        ("addresses.csv", addresses),
        ("phones.csv", phones),
        ("services.csv", services),
        ("service_at_location.csv", sites),
        ("cost_options.csv", costs),
        ("schedules.csv", schedules),
    ] {
        std::fs::write(folder.join(name), text).expect("the folder can be written");
    }
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).expect("a text takes all");
    text.push('\n');
}
