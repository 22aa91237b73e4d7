//! A batch as one mail.

use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message as Letter, Tokio1Executor};
use rust_i18n::t;

use super::model::Batch;
use super::words::{link, text};
use crate::config::Mail;
use crate::link::Purpose;
use crate::locale::Locale;

/// Why a mail did not go out. Says nothing of what stood in it.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// An address does not read.
    #[error("the address of the sender or of the account does not read: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// It does not make a letter.
    #[error("the mail does not build: {0}")]
    Letter(#[from] lettre::error::Error),
    /// The server did not take it.
    #[error("the mail server refused: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

/// Sends a batch to a person. The name of the batch is the name of the mail: sent twice, it is known as the same.
pub async fn send(mail: &Mail, url: &str, to: &str, batch: &Batch, locale: Locale) -> Result<(), Refused> {
    let from: Mailbox = mail.from.parse()?;
    let host = from.email.domain().to_owned();
    let lines: Vec<String> = batch
        .messages
        .iter()
        .map(|message| format!("{}\r\n{url}{}\r\n", text(&message.template, &message.facts, locale), link(&message.facts)))
        .collect();
    let subject = t!("notice.mail_subject", locale = locale.tag(), count = lines.len());
    let opens = batch.messages.iter().any(|message| link(&message.facts).starts_with(Purpose::Confirmation.path()));
    let open = if opens { t!("notice.mail_open", locale = locale.tag()).into_owned() + "\r\n" } else { String::new() };
    let body = format!("{}\r\n\r\n{open}{}", lines.join("\r\n"), t!("notice.mail_foot", locale = locale.tag()));
    let letter = Letter::builder()
        .from(from)
        .to(to.parse()?)
        .subject(subject)
        .message_id(Some(format!("<{}@{host}>", batch.name)))
        .header(ContentType::TEXT_PLAIN)
        .body(body)?;
    let server =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(mail.server.reveal())?.timeout(Some(std::time::Duration::from_secs(20))).build();
    server.send(letter).await?;
    Ok(())
}
