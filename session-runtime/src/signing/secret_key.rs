//! The secret that signs: what may be one, and how it is kept from view.
//!
//! Knows nothing of what is signed with it, nor where it was configured.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::guessable;
use crate::debug_as_display::debug_as_display;

/// The fewest bytes that are accepted: 128 bits, if they are random.
const MIN_BYTES: usize = 16;

/// The random bytes in a generated key, as many as in Python's `secrets.token_hex()`.
const GENERATED_BYTES: usize = 32;

/// A secret key, as in Flask's `SECRET_KEY`: whoever knows it can sign in as anybody.
///
/// The bytes are used as they are, text as UTF-8. They are wiped from memory when the key is dropped
/// (each clone wipes its own), [`Debug`] prints none of them, and `==` takes a time that does not
/// depend on where two keys differ.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, SecretKeyError};
///
/// let key = SecretKey::generate();
/// assert_eq!(format!("{key:?}"), "SecretKey(..)");
/// assert_eq!(SecretKey::new("changeme").unwrap_err(), SecretKeyError::Famous);
/// ```
#[derive(Clone)]
pub struct SecretKey {
    bytes: Zeroizing<Vec<u8>>,
}

impl SecretKey {
    /// Takes a key that is text, as from an environment variable; white space counts.
    ///
    /// # Errors
    ///
    /// [`SecretKeyError`] if the key is empty, famous, repetitive, or shorter than 16 bytes. What
    /// was passed is wiped all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, SecretKeyError};
    ///
    /// // What `openssl rand -hex 32` prints. A key from a page like this one is everybody's.
    /// # let text = String::from_utf8(SecretKey::generate().expose_secret().to_vec()).unwrap();
    /// assert!(SecretKey::new(text).is_ok());
    /// assert_eq!(SecretKey::new("k8Zq").unwrap_err(), SecretKeyError::Short { bytes: 4 });
    /// ```
    pub fn new(key: impl Into<String>) -> Result<Self, SecretKeyError> {
        Self::from_bytes(key.into())
    }

    /// Takes a key that is bytes, as from a file or a key service.
    ///
    /// # Errors
    ///
    /// As [`SecretKey::new`].
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, SecretKeyError};
    ///
    /// # let from_a_service = SecretKey::generate().expose_secret().to_vec();
    /// assert!(SecretKey::from_bytes(from_a_service).is_ok());
    /// assert_eq!(SecretKey::from_bytes([0; 32]).unwrap_err(), SecretKeyError::Repetitive);
    /// ```
    pub fn from_bytes(key: impl Into<Vec<u8>>) -> Result<Self, SecretKeyError> {
        let key = Self::dangerous(key);
        match key.expose_secret() {
            [] => Err(SecretKeyError::Empty),
            bytes if guessable::is_famous(bytes) => Err(SecretKeyError::Famous),
            bytes if guessable::is_repetitive(bytes, MIN_BYTES) => Err(SecretKeyError::Repetitive),
            bytes if bytes.len() < MIN_BYTES => Err(SecretKeyError::Short { bytes: bytes.len() }),
            _ => Ok(key),
        }
    }

    /// Makes a new random key: 64 lowercase hexadecimal digits, which hold 256 random bits.
    ///
    /// It is text, so that it can be put into `SECRET_KEY`; Flask's documentation makes its keys in
    /// the same way (`secrets.token_hex()`).
    ///
    /// # Panics
    ///
    /// If the operating system gives no random bytes; there is no safe way on from there.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::SecretKey;
    ///
    /// let key = SecretKey::generate();
    /// assert_eq!(key.expose_secret().len(), 64);
    /// assert_ne!(key, SecretKey::generate());
    /// ```
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "without random bytes there is no key, and no caller could do better"
    )]
    pub fn generate() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut random = Zeroizing::new([0; GENERATED_BYTES]);
        getrandom::fill(random.as_mut_slice())
            .expect("the operating system gives no random bytes, so no secret key can be made");
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * GENERATED_BYTES));
        for byte in random.iter() {
            bytes.push(DIGITS[usize::from(byte >> 4)]);
            bytes.push(DIGITS[usize::from(byte & 15)]);
        }
        Self { bytes }
    }

    /// Takes any key, however weak, even an empty one.
    ///
    /// For tests and known answers, and for reading what an old application signed under a key that
    /// [`SecretKey::new`] refuses. A weak key is found by trying, offline, on a single cookie.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::SecretKey;
    ///
    /// assert_eq!(SecretKey::dangerous("dev").expose_secret(), b"dev");
    /// ```
    #[must_use]
    pub fn dangerous(key: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: Zeroizing::new(key.into()),
        }
    }

    /// The key itself. Keep it out of logs, errors and `Debug`.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::SecretKey;
    ///
    /// let key = SecretKey::generate();
    /// assert!(key.expose_secret().iter().all(u8::is_ascii_hexdigit));
    /// ```
    #[must_use]
    pub fn expose_secret(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

impl PartialEq for SecretKey {
    /// Takes a time that depends on the lengths only.
    fn eq(&self, other: &Self) -> bool {
        self.bytes.ct_eq(&other.bytes).into()
    }
}

impl Eq for SecretKey {}

/// Why a text is refused as a secret key. Never contains the key.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::SecretKey;
///
/// let error = SecretKey::new("").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the secret key is empty: take 64 random hex digits, as `openssl rand -hex 32` prints them",
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretKeyError {
    /// There is nothing.
    #[error(
        "the secret key is empty: take 64 random hex digits, as `openssl rand -hex 32` prints them"
    )]
    Empty,
    /// There is too little to be random enough.
    #[error(
        "the secret key has {bytes} bytes, and fewer than 16 can be guessed: take 64 random hex \
         digits, as `openssl rand -hex 32` prints them"
    )]
    Short {
        /// How many bytes there are.
        bytes: usize,
    },
    /// It stands in documentation or in every list of passwords, or is made of such words.
    #[error(
        "the secret key is an example or a common word that everybody knows: take 64 random hex \
         digits, as `openssl rand -hex 32` prints them"
    )]
    Famous,
    /// It says one short thing again and again.
    #[error(
        "the secret key repeats one character or a short word: take 64 random hex digits, as \
         `openssl rand -hex 32` prints them"
    )]
    Repetitive,
}

debug_as_display!(SecretKeyError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_key_is_accepted_as_text() {
        let key = SecretKey::generate();
        let text = String::from_utf8(key.expose_secret().to_vec()).unwrap();
        assert!(text.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert_eq!(SecretKey::new(text).unwrap(), key);
    }

    #[test]
    fn each_fault_has_its_own_error() {
        for (key, error) in [
            ("", SecretKeyError::Empty),
            ("dev", SecretKeyError::Famous),
            ("xJ4#q", SecretKeyError::Short { bytes: 5 }),
            ("xJ4#qxJ4#qxJ4#qxJ4#q", SecretKeyError::Repetitive),
        ] {
            assert_eq!(SecretKey::new(key).unwrap_err(), error);
        }
    }

    #[test]
    fn sixteen_bytes_are_enough_and_fifteen_are_not() {
        assert!(SecretKey::new("k3Zr8wPq1LxV9sBn").is_ok());
        assert_eq!(
            SecretKey::new("k3Zr8wPq1LxV9sB").unwrap_err(),
            SecretKeyError::Short { bytes: 15 }
        );
    }

    #[test]
    fn a_debug_shows_nothing_of_the_key() {
        let key = SecretKey::dangerous("hunter2");
        let shown = format!("{key:?} {key:#?}");
        assert_eq!(shown, "SecretKey(..) SecretKey(..)");
    }

    #[test]
    fn keys_of_different_lengths_differ() {
        assert_ne!(SecretKey::dangerous("ab"), SecretKey::dangerous("abc"));
        assert_eq!(SecretKey::dangerous("ab"), SecretKey::dangerous("ab"));
    }
}
