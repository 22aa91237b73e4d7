//! Deliveries, when they are tried, and how a webhook is signed.

use std::net::IpAddr;

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::access::Role;
use crate::clock;
use crate::error::Fault;
use crate::id::{AccountId, DeliveryId, OrganizationId, WebhookId};
use crate::secret::{Hidden, Keyring, mac};

/// How a notice leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By mail, to a person.
    Mail,
    /// By webhook, to an organization's program.
    Webhook,
}

impl Channel {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Webhook => "webhook",
        }
    }
}

/// A notice that is due, with whom it is for.
#[derive(Debug, Clone)]
pub struct Due {
    /// Id of the notice.
    pub notice: String,
    /// A person.
    pub account: Option<AccountId>,
    /// Everybody of an organization who has one of the roles there.
    pub organization: Option<OrganizationId>,
    /// Who answers referrals, or who does what meetings ask.
    pub roles: &'static [Role],
    /// Of which tier it is, from 1; none where it is about nothing that has one.
    pub tier: Option<u8>,
}

impl Due {
    /// When a mail about it may go out: of the first tier at any hour, of the second by day, of the third and fourth with the
    /// next digest.
    #[must_use]
    pub fn mailed_at(&self, now: Timestamp) -> Timestamp {
        match self.tier {
            Some(3..) => next_digest(now),
            tier => quiet_until(now, tier == Some(1)),
        }
    }
}

/// One message of a batch.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its delivery.
    pub id: DeliveryId,
    /// Key below `notification.`.
    pub template: String,
    /// Numbers and links.
    pub facts: Value,
    /// When the notice was due.
    pub at: Timestamp,
    /// Failures so far.
    pub tries: u32,
}

/// What goes out together to one receiver.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its name: the same when it is tried again.
    pub name: DeliveryId,
    /// How.
    pub channel: Channel,
    /// Account or webhook.
    pub target: String,
    /// What.
    pub messages: Vec<Message>,
}

/// Where an organization's program listens.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// Whose.
    pub organization: OrganizationId,
    /// `https://host/path`.
    pub url: String,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
}

impl Webhook {
    /// What its messages are signed with: derived from the store's key, stored nowhere.
    #[must_use]
    pub fn secret(&self, keyring: &Keyring) -> Hidden {
        Hidden::new(keyring.blind(&Hidden::new(format!("webhook {}", self.id))))
    }
}

/// Failures after which a delivery is given up; the notice stays in the page.
pub const TRIES: u32 = 8;
/// How long a claim holds: whoever took it and died is waited for no longer.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// When it is tried again after so many failures: a minute, then four times as long each time, six hours at most.
#[must_use]
pub fn next_try(failures: u32, now: Timestamp) -> Timestamp {
    let minutes = 4i64.saturating_pow(failures.saturating_sub(1)).min(360);
    now + SignedDuration::from_mins(minutes)
}

/// When a message may go out: by night only what is urgent.
#[must_use]
pub fn quiet_until(now: Timestamp, urgent: bool) -> Timestamp {
    let local = now.to_zoned_datetime(clock::zone());
    let morning = |day: jiff::civil::Date| clock::start_of(day) + SignedDuration::from_hours(7);
    if urgent || (time(7, 0, 0, 0)..time(22, 0, 0, 0)).contains(&local.time()) {
        return now;
    }
    let today = local.date();
    if local.time() < time(7, 0, 0, 0) { morning(today) } else { morning(today.tomorrow().unwrap_or(today)) }
}

/// The hour of the day at which what can wait goes out together.
const DIGEST: SignedDuration = SignedDuration::from_hours(8);

/// When the next digest goes out: one a day, at eight in the morning.
#[must_use]
pub fn next_digest(now: Timestamp) -> Timestamp {
    let today = clock::day(now);
    let at = clock::start_of(today) + DIGEST;
    if now < at { at } else { clock::start_of(today.tomorrow().unwrap_or(today)) + DIGEST }
}

/// The signature over a body: `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<seconds>.<body>">`.
#[must_use]
pub fn signature(secret: &Hidden, at: Timestamp, body: &str) -> String {
    let seconds = at.as_second();
    let mac = mac(secret, format!("{seconds}.{body}").as_bytes());
    let hex: String = mac.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    format!("t={seconds},v1={hex}")
}

/// Host and port of an address that may be called: https, no user part, and a host the installation allows. Plain http is for
/// hosts of this machine that the installation names.
pub fn host_of(url: &str, allowed: &[String]) -> Result<(String, u16), Fault> {
    let refused = |why| Fault::new("url", why);
    let (scheme, rest) = url.split_once("://").ok_or(refused("webhook_url"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') || url.chars().any(char::is_whitespace) || url.len() > 300 {
        return Err(refused("webhook_url"));
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') => (host, port.parse().map_err(|_| refused("webhook_url"))?),
        _ => (authority, if scheme == "https" { 443 } else { 80 }),
    };
    let host = host.to_ascii_lowercase();
    if !allowed.iter().any(|known| *known == format!("{host}:{port}") || (*known == host && scheme == "https" && port == 443)) {
        return Err(refused("webhook_host"));
    }
    let here = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if scheme == "https" || (scheme == "http" && here) { Ok((host, port)) } else { Err(refused("webhook_https")) }
}

/// Whether an address is one of a private network, which a name from outside must not lead to.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || (a == 100 && (64..128).contains(&b))
                || a == 0
                || a >= 240
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.to_ipv4_mapped().is_some_and(|v4| is_private(IpAddr::V4(v4)))
        }
    }
}

/// An address at work, as mail has it.
pub fn mail_address(text: &str) -> Result<Option<String>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.is_ascii() && text.len() <= 120 && !text.contains(|letter: char| letter.is_whitespace() || "<>,;\"".contains(letter));
    let parts = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.'));
    if plain && parts { Ok(Some(text.to_owned())) } else { Err(Fault::new("mail", "mail_form")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn nights_are_quiet_but_for_danger() {
        for (now, expected) in [
            ("2026-11-25T09:00:00+08:00", "2026-11-25T09:00:00+08:00"),
            ("2026-11-25T06:59:00+08:00", "2026-11-25T07:00:00+08:00"),
            ("2026-11-25T22:00:00+08:00", "2026-11-26T07:00:00+08:00"),
        ] {
            assert_eq!(quiet_until(at(now), false), at(expected), "{now}");
            assert_eq!(quiet_until(at(now), true), at(now));
        }
    }

    #[test]
    fn what_can_wait_goes_out_once_a_day_at_eight() {
        let due = |tier| Due { notice: String::new(), account: None, organization: None, roles: &[], tier };
        let evening = at("2026-11-25T23:00:00+08:00");
        assert_eq!(due(Some(1)).mailed_at(evening), evening);
        assert_eq!(due(Some(2)).mailed_at(evening), at("2026-11-26T07:00:00+08:00"));
        assert_eq!(due(None).mailed_at(evening), at("2026-11-26T07:00:00+08:00"));
        for (now, digest) in [
            ("2026-11-25T07:59:59+08:00", "2026-11-25T08:00:00+08:00"),
            ("2026-11-25T08:00:00+08:00", "2026-11-26T08:00:00+08:00"),
            ("2026-11-25T23:00:00+08:00", "2026-11-26T08:00:00+08:00"),
        ] {
            assert_eq!((due(Some(3)).mailed_at(at(now)), due(Some(4)).mailed_at(at(now))), (at(digest), at(digest)), "{now}");
        }
    }

    #[test]
    fn tries_grow_apart_and_stay_within_six_hours() {
        let now = at("2026-11-25T09:00:00+08:00");
        let waits: Vec<i64> = (1..=8).map(|failures| next_try(failures, now).duration_since(now).as_mins()).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 360, 360, 360]);
    }

    #[test]
    fn only_hosts_that_are_allowed_are_called() {
        let allowed = ["hooks.example".to_owned(), "127.0.0.1:9100".to_owned()];
        let host = |url: &str| host_of(url, &allowed).map_err(|fault| fault.reason);
        assert_eq!(host("https://hooks.example/in"), Ok(("hooks.example".into(), 443)));
        assert_eq!(host("https://HOOKS.example:443/in?a=b"), Ok(("hooks.example".into(), 443)));
        assert_eq!(host("http://127.0.0.1:9100/in"), Ok(("127.0.0.1".into(), 9100)));
        assert_eq!(host("http://hooks.example/in"), Err("webhook_host"));
        assert_eq!(host("https://hooks.example:8443/in"), Err("webhook_host"));
        assert_eq!(host("https://hooks.example.evil/in"), Err("webhook_host"));
        assert_eq!(host("https://user@hooks.example/in"), Err("webhook_url"));
        assert_eq!(host("https://evil#@hooks.example/in"), Err("webhook_host"));
        assert_eq!(host("hooks.example"), Err("webhook_url"));
    }

    #[test]
    fn private_networks_are_known() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["114.114.114.114", "2400:3200::1"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn a_signature_is_over_time_and_body() {
        let secret = Hidden::new("whsec");
        let one = signature(&secret, at("2026-11-25T01:00:00Z"), "{}");
        assert!(one.starts_with("t=1795568400,v1=") && one.len() == 80, "{one}");
        assert_ne!(one, signature(&secret, at("2026-11-25T01:00:01Z"), "{}"));
        assert_ne!(one, signature(&secret, at("2026-11-25T01:00:00Z"), "{ }"));
        assert_ne!(one, signature(&Hidden::new("other"), at("2026-11-25T01:00:00Z"), "{}"));
    }

    #[test]
    fn an_address_is_one_address() {
        assert_eq!(mail_address(" shen@station.example "), Ok(Some("shen@station.example".into())));
        assert_eq!(mail_address(""), Ok(None));
        for wrong in [
            "shen",
            "shen@",
            "@station.example",
            "a@b",
            "a@b.c,d@e.f",
            "沈@station.example",
            "a b@c.d",
            "<a@b.c>",
            "a@.b",
            "a@b.c\r\nBcc: d@e.f",
        ] {
            assert!(mail_address(wrong).is_err(), "{wrong}");
        }
    }
}
