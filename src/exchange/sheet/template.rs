//! The empty list to fill in: drop-down lists where a value is one of some, long numbers kept as text, a sheet that says how.

use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook, Worksheet, XlsxError};

use super::fields::Kind;
use crate::app::App;
use crate::error::{Error, Result};

/// Rows that have drop-down lists.
const ROWS: u32 = 1_000;
/// The sheet of organizations.
const ORGANIZATION_SHEET: &str = "机构";
/// The sheet of services.
const SERVICE_SHEET: &str = "服务";
/// The sheet that says how to fill in the others.
const EXPLAINING_SHEET: &str = "填写说明";
/// The hidden sheet of what the drop-down lists hold.
const OPTION_SHEET: &str = "选项";

/// What a sheet lists, by its name, in a file by which an organization registers; none where it is one to be left alone. The first
/// is of organizations, whatever it is called, unless it is the one of services.
#[must_use]
pub fn kind_of(name: &str, is_first: bool) -> Option<Kind> {
    if [EXPLAINING_SHEET, OPTION_SHEET].contains(&name) {
        return None;
    }
    let says = ["机构", "单位", "组织"].iter().any(|word| name.contains(word));
    Some(if says || is_first && name != SERVICE_SHEET { Kind::Organizations } else { Kind::Services })
}

/// Values that a column takes from a drop-down list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Kinds,
    Counties,
    Leaves,
}

/// A column: its head, what to write, whether it must be filled, where its values are listed.
#[derive(Debug, Clone, Copy)]
struct Column {
    head: &'static str,
    hint: &'static str,
    must: bool,
    list: Option<Values>,
}

const fn column(head: &'static str, hint: &'static str, must: bool, list: Option<Values>) -> Column {
    Column { head, hint, must, list }
}

const ORGANIZATIONS: &[Column] = &[
    column("机构名称", "登记证书上的全称", true, None),
    column("机构类型", "从下拉列表里选", true, Some(Values::Kinds)),
    column("所在区县", "从下拉列表里选", true, Some(Values::Counties)),
    column("统一社会信用代码", "18 位；没有可以不填", false, None),
    column("地址", "写到门牌号", false, None),
    column("联系电话", "机构的电话，不写个人手机；几个号码用顿号隔开", false, None),
    column("机构简介", "做什么、有什么专长；核验时要有", false, None),
    column("联系人", "名录不存个人姓名，可以不填", false, None),
    column("网址", "没有可以不填", false, None),
];

const SERVICES: &[Column] = &[
    column("服务名称", "家长看得懂的名称", true, None),
    column("服务机构", "目录里已有机构的全称", true, None),
    column("服务类别", "从下拉列表里选一项需求", true, Some(Values::Leaves)),
    column("服务内容", "做什么、怎么做", false, None),
    column("年龄范围", "例如 6-15岁、6岁以上", false, None),
    column("服务对象", "例如 留守、重残；不填就是不限", false, None),
    column("收费标准", "无偿；或写金额，例如 20元/次、低偿 5元/小时；按对象收费的写 困境无偿、社区低偿5元/次、其他20元/次", false, None),
    column("名额", "一个整数", false, None),
    column("服务时间", "例如 周一至周五 16:30-18:30；周六 9:00-12:00", false, None),
    column("服务区域", "区县或街道，几个用顿号隔开", false, None),
    column("联系电话", "报名和咨询用", false, None),
];

/// A sheet of the file: its name and its columns.
struct Part {
    name: &'static str,
    columns: Vec<Column>,
}

/// The empty list as xlsx.
///
/// # Errors
/// Lists of children have no template: they come from departments as they are.
pub fn template(app: &App, kind: Kind) -> Result<Vec<u8>> {
    let part = match kind {
        Kind::Organizations => Part { name: ORGANIZATION_SHEET, columns: ORGANIZATIONS.to_vec() },
        Kind::Services => Part { name: SERVICE_SHEET, columns: SERVICES.to_vec() },
        Kind::Children => return Err(Error::invalid("kind", "sheet_no_template")),
    };
    let lines = ["一行一条，不要合并单元格，不要改表头。", "带 * 的必须填写。", "收进来以后由登记员核验，核验前不参与匹配。"];
    written(app, &[part], &lines)
}

/// The empty list by which an organization registers with its services, as xlsx.
pub fn registration(app: &App) -> Result<Vec<u8>> {
    // What a registrar asks of an entry must be there, and whose the services are goes without saying.
    let must = |column: &Column| Column { must: column.must || ["机构简介", "联系电话"].contains(&column.head), ..*column };
    let own = SERVICES.iter().filter(|column| column.head != "服务机构").copied();
    let parts = [
        Part { name: ORGANIZATION_SHEET, columns: ORGANIZATIONS.iter().map(must).collect() },
        Part { name: SERVICE_SHEET, columns: own.collect() },
    ];
    let lines = [
        "“机构”表只填一行：要登记的这一家。“服务”表一项服务一行，没有可以不填。",
        "不要合并单元格，不要改表头。带 * 的必须填写。",
        "传上来以后先看，能改，再提交；由登记员核验，核验前不参与匹配。",
    ];
    written(app, &parts, &lines)
}

fn written(app: &App, parts: &[Part], lines: &[&str]) -> Result<Vec<u8>> {
    let used = parts.iter().flat_map(|part| &part.columns).filter_map(|column| column.list);
    let lists = used.map(|values| {
        let listed = match values {
            Values::Kinds => kinds(app),
            Values::Counties => counties(app),
            Values::Leaves => leaves(app),
        };
        (values, listed)
    });
    write(parts, &lists.collect::<Vec<_>>(), lines).map_err(|error| Error::Store(format!("the template was not written: {error}")))
}

fn kinds(app: &App) -> Vec<String> {
    app.categories.get().kinds.iter().map(|kind| kind.named.code.clone()).collect()
}

fn counties(app: &App) -> Vec<String> {
    let divisions = app.divisions.get();
    divisions.of_level("county").map(|row| divisions.full_name(&row.code)).collect()
}

fn leaves(app: &App) -> Vec<String> {
    app.vocabulary.get().terms().filter(|term| term.code.is_leaf()).map(|term| term.zh.clone()).collect()
}

fn write(parts: &[Part], lists: &[(Values, Vec<String>)], lines: &[&str]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for part in parts {
        let sheet = book.add_worksheet();
        sheet.set_name(part.name)?;
        fill(sheet, &part.columns, lists)?;
    }
    explain(book.add_worksheet(), parts, lines)?;
    let options = book.add_worksheet();
    options.set_name(OPTION_SHEET)?.set_hidden(true);
    for (index, (_, list)) in (0u16..).zip(lists) {
        for (row, value) in (0u32..).zip(list) {
            options.write(row, index, value)?;
        }
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, columns: &[Column], lists: &[(Values, Vec<String>)]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    // As text a long number keeps its last digits.
    let text = Format::new().set_num_format("@");
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0u16..).zip(columns) {
        let written = if column.must { format!("{}*", column.head) } else { column.head.to_owned() };
        sheet.set_column_format(index, &text)?;
        sheet.set_column_width(index, if column.list.is_some() { 24 } else { 20 })?;
        sheet.write_with_format(0, index, written, &head)?;
        let listed = column.list.and_then(|list| lists.iter().zip(b'A'..).find(|((values, _), _)| *values == list));
        let Some(((_, list), letter)) = listed else { continue };
        let letter = char::from(letter);
        let range = Formula::new(format!("={OPTION_SHEET}!${letter}$1:${letter}${}", list.len().max(1)));
        let validation =
            DataValidation::new().allow_list_formula(range).set_error_title("不在列表里")?.set_error_message("请从下拉列表里选一项。")?;
        sheet.add_data_validation(1, index, ROWS, index, &validation)?;
    }
    Ok(())
}

fn explain(sheet: &mut Worksheet, parts: &[Part], lines: &[&str]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    sheet.set_name(EXPLAINING_SHEET)?;
    sheet.set_column_width(0, 22)?;
    sheet.set_column_width(1, 60)?;
    sheet.write_with_format(0, 0, "怎么填", &head)?;
    for (row, line) in (1u32..).zip(lines) {
        sheet.write(row, 1, *line)?;
    }
    let mut row = 5;
    for part in parts {
        if parts.len() > 1 {
            sheet.write_with_format(row, 0, part.name, &head)?;
            row += 1;
        }
        for column in &part.columns {
            sheet.write(row, 0, column.head)?;
            sheet.write(row, 1, column.hint)?;
            row += 1;
        }
    }
    Ok(())
}
