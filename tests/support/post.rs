//! A mail server of a test's own, and a product that sends its mail there.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use lianjie::config::Mail;
use lianjie::secret::Hidden;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::TestApp;

/// Where a mail server falls silent, so that whoever speaks to it can be killed there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// It does not greet: nothing was sent yet.
    AtFirst,
    /// It has taken the letter and does not say so.
    AtLast,
}

/// A mail server that keeps what it is given, and refuses while it is told to.
#[derive(Clone, Default)]
pub struct Post {
    /// What it was given.
    letters: Arc<Mutex<Vec<String>>>,
    /// Whether it refuses.
    pub shut: Arc<Mutex<bool>>,
    /// Where it falls silent.
    pub silent: Arc<Mutex<Option<Silent>>>,
    /// How many wait for a word from it.
    waiting: Arc<AtomicUsize>,
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
        let silent = *self.silent.lock().unwrap();
        if silent == Some(Silent::AtFirst) {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            while let Ok(Some(_)) = lines.next_line().await {}
            return;
        }
        write.write_all(b"220 post\r\n").await.unwrap();
        let mut letter: Option<String> = None;
        while let Ok(Some(line)) = lines.next_line().await {
            let answer: &[u8] = match &mut letter {
                Some(text) if line == "." => {
                    self.letters.lock().unwrap().push(std::mem::take(text));
                    letter = None;
                    if silent == Some(Silent::AtLast) {
                        self.waiting.fetch_add(1, Ordering::SeqCst);
                        while let Ok(Some(_)) = lines.next_line().await {}
                        return;
                    }
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

    /// How many wait for a word from it, or waited when they died.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
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
