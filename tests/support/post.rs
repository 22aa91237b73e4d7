//! A mail server of a test's own, and a product that sends its mail there.

use std::sync::{Arc, Mutex};

use lianjie::config::Mail;
use lianjie::secret::Hidden;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::TestApp;

/// A mail server that keeps what it is given, and refuses while it is told to.
#[derive(Clone, Default)]
pub struct Post {
    /// What it was given.
    letters: Arc<Mutex<Vec<String>>>,
    /// Whether it refuses.
    pub shut: Arc<Mutex<bool>>,
}

impl Post {
    /// Opens one; with its address.
    pub async fn open() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let post = Self::default();
        let office = post.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(office.clone().serve(socket));
            }
        });
        (post, format!("smtp://{address}"))
    }

    async fn serve(self, socket: TcpStream) {
        let (read, mut write) = socket.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 post\r\n").await.unwrap();
        let mut letter: Option<String> = None;
        while let Ok(Some(line)) = lines.next_line().await {
            let answer: &[u8] = match &mut letter {
                Some(text) if line == "." => {
                    self.letters.lock().unwrap().push(std::mem::take(text));
                    letter = None;
                    b"250 kept\r\n"
                }
                Some(text) => {
                    text.push_str(&line);
                    text.push('\n');
                    continue;
                }
                None if line.starts_with("MAIL") && *self.shut.lock().unwrap() => b"451 later\r\n",
                None if line == "DATA" => {
                    letter = Some(String::new());
                    b"354 go on\r\n"
                }
                None if line == "QUIT" => b"221 bye\r\n",
                None => b"250 ok\r\n",
            };
            if write.write_all(answer).await.is_err() {
                break;
            }
        }
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

/// A product that sends its mail there.
pub async fn with_mail(server: &str) -> TestApp {
    let server = Hidden::new(server);
    TestApp::start_with(|config| {
        config.url = "https://lianjie.example".into();
        config.mail = Some(Mail { server, from: "链接 <lianjie@mail.example>".into() });
    })
    .await
}

/// A letter's text; its body is base64 or quoted-printable as the letter says.
pub fn body(letter: &str) -> String {
    use base64::Engine;
    let (head, body) = letter.split_once("\n\n").unwrap();
    if head.contains("base64") {
        let bytes = base64::engine::general_purpose::STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    body.to_owned()
}
