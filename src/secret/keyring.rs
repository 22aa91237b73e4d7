//! The store's own key: kept in a file outside the database, wraps the children's keys.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{ChildKey, Hidden, Refused};

const NONCE: usize = 24;

/// The key that wraps keys, and the one of the blind index; both derived from one file of 32 bytes.
#[derive(Clone)]
pub struct Keyring {
    wrap: Zeroizing<[u8; 32]>,
    blind: Zeroizing<[u8; 32]>,
    id: String,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.id)
    }
}

impl Keyring {
    /// Reads the key file, or makes it (mode 0600) where there is none and `make` says so.
    pub fn open(path: &Path, make: bool) -> Result<Self, Refused> {
        let refused = |why: String| Refused::KeyFile { path: path.display().to_string(), why };
        if !path.exists() {
            if !make {
                return Err(refused("is missing".into()));
            }
            let mut root = Zeroizing::new([0u8; 32]);
            rand::rng().fill_bytes(&mut *root);
            write_private(path, STANDARD.encode(*root).as_bytes()).map_err(|error| refused(format!("cannot be written ({error})")))?;
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| refused(format!("cannot be read ({error})")))?);
        let root = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
        let root: &[u8; 32] = root.as_slice().try_into().map_err(|_| refused("does not hold 32 bytes in base64".into()))?;
        Ok(Self::from_root(root))
    }

    /// A keyring of a given root; for tests.
    #[must_use]
    pub fn from_root(root: &[u8; 32]) -> Self {
        let id = STANDARD.encode(&derive(root, b"lianjie key id")[..6]);
        Self { wrap: Zeroizing::new(derive(root, b"lianjie wrap")), blind: Zeroizing::new(derive(root, b"lianjie blind")), id }
    }

    /// Names the key without giving it away.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Makes a key for one child: its id, the key, and the key wrapped for storing.
    #[must_use]
    pub fn make(&self, child: &str) -> (String, ChildKey, String) {
        let mut key = ChildKey { id: [0; 16], key: Zeroizing::new([0; 32]) };
        rand::rng().fill_bytes(&mut key.id);
        rand::rng().fill_bytes(&mut *key.key);
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: &*key.key, aad: child.as_bytes() };
        let sealed = XChaCha20Poly1305::new((&*self.wrap).into()).encrypt(&XNonce::from(nonce), payload).expect("32 bytes are sealed");
        let wrapped = STANDARD.encode([&nonce[..], &sealed].concat());
        (uuid::Uuid::from_bytes(key.id).to_string(), key, wrapped)
    }

    /// Unwraps the key of one child.
    pub fn unwrap(&self, id: &str, child: &str, wrapped: &str) -> Result<ChildKey, Refused> {
        let refused = || Refused::Cell("child_key");
        let id = uuid::Uuid::try_parse(id).map_err(|_| refused())?.into_bytes();
        let wrapped = STANDARD.decode(wrapped).map_err(|_| refused())?;
        let (nonce, sealed) = wrapped.split_at_checked(NONCE).ok_or_else(refused)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| refused())?;
        let payload = Payload { msg: sealed, aad: child.as_bytes() };
        let key =
            Zeroizing::new(XChaCha20Poly1305::new((&*self.wrap).into()).decrypt(&XNonce::from(nonce), payload).map_err(|_| refused())?);
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| refused())?;
        Ok(ChildKey { id, key: Zeroizing::new(key) })
    }

    /// The blind index of an identity number: equal numbers are found, none can be read back without the key.
    #[must_use]
    pub fn blind(&self, number: &Hidden) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.blind).expect("any length of key will do");
        mac.update(number.reveal().as_bytes());
        STANDARD.encode(&mac.finalize().into_bytes()[..16])
    }
}

fn derive(root: &[u8], purpose: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(root).expect("any length of key will do");
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// HMAC-SHA-256: signs what leaves for a program that knows the secret.
#[must_use]
pub fn mac(secret: &Hidden, bytes: &[u8]) -> [u8; 32] {
    derive(secret.reveal().as_bytes(), bytes)
}

/// SHA-256 in base64: for digests of what was said, such as an audit event's payload.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    fn keyring() -> Keyring {
        Keyring::from_root(&[7; 32])
    }

    #[test]
    fn a_cell_opens_in_its_own_place_only() {
        let (_, key, _) = keyring().make("c1");
        let here = Place { table: "child", child: "c1", field: "name" };
        let cell = key.seal(here, &Hidden::new("小雨"));
        assert_eq!(key.open(here, &cell).unwrap().reveal(), "小雨");
        assert!(key.open(Place { field: "phone", ..here }, &cell).is_err());
        assert!(key.open(Place { child: "c2", ..here }, &cell).is_err());
        assert!(key.open(here, &cell.replace(&cell[80..81], if &cell[80..81] == "A" { "B" } else { "A" })).is_err());
    }

    #[test]
    fn a_childs_key_unwraps_for_that_child_only() {
        let ring = keyring();
        let (id, key, wrapped) = ring.make("c1");
        let again = ring.unwrap(&id, "c1", &wrapped).unwrap();
        assert_eq!(*again.key, *key.key);
        assert!(ring.unwrap(&id, "c2", &wrapped).is_err());
        assert!(Keyring::from_root(&[8; 32]).unwrap(&id, "c1", &wrapped).is_err());
    }

    #[test]
    fn the_blind_index_is_equal_for_equal_numbers() {
        let ring = keyring();
        let number = Hidden::new("320000201503170024");
        assert_eq!(ring.blind(&number), ring.blind(&number.clone()));
        assert_ne!(ring.blind(&number), Keyring::from_root(&[8; 32]).blind(&number));
    }
}
