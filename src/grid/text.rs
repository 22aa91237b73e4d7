//! Text files as spreadsheets here save them: UTF-8, UTF-16 with its mark, or GB18030.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

/// The text of a file.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_zero_is_in_no_cell() {
        // UTF-16, where zeros are no sign of another kind of file: 甲, zero, 乙.
        let grids = crate::grid::read("a.csv", &[0xff, 0xfe, 0x32, 0x75, 0x00, 0x00, 0x59, 0x4e]).unwrap();
        assert_eq!(grids[0].rows[0].1[0].text, "甲乙");
    }

    #[test]
    fn what_excel_saves_is_read() {
        let (bytes, _, _) = GB18030.encode("大𫭢镇");
        assert_eq!(decoded(&bytes), "大𫭢镇");
        assert_eq!(decoded("\u{feff}甲".as_bytes()), "甲");
        assert_eq!(decoded(&[0xff, 0xfe, 0x32, 0x75]), "甲");
    }
}
