//! The empty list to fill in: drop-down lists where a value is one of some, long numbers kept as text, a sheet that says how.

use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook, Worksheet, XlsxError};

use super::fields::Kind;
use crate::app::App;
use crate::error::{Error, Result};

/// Rows that have drop-down lists.
const ROWS: u32 = 1_000;

/// A column: its head, what to write, whether it must be filled, where its values are listed.
struct Column {
    head: &'static str,
    hint: &'static str,
    must: bool,
    list: Option<usize>,
}

const fn column(head: &'static str, hint: &'static str, must: bool, list: Option<usize>) -> Column {
    Column { head, hint, must, list }
}

const ORGANIZATIONS: &[Column] = &[
    column("机构名称", "登记证书上的全称", true, None),
    column("机构类型", "从下拉列表里选", true, Some(0)),
    column("所在区县", "从下拉列表里选", true, Some(1)),
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
    column("服务类别", "从下拉列表里选一项需求", true, Some(0)),
    column("服务内容", "做什么、怎么做", false, None),
    column("年龄范围", "例如 6-15岁、6岁以上", false, None),
    column("服务对象", "例如 留守、重残；不填就是不限", false, None),
    column("收费标准", "无偿；或写金额，例如 20元/次、低偿 5元/小时", false, None),
    column("名额", "一个整数", false, None),
    column("服务时间", "例如 周一至周五 16:30-18:30；周六 9:00-12:00", false, None),
    column("服务区域", "区县或街道，几个用顿号隔开", false, None),
    column("联系电话", "报名和咨询用", false, None),
];

/// The empty list as xlsx.
///
/// # Errors
/// Lists of children have no template: they come from departments as they are.
pub fn template(app: &App, kind: Kind) -> Result<Vec<u8>> {
    let (name, columns, lists) = match kind {
        Kind::Organizations => ("机构", ORGANIZATIONS, [kinds(app), counties(app)]),
        Kind::Services => ("服务", SERVICES, [leaves(app), Vec::new()]),
        Kind::Children => return Err(Error::invalid("kind", "sheet_no_template")),
    };
    write(name, columns, &lists).map_err(|error| Error::Store(format!("the template was not written: {error}")))
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

fn write(name: &str, columns: &[Column], lists: &[Vec<String>; 2]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    fill(sheet, columns, lists)?;
    explain(book.add_worksheet(), columns)?;
    let options = book.add_worksheet();
    options.set_name("选项")?.set_hidden(true);
    for (index, list) in (0u16..).zip(lists) {
        for (row, value) in (0u32..).zip(list) {
            options.write(row, index, value)?;
        }
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, columns: &[Column], lists: &[Vec<String>; 2]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    // As text a long number keeps its last digits.
    let text = Format::new().set_num_format("@");
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in (0u16..).zip(columns) {
        let written = if column.must { format!("{}*", column.head) } else { column.head.to_owned() };
        sheet.set_column_format(index, &text)?;
        sheet.set_column_width(index, if column.list.is_some() { 24 } else { 20 })?;
        sheet.write_with_format(0, index, written, &head)?;
        let Some(list) = column.list else { continue };
        let letter = char::from(b'A' + u8::try_from(list).unwrap_or(0));
        let range = Formula::new(format!("=选项!${letter}$1:${letter}${}", lists[list].len().max(1)));
        let validation =
            DataValidation::new().allow_list_formula(range).set_error_title("不在列表里")?.set_error_message("请从下拉列表里选一项。")?;
        sheet.add_data_validation(1, index, ROWS, index, &validation)?;
    }
    Ok(())
}

fn explain(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    sheet.set_name("填写说明")?;
    sheet.set_column_width(0, 22)?;
    sheet.set_column_width(1, 60)?;
    sheet.write_with_format(0, 0, "怎么填", &head)?;
    let lines = ["一行一条，不要合并单元格，不要改表头。", "带 * 的必须填写。", "收进来以后由登记员核验，核验前不参与匹配。"];
    for (row, line) in (1u32..).zip(lines) {
        sheet.write(row, 1, line)?;
    }
    for (row, column) in (5u32..).zip(columns) {
        sheet.write(row, 0, column.head)?;
        sheet.write(row, 1, column.hint)?;
    }
    Ok(())
}
