//! One key that encrypts: how it comes from a secret key and a salt, what names it in a token, and the cipher.
//!
//! Knows neither times nor base64.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use super::{HEADER, SecretKey, VERSION};

/// The bytes that name a key.
pub(super) const KEY_ID: usize = 4;

/// The bytes of a nonce.
pub(super) const NONCE: usize = 24;

/// The bytes that prove that nothing was altered.
pub(super) const TAG: usize = 16;

/// The bytes of a key of the cipher.
const KEY: usize = 32;

/// What the derived bytes are for. Another format is another number here and another [`VERSION`].
const FOR_ENCRYPTION: &[u8] = b"session-runtime sealing v1: encryption key";
const FOR_KEY_ID: &[u8] = b"session-runtime sealing v1: key id";

/// A key that encrypts, ready to use. Wipes itself when dropped.
pub(super) struct SealingKey {
    cipher: XChaCha20Poly1305,
    /// Version, key id and salt.
    associated_data: Vec<u8>,
    header: [u8; HEADER],
}

impl SealingKey {
    pub(super) fn new(secret: &SecretKey, salt: &[u8]) -> Self {
        let (key, id) = derive(secret, salt);
        let mut header = [VERSION; HEADER];
        header[1..].copy_from_slice(&id);
        Self {
            cipher: XChaCha20Poly1305::new((&*key).into()),
            associated_data: [&header, salt].concat(),
            header,
        }
    }

    /// With what each of its tokens begins: the version and the key id.
    pub(super) fn header(&self) -> &[u8; HEADER] {
        &self.header
    }

    /// Encrypts `text` where it is.
    ///
    /// # Panics
    ///
    /// If it is longer than 256 GiB.
    #[expect(clippy::expect_used, reason = "documented at `TokenSealer::seal`")]
    pub(super) fn encrypt(&self, nonce: &[u8; NONCE], text: &mut [u8]) -> [u8; TAG] {
        self.cipher
            .encrypt_inout_detached(nonce.into(), &self.associated_data, text.into())
            .expect("a payload of more than 256 GiB cannot be sealed")
            .into()
    }

    /// Decrypts `text` where it is, if this key encrypted it and nobody altered it; and leaves it alone otherwise.
    pub(super) fn decrypt(&self, nonce: &[u8; NONCE], text: &mut [u8], tag: &[u8; TAG]) -> bool {
        self.cipher
            .decrypt_inout_detached(nonce.into(), &self.associated_data, text.into(), tag.into())
            .is_ok()
    }
}

/// The key of the cipher, and the id that names it.
fn derive(secret: &SecretKey, salt: &[u8]) -> (Zeroizing<[u8; KEY]>, [u8; KEY_ID]) {
    let (mut extracted, hkdf) = Hkdf::<Sha256>::extract(Some(salt), secret.expose_secret());
    extracted.zeroize();
    let (mut key, mut id) = (Zeroizing::new([0; KEY]), [0; KEY_ID]);
    expand(&hkdf, FOR_ENCRYPTION, key.as_mut_slice());
    expand(&hkdf, FOR_KEY_ID, &mut id);
    (key, id)
}

#[expect(
    clippy::expect_used,
    reason = "HKDF makes up to 8,160 bytes with SHA-256: RFC 5869, section 2.3"
)]
fn expand(hkdf: &Hkdf<Sha256>, purpose: &[u8], derived: &mut [u8]) {
    hkdf.expand(purpose, derived)
        .expect("32 bytes are fewer than 8,160");
}

#[cfg(test)]
impl SealingKey {
    /// As if its tokens began in this way.
    pub(super) fn with_header(self, header: [u8; HEADER]) -> Self {
        let salt = &self.associated_data[HEADER..];
        Self {
            associated_data: [&header, salt].concat(),
            header,
            cipher: self.cipher,
        }
    }

    /// The same encryption key, as if it were for another purpose.
    pub(super) fn with_salt(self, salt: &[u8]) -> Self {
        Self {
            associated_data: [&self.header, salt].concat(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::digest::{Digest, Mac};

    fn key(secret: &str) -> SealingKey {
        SealingKey::new(&SecretKey::dangerous(secret), b"salt")
    }

    #[test]
    fn what_another_key_encrypted_or_somebody_altered_is_left_as_it_is() {
        let nonce = [1; NONCE];
        let mut text = *b"some text";
        let tag = key("one").encrypt(&nonce, &mut text);
        let encrypted = text;
        assert_ne!(&encrypted, b"some text");
        assert!(!key("another").decrypt(&nonce, &mut text, &tag));
        assert!(!key("one").decrypt(&[2; NONCE], &mut text, &tag));
        assert!(!key("one").decrypt(&nonce, &mut text, &[0; TAG]));
        assert_eq!(text, encrypted);
        assert!(key("one").decrypt(&nonce, &mut text, &tag));
        assert_eq!(&text, b"some text");
    }

    #[test]
    fn neither_a_key_that_signs_nor_the_id_is_part_of_the_key_that_encrypts() {
        let secret = SecretKey::dangerous("a secret key of thirty-two bytes");
        let (key, id) = derive(&secret, b"salt");
        assert_ne!(&key[..KEY_ID], id);
        let mac = |key: &[u8], message: &[u8]| Mac::new(Digest::Sha256, key).sign(message);
        let [hmac, turned] = [
            mac(secret.expose_secret(), b"salt"),
            mac(b"salt", secret.expose_secret()),
        ];
        let concat = Digest::Sha256.hash(&[b"salt", secret.expose_secret()]);
        for other in [
            hmac.as_bytes(),
            turned.as_bytes(),
            concat.as_bytes(),
            secret.expose_secret(),
        ] {
            assert_ne!(key.as_slice(), other);
        }
    }

    #[test]
    fn each_secret_and_each_salt_has_an_id_of_its_own() {
        let id = |secret: &str, salt: &[u8]| {
            *SealingKey::new(&SecretKey::dangerous(secret), salt).header()
        };
        assert_eq!(id("secret", b"salt"), id("secret", b"salt"));
        assert_ne!(id("secret", b"salt"), id("another", b"salt"));
        assert_ne!(id("secret", b"salt"), id("secret", b"pepper"));
    }
}
