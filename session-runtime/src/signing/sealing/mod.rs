//! The sealed text that a cookie carries where nobody but us shall read it: encrypted, and unalterable for that. What
//! [`TokenSealer`] says is the whole format.
//!
//! It knows no HTTP and no JSON: a payload is bytes.

mod builder;
mod key;

pub use builder::TokenSealerBuilder;

use std::fmt;
use std::sync::Arc;

use self::key::{KEY_ID, NONCE, SealingKey, TAG};
use super::timed::LAST_SECOND;
use super::token::text;
use super::{SecretKey, TokenError, Verified, encoding};

/// The first byte of a token. Another way to seal is another number.
const VERSION: u8 = 1;

/// The bytes before the nonce: the version and the key id.
const HEADER: usize = 1 + KEY_ID;

/// The bytes of the time, with which the plaintext begins.
const TIME: usize = size_of::<u64>();

/// Makes and opens sealed tokens: what [`TokenSigner`](super::TokenSigner) does, for content that its owner shall not read.
/// Keys are derived once, when it is built. Needs the feature `encrypted`.
///
/// A clone is cheap and shares the keys, which are wiped when the last clone is dropped.
///
/// How old a token may be is asked of [`check_age`](super::check_age), as with signed ones.
///
/// # Format
///
/// It is not Flask's, nor any other program's:
///
/// ```text
/// token      = b64(version | key id | nonce | ciphertext | tag)
/// version    = 1, one byte
/// key id     = 4 bytes that say which key, and nothing of the key
/// nonce      = 24 bytes from the operating system's random generator, new for each token
/// ciphertext = XChaCha20(encryption key, nonce, seconds since 1970 as 8 bytes, big-endian | payload)
/// tag        = Poly1305 over version, key id, salt and ciphertext, 16 bytes
/// b64        = base64 in the URL-safe alphabet, without padding (RFC 4648, section 5)
///
/// encryption key = HKDF-SHA256(secret key, salt, "session-runtime sealing v1: encryption key"), 32 bytes
/// key id         = HKDF-SHA256(secret key, salt, "session-runtime sealing v1: key id"), 4 bytes
/// ```
///
/// The cipher is [XChaCha20-Poly1305](https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha-03), the derivation HKDF
/// ([RFC 5869](https://datatracker.ietf.org/doc/html/rfc5869)). What is secret for encryption is secret for nothing else:
/// a key that signs ([`TokenSigner`](super::TokenSigner)) is derived in another way.
///
/// - *Random nonces last.* They have 192 bits, so that a key which seals a million tokens each second for a thousand years
///   repeats one with a chance below 10⁻²⁴. Nothing is counted, and processes share a key without talking to each other.
/// - *A rotation costs nothing.* The key id says which of our keys to take, so that a fallback is as quick as the current
///   key, and another's token is refused without any decryption.
/// - *Of the payload its length shows, and nothing else.* One of n bytes becomes a token of ⌈(n + 53) × 4 / 3⌉ characters,
///   so 71 for an empty one. Whoever must hide even that pads the payload.
/// - *It is never compressed.* How well a secret packs together with text that a stranger chose tells him of the secret, a
///   guess at a time, by the length alone (as CRIME did it with cookies).
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, TokenSealer};
///
/// let sealer = TokenSealer::new(SecretKey::generate());
/// let token = sealer.seal(b"hello", 1_700_000_000);
/// assert_eq!(sealer.open(&token)?.payload, b"hello");
///
/// let stranger = TokenSealer::new(SecretKey::generate());
/// assert!(stranger.open(&token).is_err());
/// # Ok::<(), session_runtime::signing::TokenError>(())
/// ```
#[derive(Clone)]
pub struct TokenSealer {
    shared: Arc<Shared>,
}

struct Shared {
    current: SealingKey,
    /// In the order in which they are looked at.
    fallbacks: Vec<SealingKey>,
}

impl TokenSealer {
    /// A sealer with the salt `cookie-session` and no fallback keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSealer};
    ///
    /// let sealer = TokenSealer::new(SecretKey::generate());
    /// // One payload never becomes the same token twice.
    /// assert_ne!(sealer.seal(b"hello", 0), sealer.seal(b"hello", 0));
    /// ```
    #[must_use]
    pub fn new(key: SecretKey) -> Self {
        Self::builder(key).build()
    }

    /// Starts from the settings of [`new`](Self::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSealer};
    ///
    /// let sealer = TokenSealer::builder(SecretKey::generate())
    ///     .salt("password-reset")
    ///     .build();
    /// assert!(sealer.open(&sealer.seal(b"user 7", 0)).is_ok());
    /// ```
    pub fn builder(key: SecretKey) -> TokenSealerBuilder {
        TokenSealerBuilder::new(key)
    }

    /// Seals `payload` as of `at`, in seconds since 1970. The result has ⌈(n + 53) × 4 / 3⌉ characters for n bytes.
    ///
    /// A time after the year 9999 is written as its last second, as [`TokenSigner`](super::TokenSigner) does.
    ///
    /// # Panics
    ///
    /// If the operating system gives no random bytes: a nonce that is not random would betray what is sealed. And if the
    /// payload is longer than 256 GiB, which is all that the cipher can take.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSealer};
    ///
    /// let sealer = TokenSealer::new(SecretKey::generate());
    /// assert_eq!(sealer.seal(b"", 1_700_000_000).len(), 71);
    /// assert_eq!(sealer.seal(br#"{"user_id":12345}"#, 1_700_000_000).len(), 94);
    /// ```
    #[must_use]
    pub fn seal(&self, payload: &[u8], at: u64) -> String {
        text(self.seal_between("", 0, payload, at))
    }

    /// As [`seal`](Self::seal), with `lead` before the token and room for `spare` bytes after it: a token is written once, in
    /// the line where it is wanted.
    #[expect(
        clippy::expect_used,
        reason = "without random bytes there is no nonce, and no caller could do better"
    )]
    pub(crate) fn seal_between(
        &self,
        lead: &str,
        spare: usize,
        payload: &[u8],
        at: u64,
    ) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)
            .expect("the operating system gives no random bytes, so nothing can be sealed");
        let sealed = self.encrypt(&nonce, payload, at);
        let length = lead.len() + encoding::encoded_len(sealed.len()) + spare;
        let mut token = Vec::with_capacity(length);
        token.extend_from_slice(lead.as_bytes());
        encoding::encode_into(&sealed, &mut token);
        token
    }

    /// Checks that the token was sealed with one of our keys and nobody altered it, and decrypts it. The age is not judged
    /// here.
    ///
    /// # Errors
    ///
    /// [`TokenError::NotSealed`] for what is no sealed token at all, and [`TokenError::BadSignature`] for one that was made
    /// with another key or salt, or altered.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenError, TokenSealer};
    ///
    /// let sealer = TokenSealer::new(SecretKey::generate());
    /// let token = sealer.seal(b"admin=0", 1_700_000_000);
    /// assert_eq!(sealer.open(&token)?.signed_at, 1_700_000_000);
    ///
    /// let shorter = &token[..token.len() - 4];
    /// assert_eq!(sealer.open(shorter), Err(TokenError::BadSignature));
    /// assert_eq!(sealer.open("nonsense"), Err(TokenError::NotSealed));
    /// # Ok::<(), TokenError>(())
    /// ```
    pub fn open(&self, token: &str) -> Result<Verified, TokenError> {
        self.open_bytes(token.as_bytes())
    }

    /// The same, for a token that nobody has made a text of.
    pub(crate) fn open_bytes(&self, token: &[u8]) -> Result<Verified, TokenError> {
        let mut sealed = encoding::decode(token).ok_or(TokenError::NotSealed)?;
        let signed_at = self.decrypt(&mut sealed)?;
        sealed.truncate(sealed.len().saturating_sub(TAG));
        sealed.drain(..HEADER + NONCE + TIME);
        Ok(Verified {
            payload: sealed,
            signed_at,
        })
    }

    /// The bytes of a token.
    fn encrypt(&self, nonce: &[u8; NONCE], payload: &[u8], at: u64) -> Vec<u8> {
        let key = &self.shared.current;
        let mut sealed = Vec::with_capacity(HEADER + NONCE + TIME + payload.len() + TAG);
        sealed.extend_from_slice(key.header());
        sealed.extend_from_slice(nonce);
        sealed.extend_from_slice(&at.min(LAST_SECOND).to_be_bytes());
        sealed.extend_from_slice(payload);
        let tag = key.encrypt(nonce, &mut sealed[HEADER + NONCE..]);
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// Decrypts what is between nonce and tag where it is, and reads the time with which it begins.
    fn decrypt(&self, sealed: &mut [u8]) -> Result<u64, TokenError> {
        let (header, nonce, body, tag) = parts(sealed).ok_or(TokenError::NotSealed)?;
        let Shared { current, fallbacks } = &*self.shared;
        // Two keys may have one id, by a chance of one in four thousand million.
        std::iter::once(current)
            .chain(fallbacks)
            .filter(|key| key.header() == header)
            .find(|key| key.decrypt(nonce, body, tag))
            .ok_or(TokenError::BadSignature)?;
        body.first_chunk()
            .map(|time| u64::from_be_bytes(*time))
            .filter(|&at| at <= LAST_SECOND)
            .ok_or(TokenError::BadTimestamp)
    }
}

impl fmt::Debug for TokenSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSealer(..)")
    }
}

/// Header, nonce, ciphertext and tag, if there is room for them and the version is ours.
#[expect(clippy::type_complexity, reason = "four slices with a length each")]
fn parts(sealed: &mut [u8]) -> Option<(&[u8; HEADER], &[u8; NONCE], &mut [u8], &[u8; TAG])> {
    let (header, rest) = sealed.split_first_chunk_mut()?;
    let (nonce, rest) = rest.split_first_chunk_mut()?;
    let (body, tag) = rest.split_last_chunk_mut()?;
    (header[0] == VERSION).then_some((header, nonce, body, tag))
}

#[cfg(test)]
mod tests;
