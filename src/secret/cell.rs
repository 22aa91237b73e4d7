//! One encrypted cell: `ver | suite | key_id | nonce | ciphertext | tag`, base64.
//!
//! The associated data is `table|child|field|ver`, so that a cell moved to another row or field does not open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::Rng;
use zeroize::Zeroizing;

use super::{Hidden, Refused};

const VERSION: u8 = 1;
/// Suite `std`: XChaCha20-Poly1305.
const SUITE: u8 = 1;
const KEY_ID: usize = 16;
const NONCE: usize = 24;
const HEAD: usize = 2 + KEY_ID + NONCE;

/// Where a cell stands: part of what its seal covers.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Table name.
    pub table: &'static str,
    /// Id of the child whose key it is.
    pub child: &'a str,
    /// Column name.
    pub field: &'static str,
}

impl Place<'_> {
    fn associated(self) -> Vec<u8> {
        format!("{}|{}|{}|{VERSION}", self.table, self.child, self.field).into_bytes()
    }
}

/// The key of one child. Forgetting it makes every cell of the child unreadable.
#[derive(Clone)]
pub struct ChildKey {
    pub(super) id: [u8; KEY_ID],
    pub(super) key: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for ChildKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChildKey(***)")
    }
}

impl ChildKey {
    /// Seals a text for its place.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, text: &Hidden) -> String {
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: text.reveal().as_bytes(), aad: &place.associated() };
        let sealed = XChaCha20Poly1305::new((&*self.key).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a text of less than 256 GiB is sealed");
        let mut cell = Vec::with_capacity(HEAD + sealed.len());
        cell.extend([VERSION, SUITE]);
        cell.extend(self.id);
        cell.extend(nonce);
        cell.extend(sealed);
        STANDARD.encode(cell)
    }

    /// Opens a cell of its place.
    pub fn open(&self, place: Place<'_>, cell: &str) -> Result<Hidden, Refused> {
        let refused = || Refused::Cell(place.table);
        let cell = STANDARD.decode(cell).map_err(|_| refused())?;
        let (head, sealed) = cell.split_at_checked(HEAD).ok_or_else(refused)?;
        if head[..2] != [VERSION, SUITE] || head[2..2 + KEY_ID] != self.id {
            return Err(refused());
        }
        let nonce: [u8; NONCE] = head[2 + KEY_ID..].try_into().map_err(|_| refused())?;
        let payload = Payload { msg: sealed, aad: &place.associated() };
        let text = XChaCha20Poly1305::new((&*self.key).into()).decrypt(&XNonce::from(nonce), payload).map_err(|_| refused())?;
        String::from_utf8(text).map(Hidden::from).map_err(|_| refused())
    }
}
