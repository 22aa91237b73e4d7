//! Websites: the host that is a body's own. A page on a platform that all share tells nothing.

/// Hosts on which many bodies have a page; what ends in one of them is as common.
const SHARED: [&str; 40] = [
    "gov.cn",
    "qq.com",
    "weibo.com",
    "weibo.cn",
    "sina.com.cn",
    "sina.com",
    "163.com",
    "126.com",
    "sohu.com",
    "baidu.com",
    "toutiao.com",
    "douyin.com",
    "kuaishou.com",
    "xiaohongshu.com",
    "bilibili.com",
    "zhihu.com",
    "jianshu.com",
    "douban.com",
    "taobao.com",
    "tmall.com",
    "jd.com",
    "alipay.com",
    "meituan.com",
    "dianping.com",
    "58.com",
    "ganji.com",
    "amap.com",
    "youku.com",
    "ximalaya.com",
    "youzan.com",
    "weidian.com",
    "wjx.cn",
    "jinshuju.net",
    "mikecrm.com",
    "chinanpo.mca.gov.cn",
    "cishan.chinanpo.gov.cn",
    "tianyancha.com",
    "qcc.com",
    "github.io",
    "wordpress.com",
];

/// The host of a folded address, without what is put before most (`www.`, `m.`); empty where there is none or it is shared.
pub(super) fn read(folded: &str) -> String {
    let text = folded.trim().to_lowercase();
    let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ' ', '，', ',', ';']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().trim_end_matches('.');
    let host = ["www.", "m.", "wap."].iter().find_map(|before| host.strip_prefix(before)).unwrap_or(host);
    let named = host.split('.').count() >= 2
        && host.split('.').all(|label| !label.is_empty())
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
        && host.chars().any(char::is_alphabetic);
    let shared = SHARED.iter().any(|shared| host == *shared || host.strip_suffix(shared).is_some_and(|before| before.ends_with('.')));
    if named && !shared { host.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_in_every_form() {
        for written in ["https://www.chunhui.org.cn/about?id=1", "CHUNHUI.org.cn", "http://m.chunhui.org.cn:8080", "chunhui.org.cn. "] {
            assert_eq!(read(written), "chunhui.org.cn", "{written}");
        }
    }

    #[test]
    fn a_page_on_a_platform_tells_nothing() {
        for shared in ["https://mp.weixin.qq.com/s/abc", "http://www.njlh.gov.cn/mz/", "weibo.com/chunhui", "无", "192.168.0.1", "有"] {
            assert_eq!(read(shared), "", "{shared}");
        }
        assert_eq!(read("myqq.com"), "myqq.com");
    }
}
