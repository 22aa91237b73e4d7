//! A square code (QR) that a phone reads, drawn at the server as SVG.

use qrcode::QrCode;
use qrcode::render::svg;

use crate::error::{Error, Result};

/// The code of an address, at least so many pixels wide.
pub fn square(address: &str, pixels: u32) -> Result<String> {
    let code = QrCode::new(address.as_bytes()).map_err(|error| Error::Store(format!("a square code was not drawn: {error}")))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(pixels, pixels).build();
    // The page's own frame stands around it, so the drawing begins at its element.
    Ok(drawn.find("<svg").map_or_else(String::new, |at| drawn[at..].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_drawn_as_an_element() {
        let drawn = square("https://lianjie.example/services/1", 120).unwrap();
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>"));
    }
}
