//! The whole token: a payload, the time and a signature over both.
//!
//! This is itsdangerous' `URLSafeTimedSerializer` without its JSON: payloads are bytes, and how old
//! one may be is asked of [`check_age`](super::check_age) by whoever knows the lifetime.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::compression::{self, InflateError};
use super::signer::{SEPARATOR, Signer, rsplit};
use super::{Digest, SecretKey, TokenError, TokenSignerBuilder, encoding, timed};

/// Stands in front of a payload that is compressed.
const COMPRESSED: u8 = b'.';

/// Makes and checks tokens. Keys are derived once, when it is built.
///
/// A clone is cheap and shares the keys, which are wiped when the last clone is dropped.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, TokenSigner};
///
/// let signer = TokenSigner::new(SecretKey::generate());
/// let token = signer.sign(b"hello", 1_700_000_000);
/// assert_eq!(signer.verify(&token)?.payload, b"hello");
///
/// let stranger = TokenSigner::new(SecretKey::generate());
/// assert!(stranger.verify(&token).is_err());
/// # Ok::<(), session_runtime::signing::TokenError>(())
/// ```
#[derive(Clone)]
pub struct TokenSigner {
    shared: Arc<Shared>,
}

struct Shared {
    signer: Signer,
    /// How many bytes a payload has that compressing is tried on. What inflates to more is not read.
    compressed: RangeInclusive<usize>,
}

impl TokenSigner {
    /// A signer with Flask's settings and no fallback keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::new(SecretKey::dangerous("secret"));
    /// let token = signer.sign(br#"{"a":1}"#, 1_700_000_000);
    /// assert_eq!(token, "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU");
    /// ```
    #[must_use]
    pub fn new(key: SecretKey) -> Self {
        Self::builder(key).build()
    }

    /// Starts from Flask's settings: salt `cookie-session`, SHA-1, key derivation HMAC.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{Digest, SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::builder(SecretKey::generate())
    ///     .salt("password-reset")
    ///     .digest(Digest::Sha256)
    ///     .build();
    /// assert!(signer.verify(&signer.sign(b"user 7", 0)).is_ok());
    /// ```
    pub fn builder(key: SecretKey) -> TokenSignerBuilder {
        TokenSignerBuilder::new(key)
    }

    /// Signs `payload` as of `at`, in seconds since 1970.
    ///
    /// The payload is compressed where that makes it shorter, unless it is shorter than
    /// [`compressed_from`](TokenSignerBuilder::compressed_from) says, or so long that [`verify`](Self::verify) would not
    /// inflate it again ([`max_inflated`](TokenSignerBuilder::max_inflated)). A time after the year 9999 is written
    /// as its last second: Flask fails for good on a cookie with a later one.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::new(SecretKey::generate());
    /// let token = signer.sign("again and ".repeat(50).as_bytes(), 1_700_000_000);
    /// assert!(token.starts_with('.')); // compressed
    /// assert!(token.len() < 100);
    /// ```
    #[must_use]
    pub fn sign(&self, payload: &[u8], at: u64) -> String {
        text(self.sign_between("", 0, payload, at))
    }

    /// As [`sign`](Self::sign), with `lead` before the token and room for `spare` bytes after it: a token is written once,
    /// in the line where it is wanted.
    pub(crate) fn sign_between(
        &self,
        lead: &str,
        spare: usize,
        payload: &[u8],
        at: u64,
    ) -> Vec<u8> {
        let is_tried = self.shared.compressed.contains(&payload.len());
        let compressed = is_tried.then(|| compression::deflate(payload)).flatten();
        let body = compressed.as_deref().unwrap_or(payload);
        let mut text = Vec::with_capacity(
            lead.len()
                + usize::from(compressed.is_some())
                + encoding::encoded_len(body.len())
                + 2 * size_of_val(&SEPARATOR)
                + timed::encoded_len(at)
                + self.shared.signer.tag_len()
                + spare,
        );
        text.extend_from_slice(lead.as_bytes());
        if compressed.is_some() {
            text.push(COMPRESSED);
        }
        encoding::encode_into(body, &mut text);
        text.push(SEPARATOR);
        timed::encode_into(at, &mut text);
        self.shared.signer.sign(&mut text, lead.len());
        text
    }

    /// Checks the signature, and only then reads time and payload. The age is not judged here.
    ///
    /// # Errors
    ///
    /// [`TokenError`] says which check failed; [`TokenError::is_authentic`] tells a token that is
    /// ours but cannot be read from one that is not ours.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenError, TokenSigner};
    ///
    /// let signer = TokenSigner::new(SecretKey::generate());
    /// let token = signer.sign(b"admin=0", 1_700_000_000);
    /// assert_eq!(signer.verify(&token)?.signed_at, 1_700_000_000);
    /// assert_eq!(signer.verify(&token.to_uppercase()), Err(TokenError::BadSignature));
    /// assert_eq!(signer.verify("nonsense"), Err(TokenError::Malformed));
    /// # Ok::<(), TokenError>(())
    /// ```
    pub fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        self.verify_bytes(token.as_bytes())
    }

    /// The same, for a token that nobody has made a text of.
    pub(crate) fn verify_bytes(&self, token: &[u8]) -> Result<Verified, TokenError> {
        let max_inflated = *self.shared.compressed.end();
        read(self.shared.signer.unsign(token)?, max_inflated)
    }

    /// How many bytes of a payload that is not compressed a token of so many characters has room for, in the years from 2004 on.
    pub(crate) fn longest_payload(digest: Digest, characters: usize) -> usize {
        let time = encoding::encoded_len(4);
        let around =
            2 * size_of_val(&SEPARATOR) + time + encoding::encoded_len(digest.output_size());
        encoding::decoded_len(characters.saturating_sub(around))
    }

    pub(super) fn with(signer: Signer, compressed: RangeInclusive<usize>) -> Self {
        Self {
            shared: Arc::new(Shared { signer, compressed }),
        }
    }
}

/// A token is ASCII.
pub(super) fn text(token: Vec<u8>) -> String {
    String::from_utf8(token).unwrap_or_default()
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSigner(..)")
    }
}

/// What a token holds whose signature is right.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, TokenSigner, Verified};
///
/// let signer = TokenSigner::new(SecretKey::generate());
/// let Verified { payload, signed_at } = signer.verify(&signer.sign(b"hello", 60))?;
/// assert_eq!((payload.as_slice(), signed_at), (&b"hello"[..], 60));
/// # Ok::<(), session_runtime::signing::TokenError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was signed, inflated if it was compressed.
    pub payload: Vec<u8>,
    /// When it was signed, in seconds since 1970. Judge it with [`check_age`](super::check_age).
    pub signed_at: u64,
}

impl fmt::Debug for Verified {
    /// Shows no payload: what is signed is nobody's business but the application's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}

/// Reads what stands before the signature. A payload may inflate to `limit` bytes.
pub(super) fn read(signed: &[u8], limit: usize) -> Result<Verified, TokenError> {
    let (body, time) = rsplit(signed).ok_or(TokenError::BadTimestamp)?;
    let signed_at = timed::decode(time).ok_or(TokenError::BadTimestamp)?;
    let (text, compressed) = match body {
        [COMPRESSED, text @ ..] => (text, true),
        text => (text, false),
    };
    let bytes = encoding::decode(text).ok_or(TokenError::BadPayload { signed_at })?;
    let payload = if compressed {
        compression::inflate(&bytes, limit).map_err(|error| match error {
            InflateError::Damaged => TokenError::BadPayload { signed_at },
            InflateError::TooLarge => TokenError::TooLarge { signed_at, limit },
        })?
    } else {
        bytes
    };
    Ok(Verified { payload, signed_at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signing::{Digest, KeyDerivation};

    const T: u64 = 1_700_000_000;

    fn signer() -> TokenSigner {
        TokenSigner::new(SecretKey::dangerous("secret"))
    }

    /// A token over any text, signed with the key of [`signer`].
    fn signed(text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        signer().shared.signer.sign(&mut text, 0);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_token_is_what_flask_writes() {
        let token = "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU";
        assert_eq!(signer().sign(br#"{"a":1}"#, T), token);
        assert_eq!(
            signer().verify(token),
            Ok(Verified {
                payload: br#"{"a":1}"#.to_vec(),
                signed_at: T
            })
        );
    }

    #[test]
    fn what_is_signed_needs_no_second_allocation() {
        for payload in [&b"{}"[..], br#"{"user_id":12345}"#, &[b'a'; 300]] {
            let builder = TokenSigner::builder(SecretKey::dangerous("k")).digest(Digest::Sha512);
            let token = builder.build().sign(payload, timed::LAST_SECOND);
            assert_eq!(token.capacity(), token.len());
        }
    }

    #[test]
    fn the_longest_payload_fills_the_token_and_one_byte_more_does_not_fit() {
        for digest in [Digest::Sha1, Digest::Sha256, Digest::Sha512] {
            let signer = TokenSigner::builder(SecretKey::dangerous("k"))
                .digest(digest)
                .compressed_from(usize::MAX)
                .build();
            for characters in 150..170 {
                let longest = TokenSigner::longest_payload(digest, characters);
                assert!(signer.sign(&vec![b'a'; longest], T).len() <= characters);
                assert!(signer.sign(&vec![b'a'; longest + 1], T).len() > characters);
            }
        }
    }

    #[test]
    fn what_could_not_be_inflated_again_is_not_compressed() {
        let limit = 4096;
        let signer = TokenSigner::builder(SecretKey::dangerous("k"))
            .max_inflated(limit)
            .build();
        for (length, compressed) in [(limit, true), (limit + 1, false)] {
            let payload = vec![b'a'; length];
            let token = signer.sign(&payload, T);
            assert_eq!(
                token.starts_with(char::from(COMPRESSED)),
                compressed,
                "{length}"
            );
            assert_eq!(signer.verify(&token).unwrap().payload, payload);
        }
    }

    #[test]
    fn another_salt_digest_or_derivation_is_another_signature() {
        let token = signer().sign(b"{}", T);
        let builder = || TokenSigner::builder(SecretKey::dangerous("secret"));
        for other in [
            builder().salt("other"),
            builder().digest(Digest::Sha256),
            builder().key_derivation(KeyDerivation::Concat),
        ] {
            assert_eq!(other.build().verify(&token), Err(TokenError::BadSignature));
        }
    }

    #[test]
    fn the_signature_is_checked_before_anything_else() {
        for nonsense in ["!!.!!.AAAA", ".AAAA.ZVPxAA.AAAA", "..", "...", "a.b.c.d"] {
            assert_eq!(
                signer().verify(nonsense),
                Err(TokenError::BadSignature),
                "{nonsense}"
            );
        }
        assert_eq!(signer().verify(""), Err(TokenError::Malformed));
    }

    #[test]
    fn a_signed_text_without_a_time_says_so() {
        for text in [
            "eyJhIjoxfQ",
            "",
            "e30.!!",
            "e30.AAAAAAAAAAAAAA",
            "e30.Ov_0QYA",
        ] {
            let error = signer().verify(&signed(text)).unwrap_err();
            assert_eq!(error, TokenError::BadTimestamp, "{text:?}");
        }
    }

    #[test]
    fn a_signed_payload_that_cannot_be_read_keeps_its_time() {
        for payload in ["e30=", "e31", "e3 0", "a.e30", ".e30", "..e30", "."] {
            let error = signer()
                .verify(&signed(&format!("{payload}.ZVPxAA")))
                .unwrap_err();
            assert_eq!(error, TokenError::BadPayload { signed_at: T }, "{payload}");
        }
    }

    #[test]
    fn an_empty_payload_is_a_payload() {
        let token = signer().sign(b"", T);
        assert_eq!(token, signed(".ZVPxAA"));
        assert_eq!(signer().verify(&token).unwrap().payload, b"");
    }

    #[test]
    fn a_debug_shows_no_key() {
        let builder = TokenSigner::builder(SecretKey::dangerous("hunter2"))
            .fallbacks([SecretKey::dangerous("hunter1")]);
        let shown = format!("{builder:?} {:?}", builder.clone().build());
        assert!(!shown.contains("hunter"), "{shown}");
    }

    fn any_signer() -> impl Strategy<Value = TokenSigner> {
        use Digest::{Sha1, Sha256, Sha512};
        use KeyDerivation::{Concat, DjangoConcat, Hmac};
        (
            any::<Vec<u8>>(),
            any::<Vec<u8>>(),
            prop::sample::select(vec![Sha1, Sha256, Sha512]),
            prop::sample::select(vec![Hmac, Concat, DjangoConcat, KeyDerivation::None]),
        )
            .prop_map(|(key, salt, digest, derivation)| {
                TokenSigner::builder(SecretKey::dangerous(key))
                    .salt(salt)
                    .digest(digest)
                    .key_derivation(derivation)
                    .build()
            })
    }

    proptest! {
        #[test]
        fn what_was_signed_is_verified(
            signer in any_signer(),
            payload in prop_oneof![any::<Vec<u8>>(), "[ab]{0,300}".prop_map(String::into_bytes)],
            signed_at in 0..=timed::LAST_SECOND,
        ) {
            let verified = signer.verify(&signer.sign(&payload, signed_at));
            prop_assert_eq!(verified, Ok(Verified { payload, signed_at }));
        }

        #[test]
        fn any_changed_byte_is_refused(
            signer in any_signer(),
            payload: Vec<u8>,
            at: prop::sample::Index,
            byte in 0..128_u8,
        ) {
            let token = signer.sign(&payload, T);
            let mut changed = token.clone().into_bytes();
            changed[at.index(token.len())] = byte;
            let changed = String::from_utf8(changed).unwrap();
            prop_assume!(changed != token);
            let error = signer.verify(&changed).unwrap_err();
            prop_assert!(!error.is_authentic());
        }

        #[test]
        fn no_text_makes_verifying_panic(text: String) {
            prop_assert!(signer().verify(&text).is_err());
        }

        #[test]
        fn no_signed_text_makes_verifying_panic(text in r"\PC*|[.A-Za-z0-9_-]{0,60}\.ZVPxAA") {
            let _ = signer().verify(&signed(&text));
        }
    }
}
