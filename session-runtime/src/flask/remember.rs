//! Flask-Login's remember cookie: a user's id and a keyed hash of it. There is no time in it, so that it counts until the
//! browser forgets it or the key changes.

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;

use super::identifier::hex;
use crate::signing::SecretKey;

type HmacSha512 = Hmac<Sha512>;

/// Makes and checks what Flask-Login 0.6.3 keeps in its cookie `remember_token`: `id|hex(HMAC-SHA512(secret key, id))`.
///
/// Flask-Login itself reads the current key's tokens only. Here those of the fallback keys are read too, so that a new key
/// forgets nobody; what is made is always made with the current key, so that Flask reads it.
///
/// ```
/// use session_runtime::{flask::RememberSigner, signing::SecretKey};
///
/// let signer = RememberSigner::new(&SecretKey::dangerous("secret"), &[])?;
/// let token = signer.sign("5");
/// assert!(token.starts_with("5|f4a0acaabf023ceb"));
/// assert_eq!(signer.verify(&token), Some("5"));
/// assert_eq!(signer.verify("5|f4a0"), None);
/// # Ok::<(), session_runtime::flask::NotLatin1>(())
/// ```
#[derive(Clone)]
pub struct RememberSigner {
    current: HmacSha512,
    /// In the order in which they are tried.
    fallbacks: Vec<HmacSha512>,
}

impl RememberSigner {
    /// A signer with this key. Tokens of the `fallbacks`, oldest first, are read as well.
    ///
    /// # Errors
    ///
    /// [`NotLatin1`] where Flask-Login could not use the key either. Such a fallback key has never made a token and is left
    /// out.
    pub fn new(key: &SecretKey, fallbacks: &[SecretKey]) -> Result<Self, NotLatin1> {
        Ok(Self {
            current: keyed(key).ok_or(NotLatin1)?,
            fallbacks: fallbacks.iter().rev().filter_map(keyed).collect(),
        })
    }

    /// The token that remembers the user with this id.
    ///
    /// It is the id's HMAC-SHA512 under the key itself. Whatever else is made so with that key, as a key for SHA-512 of a salt is, must
    /// be no id that a user can choose.
    #[must_use]
    pub fn sign(&self, id: &str) -> String {
        let tag = self.current.clone().chain_update(id).finalize();
        format!("{id}|{}", hex(&tag.into_bytes()))
    }

    /// Whom a token remembers, if one of the keys has made it.
    #[must_use]
    pub fn verify<'t>(&self, token: &'t str) -> Option<&'t str> {
        let (id, tag) = token.rsplit_once('|')?;
        let tag = unhex(tag)?;
        let verifies = |mac: &HmacSha512| {
            let mac = mac.clone().chain_update(id);
            mac.verify_slice(&tag).is_ok()
        };
        (verifies(&self.current) || self.fallbacks.iter().any(verifies)).then_some(id)
    }
}

impl fmt::Debug for RememberSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberSigner").finish_non_exhaustive()
    }
}

/// The secret key has letters beyond Latin-1, and Flask-Login then fails with every remember cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret key has letters beyond Latin-1, and Flask-Login can make no remember cookie with such a key: take 64 random hex digits, as `openssl rand -hex 32` prints them"
)]
pub struct NotLatin1;

/// Python writes a key that is text as Latin-1 here, where itsdangerous writes it as UTF-8. One that is bytes stays as it is;
/// bytes that are UTF-8 are taken for text.
fn keyed(key: &SecretKey) -> Option<HmacSha512> {
    let bytes = match str::from_utf8(key.expose_secret()) {
        Ok(text) if !text.is_ascii() => Cow::Owned(latin_1(text)?),
        _ => Cow::Borrowed(key.expose_secret()),
    };
    HmacSha512::new_from_slice(&bytes).ok()
}

fn latin_1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// The bytes of lower-case hex digits: Python compares the text.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> SecretKey {
        SecretKey::dangerous(name)
    }

    #[test]
    fn a_fallback_key_verifies_but_never_signs() {
        let rotated = RememberSigner::new(&key("k2"), &[key("k0"), key("k1")]).unwrap();
        for old in ["k0", "k1", "k2"] {
            let token = RememberSigner::new(&key(old), &[]).unwrap().sign("5");
            assert_eq!(rotated.verify(&token), Some("5"), "{old}");
        }
        let alone = RememberSigner::new(&key("k2"), &[]).unwrap();
        assert_eq!(alone.verify(&rotated.sign("5")), Some("5"));
    }

    #[test]
    fn a_debug_shows_nothing_of_the_key() {
        let signer = RememberSigner::new(&key("hunter2"), &[]).unwrap();
        assert_eq!(format!("{signer:?}"), "RememberSigner { .. }");
    }
}
