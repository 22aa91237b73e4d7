//! What a list may hold, by the names of the API, and the many words that lists use for it.

use serde::{Deserialize, Serialize};

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Organizations.
    Organizations,
    /// Services.
    Services,
    /// Children.
    Children,
}

/// A field: its name, the words of heads that are it as a whole, the words that say it where they stand within a head.
pub struct Field {
    /// Its name in the API.
    pub name: &'static str,
    whole: &'static [&'static str],
    within: &'static [&'static str],
}

const fn field(name: &'static str, whole: &'static [&'static str], within: &'static [&'static str]) -> Field {
    Field { name, whole, within }
}

const ORGANIZATIONS: &[Field] = &[
    field("code", &["代码", "code", "code_uscc", "uscc", "机构代码", "组织机构代码"], &["信用代码", "社会信用", "统一代码"]),
    field(
        "name",
        &["名称", "单位", "机构", "name", "全称", "organization", "单位名", "机构名", "组织", "单位全称"],
        &["机构名称", "单位名称", "组织名称", "机构全称", "服务机构", "承接机构"],
    ),
    field("kind", &["类别", "类型", "性质", "kind", "type"], &["机构类别", "机构类型", "机构性质", "单位类型", "单位性质", "组织类型"]),
    field("address", &["地址", "address", "住所", "地点", "位置"], &["地址", "住所地", "办公地点", "所在地"]),
    field(
        "division",
        &["区划", "division", "区县", "县区", "街道", "区域", "乡镇", "所属区", "镇街", "县（市、区）"],
        &["行政区划", "所属区县", "所在区县", "所属街道", "区划代码", "所在街道", "所属地区", "所在区"],
    ),
    field(
        "phone",
        &["电话", "手机", "phone", "电话号码", "联系方式", "tel", "座机", "热线", "手机号"],
        &["联系电话", "咨询电话", "办公电话", "电话号码", "手机号码", "服务电话", "固定电话"],
    ),
    field("description", &["简介", "介绍", "description", "业务范围"], &["机构简介", "单位简介", "机构介绍", "业务范围"]),
    field("contact", &["联系人", "contact", "负责人", "法人", "站长"], &["联系人", "负责人", "法定代表人"]),
    field("website", &["网址", "网站", "website", "官网", "url"], &["网址", "官方网站"]),
];

const SERVICES: &[Field] = &[
    field(
        "name",
        &["名称", "服务", "项目", "name", "service", "服务名", "课程名称", "课程"],
        &["服务名称", "项目名称", "服务项目", "活动名称"],
    ),
    field(
        "organization",
        &["机构", "单位", "organization", "提供方", "主办方"],
        &["机构名称", "单位名称", "服务机构", "承接机构", "所属机构", "提供机构", "提供单位", "承办单位", "服务单位", "实施单位"],
    ),
    field("term", &["分类", "类别", "term", "类型", "需求", "服务类"], &["服务类别", "服务类型", "服务分类", "对应需求", "需求类别"]),
    field(
        "description",
        &["说明", "介绍", "内容", "简介", "description", "详情"],
        &["服务内容", "服务说明", "服务介绍", "项目内容", "内容简介", "项目简介"],
    ),
    field("minimum_age", &["最小年龄", "minimum_age", "年龄下限", "起始年龄", "最低年龄"], &["最小年龄", "年龄下限", "最低年龄"]),
    field("maximum_age", &["最大年龄", "maximum_age", "年龄上限", "最高年龄"], &["最大年龄", "年龄上限", "最高年龄"]),
    field(
        "ages",
        &["年龄", "适龄", "年龄段", "年龄范围", "age", "ages"],
        &["服务年龄", "适用年龄", "年龄范围", "年龄要求", "适合年龄", "招收年龄"],
    ),
    field(
        "categories",
        &["对象", "人群", "categories", "服务人群"],
        &["服务对象", "面向对象", "适用对象", "服务人群", "儿童类别", "面向人群"],
    ),
    field("fee", &["费用", "收费", "fee", "价格", "是否收费", "收费标准"], &["收费标准", "收费方式", "服务费用", "收费情况", "是否免费"]),
    field(
        "places",
        &["名额", "人数", "places", "容量", "床位", "招生人数"],
        &["可容纳", "剩余名额", "服务名额", "名额数", "接待人数", "招收人数"],
    ),
    field("hours", &["时间", "开放时间", "hours", "营业时间"], &["服务时间", "开放时间", "活动时间", "上课时间", "办公时间"]),
    field("area", &["区域", "范围", "area", "覆盖"], &["服务区域", "服务范围", "覆盖区域", "覆盖范围", "服务半径"]),
    field(
        "phone",
        &["电话", "手机", "phone", "联系方式", "tel", "电话号码"],
        &["联系电话", "咨询电话", "报名电话", "预约电话", "服务电话"],
    ),
];

const CHILDREN: &[Field] = &[
    field(
        "identity_number",
        &["身份证", "证件号", "identity_number", "身份号码", "证号", "身份证号码", "身份证号"],
        &["身份证", "证件号码", "公民身份", "身份号码"],
    ),
    field("guardian", &["监护人", "家长", "guardian", "父母", "监护人姓名", "家长姓名"], &["监护人", "家长姓名", "抚养人", "照料人"]),
    field(
        "name",
        &["姓名", "名字", "name", "儿童", "孩子", "学生", "儿童姓名"],
        &["儿童姓名", "学生姓名", "孩子姓名", "未成年人姓名", "姓名"],
    ),
    field("sex", &["性别", "sex", "gender"], &["性别"]),
    field("birth_date", &["生日", "出生", "birth_date", "出生日期", "出生年月", "birthday"], &["出生日期", "出生年月", "出生时间"]),
    field(
        "phone",
        &["电话", "手机", "phone", "联系方式", "电话号码", "tel"],
        &["联系电话", "家长电话", "手机号", "电话号码", "监护人电话"],
    ),
    field(
        "division",
        &["区划", "division", "街道", "乡镇", "镇街", "区县", "所属街道"],
        &["行政区划", "所属街道", "所在街道", "所属乡镇", "所在乡镇", "所属镇街"],
    ),
    field("address", &["地址", "住址", "address", "现住址", "家庭住址"], &["住址", "地址", "居住地"]),
    field("school", &["学校", "school", "就读学校", "班级"], &["就读", "学校", "所在校"]),
    field(
        "categories",
        &["类别", "categories", "困境类型", "儿童类别", "类型"],
        &["困境类", "儿童类别", "儿童类型", "保障类别", "困难类型", "人员类别"],
    ),
];

impl Kind {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Services => "services",
            Self::Children => "children",
        }
    }

    /// The fields of a list of this kind.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Organizations => ORGANIZATIONS,
            Self::Services => SERVICES,
            Self::Children => CHILDREN,
        }
    }

    /// The field of a name in the API.
    #[must_use]
    pub fn named(self, name: &str) -> Option<&'static str> {
        self.fields().iter().find(|field| field.name == name).map(|field| field.name)
    }

    /// The fields without which a row says nothing; a service of the organization that its own list registers need not say whose it is.
    #[must_use]
    pub const fn required(self, own: bool) -> &'static [&'static str] {
        match self {
            Self::Services if !own => &["name", "organization"],
            Self::Organizations | Self::Services | Self::Children => &["name"],
        }
    }

    /// The field a head names, with how surely: as a whole, or within.
    #[must_use]
    pub fn field(self, head: &str) -> Option<(&'static str, u8)> {
        let plain = plain(head);
        if plain.is_empty() || plain.chars().count() > 20 {
            return None;
        }
        let whole = self.fields().iter().find(|field| field.whole.iter().any(|word| plain == self::plain(word)));
        if let Some(field) = whole {
            return Some((field.name, 2));
        }
        // Of words within a head the last says what it is, and of those the longest: 监护人电话 is a phone number.
        let mut within: Vec<(usize, usize, &'static str)> = Vec::new();
        for field in self.fields() {
            for word in field.within.iter().chain(field.whole.iter().filter(|word| word.chars().count() >= 2)) {
                let word = self::plain(word);
                if let Some(at) = plain.rfind(&word) {
                    within.push((at + word.len(), word.chars().count(), field.name));
                }
            }
        }
        within.into_iter().max_by_key(|(end, length, _)| (*end, *length)).map(|(.., name)| (name, 1))
    }
}

/// A head without what is only for the eye: blanks, stars, brackets with what is in them, units.
fn plain(head: &str) -> String {
    let folded = lianjie_index::text::fold(head);
    let mut depth = 0;
    let kept = folded.chars().filter(|letter| match letter {
        '(' | '[' | '（' | '【' | '<' => {
            depth += 1;
            false
        }
        ')' | ']' | '）' | '】' | '>' => {
            depth = (depth - 1).max(0);
            false
        }
        _ => depth == 0 && !letter.is_whitespace() && !matches!(letter, '*' | '＊' | ':' | '：' | '、' | '/' | '#' | '?' | '.' | '_' | '-'),
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: Kind, head: &str) -> Option<&'static str> {
        kind.field(head).map(|(name, _)| name)
    }

    #[test]
    fn heads_come_in_many_words() {
        for (head, name) in [
            ("机构名称", "name"),
            ("单位", "name"),
            ("名称*", "name"),
            ("联系电话", "phone"),
            ("手 机", "phone"),
            ("电话号码（必填）", "phone"),
            ("统一社会信用代码", "code"),
            ("所属区县", "division"),
            ("机构地址", "address"),
            ("联系人", "contact"),
            ("联系人电话", "phone"),
            ("机构类型", "kind"),
        ] {
            assert_eq!(field(Kind::Organizations, head), Some(name), "{head}");
        }
        for (head, name) in [
            ("出生年月", "birth_date"),
            ("现住址", "address"),
            ("监护人电话", "phone"),
            ("监护人姓名", "guardian"),
            ("儿童姓名", "name"),
            ("身份证号", "identity_number"),
            ("就读学校", "school"),
            ("困境类别", "categories"),
        ] {
            assert_eq!(field(Kind::Children, head), Some(name), "{head}");
        }
        for (head, name) in
            [("服务机构", "organization"), ("服务名称", "name"), ("年龄范围", "ages"), ("收费标准", "fee"), ("服务范围", "area")]
        {
            assert_eq!(field(Kind::Services, head), Some(name), "{head}");
        }
        assert_eq!(field(Kind::Organizations, "序号"), None);
        assert_eq!(field(Kind::Organizations, "青藤社工服务中心在本区开展困境儿童服务"), None);
    }
}
