#[path = "../benches/province.rs"]
mod province;
use lianjie_index::*;
#[test]
fn look() {
    let v = province::vocabulary();
    for t in ["孩子没人接送，成绩也差", "一上学就肚子疼，不想去上学", "没有自杀想法，就是情绪低落", "女儿说不想活了，划手臂", "爸爸在监狱，妈妈跑了，奶奶带孩子，奶奶年纪大了", "孩子自闭症想做康复训练，家里没钱", "心理咨询", "心理", "她被继父摸了", "上户口", "奶奶去世了，孩子不说话", "低保怎么申请", "child wants autism rehabilitation", "学校不收自闭症孩子", "爸爸打妈妈，孩子躲起来", "孩子被同学打", "没爸没妈", "网瘾，通宵打游戏", "上下学没有人接送", "放学后没人管作业"] {
        let needs: Vec<String> = v.read(t).iter().map(|n| format!("{}{}:{}", n.term, v.name(&n.term, Language::Zh), n.score)).collect();
        let signs: Vec<String> = v.danger(t, Some(120), Some(lianjie_index::rule::Sex::Female)).iter().map(|s| format!("{}“{}”", s.code, s.text)).collect();
        println!("{t}\n   {}\n   !! {}", needs.join("  "), signs.join(" "));
    }
    let start = std::time::Instant::now();
    let index = province::province(15_000);
    println!("build {:?}", start.elapsed());
    let rss = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", rss.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM")).collect::<Vec<_>>().join(" "));
    for words in ["", "心理咨询", "没人接送", "厌学 南京", "春晖", "chunhui", "光f", "gfz", "浦口区 康复", "青少年心理咨寻", "孩子一上学就肚子疼", "社会工作服务", "xinlizixun"] {
        let mut q = Query::new(words, province::NOW);
        q.facets = true;
        q.viewer = entry::Viewer::worker();
        q.near = Some(search::Near { division: Some("320116010".parse().unwrap()), point: None });
        let start = std::time::Instant::now();
        let hits = index.search(&q).unwrap();
        println!("{words}: {} in {:?}; facets {}", hits.total, start.elapsed(), hits.facets.values().map(Vec::len).sum::<usize>());
        for h in hits.hits.iter().take(3) {
            println!("    {} {} | {} {:?} {:?} {:?}", h.score, h.entry.name, h.entry.organization_name, h.cover, h.distance_km, h.reasons);
        }
    }
    for t in ["gfz", "lh", "心理", "浒关", "xuguan", "江北"] {
        println!("{t}: {:?}", index.suggest(t, &entry::Viewer::worker(), 5));
    }
    let case = Case::read(r#"{"id":"x","text":"孩子不想去上学，情绪低落，家里没人接送","age_months":110,"categories":["LEFT"],"place":{"division":"320116010"},"risk":"yellow","travel":{"mode":"ebike","limit_minutes":40}}"#).unwrap();
    let rates = Rates::default();
    let setting = Setting { rates: &rates, public_rules: &[], now: province::NOW, today: "2026-11-25".parse().unwrap(), language: Language::Zh, viewer: entry::Viewer::worker() };
    let start = std::time::Instant::now();
    let answer = matching::answer(&index, &case, &setting).unwrap();
    println!("match {:?} needs {}", start.elapsed(), answer.needs.len());
    let mut a = answer.clone();
    a.proposals.truncate(1); a.proposals[0].services.truncate(2); a.proposals[0].excluded.truncate(2);
    println!("{}", serde_json::to_string_pretty(&a).unwrap());
}
