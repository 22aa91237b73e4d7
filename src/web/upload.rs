//! A form that brings a file.

use axum::extract::Multipart;

use super::Visit;
use crate::error::{Error, Result};
use crate::store::Key;

/// What such a form brings.
#[derive(Debug, Default)]
pub struct Upload {
    /// The fields as typed, to be given back.
    pub typed: Vec<(String, String)>,
    /// The name of the file; empty where none was chosen.
    pub name: String,
    /// The file of the field `file`; empty where none was chosen.
    pub file: Vec<u8>,
}

impl Upload {
    /// Reads a form. Refused without the session's token; a body larger than the route takes is refused with the reason `large`.
    pub async fn read(visit: &Visit, mut body: Multipart, large: &'static str) -> Result<Self> {
        let unreadable = || Error::invalid("file", "sheet_unreadable");
        let mut upload = Self::default();
        while let Some(field) = body.next_field().await.map_err(|_| unreadable())? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                field.file_name().unwrap_or_default().clone_into(&mut upload.name);
                upload.file = field.bytes().await.map_err(|_| Error::invalid("file", large))?.to_vec();
            } else {
                upload.typed.push((name, field.text().await.map_err(|_| unreadable())?));
            }
        }
        if upload.one("csrf") == visit.form_token { Ok(upload) } else { Err(Error::Forbidden { why: "form_token" }) }
    }

    /// What was typed in a field; empty if nothing.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The key of the write this form makes.
    pub fn key(&self) -> Result<Option<Key>> {
        Some(self.one("key")).filter(|key| !key.is_empty()).map(Key::parse).transpose()
    }
}
