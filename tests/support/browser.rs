//! A person's browser without a screen: keeps cookies, fills in form tokens, follows nothing by itself.

use std::net::SocketAddr;

use reqwest::{Client, redirect::Policy};
use serde_json::Value;

/// A browser.
pub struct Browser {
    client: Client,
    base: String,
    language: &'static str,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// `Location`, if any.
    pub location: Option<String>,
    /// The text.
    pub text: String,
}

impl Page {
    /// The text as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text))
    }

    /// Asserts the status, showing the page if it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}\n{}", self.location, self.text);
        self
    }
}

impl Browser {
    /// A browser for a server.
    pub fn new(address: SocketAddr) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { client, base: format!("http://{address}"), language: "zh-CN" }
    }

    /// The same browser, asking for another language.
    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Page {
        let response = request.header("accept-language", self.language).send().await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        Page { status, location, text: response.text().await.unwrap() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.answer(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Fetches a file, which is there.
    pub async fn file(&self, path: &str) -> Vec<u8> {
        let response = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.bytes().await.unwrap().to_vec()
    }

    /// Sends a form with the session's token in it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let me = self.get("/api/v1/me").await;
        let token = if me.status == 200 { me.json()["form_token"].as_str().unwrap().to_owned() } else { String::new() };
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.post_raw(path, &fields).await
    }

    /// Sends a form as it is.
    pub async fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.answer(self.client.post(format!("{}{path}", self.base)).form(fields)).await
    }

    /// Sends a form with a file and the session's token in it.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Page {
        const BOUNDARY: &str = "----a-part-ends-here";
        let me = self.get("/api/v1/me").await;
        let token = if me.status == 200 { me.json()["form_token"].as_str().unwrap().to_owned() } else { String::new() };
        let mut body = Vec::new();
        for (field, value) in fields.iter().copied().chain([("csrf", token.as_str())]) {
            body.extend(format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
        body.extend_from_slice(file);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.answer(self.client.post(format!("{}{path}", self.base)).header("content-type", kind).body(body)).await
    }

    /// Sends JSON.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Page {
        self.send_with(method, path, body, &[]).await
    }

    /// Sends JSON with headers.
    pub async fn send_with(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Page {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.base)).json(body);
        self.answer(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }
}
