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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signing::TokenSigner;

    const T: u64 = 1_700_000_000;

    fn sealer() -> TokenSealer {
        TokenSealer::new(SecretKey::dangerous("secret"))
    }

    /// A token with any plaintext under the key of [`sealer`].
    fn sealed(plaintext: &[u8]) -> String {
        let (sealer, nonce) = (sealer(), [7; NONCE]);
        let key = &sealer.shared.current;
        let mut body = plaintext.to_vec();
        let tag = key.encrypt(&nonce, &mut body);
        encoding::encode(&[key.header(), &nonce[..], &body, &tag].concat())
    }

    #[test]
    fn a_token_is_what_other_implementations_make_of_the_description() {
        // HKDF of Python's cryptography 46, XChaCha20-Poly1305 of libsodium (PyNaCl 1.6).
        let token =
            "AX5YSwMAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhe9if9V8qsS9fC3YRMH0pgtrJGG8vZdZDKGjPtp81IC";
        let nonce = std::array::from_fn(|n| u8::try_from(n).unwrap());
        let bytes = sealer().encrypt(&nonce, br#"{"a":1}"#, T);
        assert_eq!(encoding::decode(token).unwrap(), bytes);
        assert_eq!(
            sealer().open(token),
            Ok(Verified {
                payload: br#"{"a":1}"#.to_vec(),
                signed_at: T
            })
        );
    }

    #[test]
    fn a_fallback_key_opens_and_never_seals() {
        let [oldest, old, new] = ["oldest", "old", "new"].map(SecretKey::dangerous);
        let sealer = TokenSealer::builder(new.clone())
            .fallbacks([oldest.clone(), old.clone()])
            .build();
        for key in [&oldest, &old, &new] {
            let token = TokenSealer::new(key.clone()).seal(b"{}", T);
            assert_eq!(sealer.open(&token).unwrap().payload, b"{}");
        }
        let token = sealer.seal(b"{}", T);
        assert!(TokenSealer::new(new).open(&token).is_ok());
        for key in [oldest, old] {
            let error = TokenSealer::new(key).open(&token);
            assert_eq!(error, Err(TokenError::BadSignature));
        }
    }

    #[test]
    fn of_keys_with_one_id_the_one_that_fits_opens() {
        let with_id = |key: &str| {
            SealingKey::new(&SecretKey::dangerous(key), b"salt").with_header([VERSION, 1, 2, 3, 4])
        };
        let sealer = |current: &str, fallbacks: &[&str]| TokenSealer {
            shared: Arc::new(Shared {
                current: with_id(current),
                fallbacks: fallbacks.iter().map(|key| with_id(key)).collect(),
            }),
        };
        let token = sealer("old", &[]).seal(b"{}", T);
        assert!(sealer("new", &["oldest", "old"]).open(&token).is_ok());
        assert_eq!(
            sealer("new", &["oldest"]).open(&token),
            Err(TokenError::BadSignature)
        );
    }

    #[test]
    fn another_salt_is_another_purpose() {
        let other = TokenSealer::builder(SecretKey::dangerous("secret"))
            .salt("password-reset")
            .build();
        let token = sealer().seal(b"{}", T);
        assert_eq!(other.open(&token), Err(TokenError::BadSignature));
        assert_eq!(
            sealer().open(&other.seal(b"{}", T)),
            Err(TokenError::BadSignature)
        );
    }

    #[test]
    fn the_salt_is_authenticated_and_not_only_in_the_key() {
        let token = sealer().seal(b"{}", T);
        let key = SealingKey::new(&SecretKey::dangerous("secret"), b"cookie-session");
        let sealer = TokenSealer {
            shared: Arc::new(Shared {
                current: key.with_salt(b"password-reset"),
                fallbacks: Vec::new(),
            }),
        };
        assert_eq!(sealer.open(&token), Err(TokenError::BadSignature));
    }

    #[test]
    fn a_signed_token_is_not_sealed_and_a_sealed_one_is_not_signed() {
        let signer = TokenSigner::new(SecretKey::dangerous("secret"));
        let signed = signer.sign(b"{}", T);
        assert_eq!(sealer().open(&signed), Err(TokenError::NotSealed));
        let sealed = sealer().seal(b"{}", T);
        assert_eq!(signer.verify(&sealed), Err(TokenError::Malformed));
    }

    #[test]
    fn another_version_and_what_is_too_short_are_not_sealed() {
        let bytes = encoding::decode(&sealer().seal(b"", T)).unwrap();
        let open = |bytes: &[u8]| sealer().open(&encoding::encode(bytes)).unwrap_err();
        for version in (0..=u8::MAX).filter(|&version| version != VERSION) {
            let other = [&[version], &bytes[1..]].concat();
            assert_eq!(open(&other), TokenError::NotSealed, "{version}");
        }
        for length in 0..bytes.len() {
            let error = if length < HEADER + NONCE + TAG {
                TokenError::NotSealed
            } else {
                TokenError::BadSignature
            };
            assert_eq!(open(&bytes[..length]), error, "{length}");
        }
    }

    #[test]
    fn what_is_sealed_without_a_time_says_so() {
        for plaintext in [&b""[..], b"1234567", &[0xFF; 9]] {
            let error = sealer().open(&sealed(plaintext)).unwrap_err();
            assert_eq!(error, TokenError::BadTimestamp, "{plaintext:?}");
        }
    }

    #[test]
    fn a_time_after_the_year_9999_is_never_sealed() {
        let token = sealer().seal(b"", u64::MAX);
        assert_eq!(sealer().open(&token).unwrap().signed_at, LAST_SECOND);
    }

    #[test]
    fn what_is_sealed_needs_no_second_allocation() {
        let token = sealer().seal(&[b'a'; 300], T);
        assert_eq!(token.capacity(), token.len());
        let line = sealer().seal_between("name=", 6, &[b'a'; 300], T);
        assert_eq!(line.capacity(), line.len() + 6);
        assert!(sealer().open(&text(line)["name=".len()..]).is_ok());
    }

    #[test]
    fn a_debug_shows_no_key() {
        let builder = TokenSealer::builder(SecretKey::dangerous("hunter2"))
            .fallbacks([SecretKey::dangerous("hunter1")]);
        let shown = format!("{builder:?} {:?}", builder.clone().build());
        assert!(!shown.contains("hunter"), "{shown}");
    }

    proptest! {
        #[test]
        fn what_was_sealed_is_opened(
            key: Vec<u8>,
            salt: Vec<u8>,
            payload: Vec<u8>,
            signed_at in 0..=LAST_SECOND,
        ) {
            let sealer = TokenSealer::builder(SecretKey::dangerous(key)).salt(salt).build();
            let verified = sealer.open(&sealer.seal(&payload, signed_at));
            prop_assert_eq!(verified, Ok(Verified { payload, signed_at }));
        }

        #[test]
        fn the_length_of_the_payload_alone_decides_that_of_the_token(payload: Vec<u8>) {
            let token = sealer().seal(&payload, T);
            prop_assert_eq!(token.len(), ((payload.len() + 53) * 4).div_ceil(3));
        }

        #[test]
        fn nothing_of_the_payload_shows(payload in "[A-Za-z0-9_-]{8,200}") {
            let token = sealer().seal(payload.as_bytes(), T);
            let bytes = encoding::decode(&token).unwrap();
            let start = &payload.as_bytes()[..8];
            prop_assert!(!token.as_bytes().windows(8).any(|part| part == start));
            prop_assert!(!bytes.windows(8).any(|part| part == start));
        }

        #[test]
        fn two_tokens_of_one_payload_share_nothing_but_version_and_key_id(payload: Vec<u8>) {
            let [one, another] = [(); 2].map(|()| encoding::decode(&sealer().seal(&payload, T)).unwrap());
            prop_assert_eq!(&one[..HEADER], &another[..HEADER]);
            let parts = |bytes: &[u8]| bytes[HEADER..].chunks_exact(8).map(<[u8]>::to_vec).collect::<Vec<_>>();
            prop_assert!(parts(&one).iter().zip(parts(&another)).all(|(one, another)| *one != another));
        }

        #[test]
        fn any_flipped_bit_is_refused(payload: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
            let mut bytes = encoding::decode(&sealer().seal(&payload, T)).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let error = sealer().open(&encoding::encode(&bytes)).unwrap_err();
            prop_assert!(!error.is_authentic());
        }

        #[test]
        fn any_changed_missing_or_added_character_is_refused(
            payload: Vec<u8>,
            at: prop::sample::Index,
            character in "[A-Za-z0-9_=.+/ -]",
        ) {
            let token = sealer().seal(&payload, T);
            let at = at.index(token.len());
            let changed = format!("{}{character}{}", &token[..at], &token[at + 1..]);
            let longer = format!("{}{character}{}", &token[..at], &token[at..]);
            let more = format!("{token}{character}");
            for other in [&changed, &longer, &more, &token[..at], &token[at + 1..]] {
                if other != token {
                    let error = sealer().open(other).unwrap_err();
                    prop_assert!(!error.is_authentic());
                }
            }
        }

        #[test]
        fn no_text_makes_opening_panic(text in r"\PC*|AX5YSw[A-Za-z0-9_-]{0,120}") {
            prop_assert!(sealer().open(&text).is_err());
        }

        #[test]
        fn no_plaintext_makes_opening_panic(plaintext: Vec<u8>) {
            let _ = sealer().open(&sealed(&plaintext));
        }
    }
}
