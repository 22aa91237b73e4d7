//! Files as they are, and files that were made to hurt: small ones that would unfold to gigabytes, and ones that never end.

use std::io::{Cursor, Write};
use std::time::Duration;

use zip::write::SimpleFileOptions;

use super::bounds::{Bounds, MOST_PARTS};
use super::{Grid, read, within};
use crate::error::Error;

/// What a file is refused for.
fn refused(bytes: &[u8]) -> &'static str {
    match read("x", bytes) {
        Err(Error::Invalid(faults)) => faults[0].reason,
        other => panic!("it was not refused: {} sheets", other.map(|grids| grids.len()).unwrap_or_default()),
    }
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn texts(grid: &Grid) -> Vec<(usize, Vec<&str>)> {
    grid.rows.iter().map(|(number, cells)| (*number, cells.iter().map(|cell| cell.text.as_str()).collect())).collect()
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [<!ENTITY lol "lol">]><office:document-content><office:body><office:spreadsheet><table:table table:name="机构">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

fn said(text: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
}

#[test]
fn a_sheet_of_libreoffice_reads_as_it_is_shown() {
    let rows = [
        r#"<table:table-column/><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>"#.to_owned(),
        format!("<table:table-row>{}{}</table:table-row>", said("机构名称"), said("甲&amp;乙<text:s text:c=\"2\"/>&#20013;心<text:span>东</text:span>")),
        r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="12"/><table:table-cell office:value-type="date" office:date-value="2015-03-07"><office:annotation><text:p>批注</text:p></office:annotation><text:p>15年3月</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="boolean" office:boolean-value="true" table:number-columns-repeated="2"/></table:table-row>"#.to_owned(),
        format!("<table:table-row>{}</table:table-row>", r#"<table:covered-table-cell/><table:table-cell office:value-type="string"><text:p>上</text:p><text:p>下</text:p></table:table-cell>"#),
        r#"<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell/></table:table-row>"#.to_owned(),
    ];
    let grids = read("x.ods", &ods(&rows.concat())).unwrap();
    assert_eq!(grids[0].name, "机构");
    let day = vec!["12", "2015-03-07", "", "", "是", "是"];
    assert_eq!(
        texts(&grids[0]),
        [(3, vec!["机构名称", "甲&乙  中心东", "", "", "", ""]), (4, day.clone()), (5, day), (6, vec!["", "上\n下", "", "", "", ""])]
    );
    assert_eq!(grids[0].rows[1].1[0].number, Some(12.0));
}

#[test]
fn what_a_sheet_repeats_is_counted_before_it_is_written_out() {
    let row = |rows: usize, columns: usize| {
        let cell = format!(r#"<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{columns}"/>"#);
        ods(&format!(r#"<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>"#))
    };
    assert!(read("x.ods", &row(100, 10)).is_ok());
    assert_eq!(refused(&row(1_000_000, 1)), "sheet_long");
    assert_eq!(refused(&row(1, 16_384)), "sheet_long");
    assert_eq!(refused(&row(40_000, 150)), "sheet_long", "each is within its bound, all of them are not");
    assert_eq!(refused(&row(18_446_744_073_709_551_615, 2)), "sheet_long");
    let far = format!(
        r#"<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row><table:table-row>{}</table:table-row>"#,
        said("x")
    );
    assert_eq!(refused(&ods(&far)), "sheet_long", "one far below the others");
}

#[test]
fn a_row_costs_something_though_it_is_thin() {
    let row = format!(r#"<table:table-row table:number-rows-repeated="50000">{}</table:table-row>"#, said("1"));
    let tables = format!(r#"<table:table table:name="x">{row}</table:table>"#).repeat(11);
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let book = zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())]);
    assert_eq!(refused(&book), "sheet_long");
}

#[test]
fn a_text_that_would_be_held_whole_is_refused_before_it_is() {
    let mut state = 7_u32;
    let digits: String = (0..1_500_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'0' + u8::try_from(state >> 29).unwrap())
        })
        .collect();
    assert_eq!(refused(&ods(&format!("<table:table-row>{}</table:table-row>", said(&digits)))), "sheet_large");
}

#[test]
fn names_that_a_file_declares_for_texts_are_not_unfolded() {
    assert_eq!(refused(&ods(&format!("<table:table-row>{}</table:table-row>", said("&lol;")))), "sheet_unreadable");
}

#[test]
fn an_archive_is_looked_at_before_it_is_opened() {
    let names: Vec<String> = (0..=MOST_PARTS).map(|number| format!("{number}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert_eq!(refused(&zipped(&parts)), "sheet_large", "too many parts");
    let zeros = vec![b' '; 20 << 20];
    assert_eq!(refused(&zipped(&[("xl/sharedStrings.xml", &zeros)])), "sheet_large", "too tightly packed");
    // Declared as nothing: what comes out is counted all the same, or the archive is refused as one that lies.
    let mut lying = zipped(&[("xl/sharedStrings.xml", &zeros)]);
    let length = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == length).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].fill(0);
    }
    assert!(["sheet_large", "sheet_unreadable"].contains(&refused(&lying)));
}

#[test]
fn a_workbook_that_promises_more_texts_than_it_may_hold_is_not_given_room_for_them() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "机构名称").unwrap();
    let good = book.save_to_buffer().unwrap();
    assert!(read("x.xlsx", &good).is_ok());
    let mut archive = zip::ZipArchive::new(Cursor::new(good)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = String::new();
        std::io::Read::read_to_string(&mut part, &mut bytes).unwrap();
        parts.push((part.name().unwrap().to_string(), bytes.replace("uniqueCount=\"1\"", "uniqueCount=\"10000000000000\"")));
    }
    assert!(parts.iter().any(|(_, bytes)| bytes.contains("10000000000000")));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_bytes())).collect();
    assert_eq!(refused(&zipped(&parts)), "sheet_long");
}

#[test]
fn a_long_text_in_many_cells_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..3_000 {
        sheet.write(row, 0, "长".repeat(5_000)).unwrap();
    }
    assert_eq!(refused(&book.save_to_buffer().unwrap()), "sheet_long");
}

#[test]
fn reading_stops_when_its_time_is_over() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap();
    for bytes in [book.save_to_buffer().unwrap(), ods(&said("x")), b"a,b\n1,2\n".to_vec(), xls(&[text(0, 0, 0)], &["x"])] {
        let late = within("x", &bytes, &mut Bounds::lasting(Duration::ZERO));
        assert!(matches!(late, Err(Error::Invalid(faults)) if faults[0].reason == "sheet_slow"));
    }
}

#[test]
fn too_many_lines_are_refused() {
    assert_eq!(refused("a,b\n".repeat(50_001).as_bytes()), "sheet_long");
    assert!(read("x.csv", "a,b\n".repeat(50_000).as_bytes()).is_ok());
}

fn record(kind: u16, held: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(held.len()).unwrap().to_le_bytes(), held].concat()
}

fn at(row: u16, column: u16, format: u16) -> Vec<u8> {
    [row, column, format].into_iter().flat_map(u16::to_le_bytes).collect()
}

fn text(row: u16, column: u16, string: u32) -> Vec<u8> {
    record(0x00fd, &[at(row, column, 0), string.to_le_bytes().to_vec()].concat())
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A workbook of one sheet with these records and shared texts; format 1 is a day.
fn xls(cells: &[Vec<u8>], strings: &[&str]) -> Vec<u8> {
    let mut shared = vec![0; 8];
    for string in strings {
        shared.extend(u16::try_from(string.encode_utf16().count()).unwrap().to_le_bytes());
        shared.push(1);
        shared.extend(wide(string));
    }
    // A record holds little: texts go on in others, and say anew how wide they are.
    let mut strings = Vec::new();
    for (number, piece) in shared.chunks(8_000).enumerate() {
        strings.extend(if number == 0 { record(0x00fc, piece) } else { record(0x003c, &[&[1_u8][..], piece].concat()) });
    }
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let formats = [record(0x00e0, &[0; 20]), record(0x00e0, &[&[0_u8, 0, 14, 0][..], &[0; 16]].concat())].concat();
    let name = [&[0_u8, 0, 2, 1][..], &wide("机构")].concat();
    let before = begin.len() + formats.len() + 4 + 4 + name.len() + strings.len() + 4;
    let sheet = record(0x0085, &[&u32::try_from(before).unwrap().to_le_bytes()[..], &name].concat());
    let end = record(0x000a, &[]);
    let stream = [begin.clone(), formats, sheet, strings, end.clone(), begin, cells.concat(), end].concat();
    compound(stream)
}

/// The file around a stream: a sector that chains, a directory, the stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4_096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    assert!(sectors < 126, "one sector of chains is enough");
    let mut head = vec![0xd0_u8, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    head.resize(512, 0);
    head[26] = 3;
    (head[30], head[32], head[44], head[48]) = (9, 6, 1, 1);
    head[60..64].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    head[68..72].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    head[76..].fill(0xff);
    head[76..80].fill(0);
    let mut next = vec![0xffff_fffd, 0xffff_fffe_u32];
    next.extend((3..2 + sectors).chain([0xffff_fffe]));
    next.resize(128, 0xffff_ffff);
    let entry = |name: &str, kind: u8, start: u32, length: u32| {
        let mut entry = wide(name);
        entry.resize(128, 0);
        entry[64] = u8::try_from(name.len() * 2 + 2).unwrap();
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        entry
    };
    let mut directory = [entry("Root Entry", 5, 0xffff_fffe, 0), entry("Workbook", 2, 2, sectors * 512)].concat();
    directory.resize(512, 0);
    [head, next.into_iter().flat_map(u32::to_le_bytes).collect(), directory, stream].concat()
}

#[test]
fn a_workbook_of_old_excel_reads_as_it_is_shown() {
    let long = "长".repeat(4_500);
    let number = |row, column, format, value: f64| record(0x0203, &[at(row, column, format), value.to_le_bytes().to_vec()].concat());
    let whole = |value: i32| (value << 2 | 2).to_le_bytes().to_vec();
    let cells = [
        text(1, 1, 0),
        text(1, 2, 1),
        number(2, 1, 0, 12.5),
        number(2, 2, 1, 42_070.0),
        record(0x027e, &[at(3, 1, 0), whole(57_501_234)].concat()),
        record(0x00bd, &[vec![4, 0, 1, 0], vec![0, 0], whole(1), vec![0, 0], whole(2), vec![2, 0]].concat()),
        record(0x0006, &[at(5, 1, 0), vec![0, 0, 0, 0, 0, 0, 0xff, 0xff], vec![0; 8]].concat()),
        record(0x0207, &[vec![2, 0, 1], wide("合计")].concat()),
        record(0x0205, &[at(5, 2, 0), vec![1, 0]].concat()),
    ];
    let grids = read("x.xls", &xls(&cells, &["机构名称", &long])).unwrap();
    assert_eq!(grids[0].name, "机构");
    assert_eq!(
        texts(&grids[0]),
        [
            (2, vec!["", "机构名称", &long]),
            (3, vec!["", "12.5", "2015-03-07"]),
            (4, vec!["", "57501234", ""]),
            (5, vec!["", "1", "2"]),
            (6, vec!["", "合计", "是"])
        ]
    );
}

#[test]
fn an_old_workbook_costs_no_more_than_it_holds() {
    assert_eq!(refused(&xls(&[text(0, 0, 0), text(65_535, 255, 0)], &["x"])), "sheet_long", "two cells in opposite corners");
    let long = "长".repeat(5_000);
    let many: Vec<Vec<u8>> = (0..2_500).map(|row| text(row, 0, 1)).collect();
    assert_eq!(refused(&xls(&many, &["x", &long])), "sheet_long", "one long text in many cells");
    assert_eq!(refused(&xls(&[text(0, 0, 7)], &["x"])), "sheet_unreadable", "a text that is not there");
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let mut file = xls(&[text(0, 0, 0)], &["x"]);
    // The directory comes after itself.
    file[516..520].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(refused(&file), "sheet_unreadable");
    let mut file = xls(&[text(0, 0, 0)], &["x"]);
    file[68..72].copy_from_slice(&0_u32.to_le_bytes());
    let _ = read("x", &file);
    for length in 0..file.len().min(2_000) {
        let _ = read("x", &file[..length]);
    }
}
