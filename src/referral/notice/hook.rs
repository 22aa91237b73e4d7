//! A message as a signed call of an organization's program: no redirects, no private networks, one pinned address.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::model::{Batch, Webhook, host_of, is_private, signature};
use super::words::link;
use crate::clock::stored;
use crate::secret::Hidden;

/// Why a call was not made or not taken. Names the status or the kind of fault, never an address.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The host is not allowed any more.
    #[error("the host of the webhook is not allowed")]
    Host,
    /// The name leads into a private network, or nowhere.
    #[error("the name of the webhook's host leads to no public address")]
    Address,
    /// It was answered, but not with 2xx.
    #[error("the webhook answered {0}")]
    Status(u16),
    /// It was not answered.
    #[error("the webhook was not reached")]
    Unreached,
}

/// Calls the program with each message of a batch.
pub async fn send(webhook: &Webhook, allowed: &[String], secret: &Hidden, url: &str, batch: &Batch, now: Timestamp) -> Result<(), Refused> {
    let (host, port) = host_of(&webhook.url, allowed).map_err(|_| Refused::Host)?;
    let address = resolve(&host, port).await?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .resolve(&host, address)
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(|_| Refused::Unreached)?;
    for message in &batch.messages {
        let body = json!({
            "id": message.id,
            "event": message.template,
            "number": message.facts.get("number"),
            "link": format!("{url}{}", link(&message.facts)),
            "at": stored(message.at),
        })
        .to_string();
        let request = client
            .post(&webhook.url)
            .header("content-type", "application/json")
            .header("lianjie-delivery", message.id.as_str())
            .header("lianjie-signature", signature(secret, now, &body))
            .body(body);
        let answer = request.send().await.map_err(|_| Refused::Unreached)?;
        if !answer.status().is_success() {
            return Err(Refused::Status(answer.status().as_u16()));
        }
    }
    Ok(())
}

/// The address that is called: looked up once, looked at, and pinned. A literal address of this machine is what the installation
/// named itself.
async fn resolve(host: &str, port: u16) -> Result<SocketAddr, Refused> {
    if let Ok(literal) = host.parse() {
        return Ok(SocketAddr::new(literal, port));
    }
    let mut found = tokio::net::lookup_host((host, port)).await.map_err(|_| Refused::Address)?;
    found.find(|address| !is_private(address.ip())).ok_or(Refused::Address)
}
