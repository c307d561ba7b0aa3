//! What a token says when nobody checks who wrote it: for a person who looks at one, never for a program that acts on it.
//!
//! Knows no key, so it cannot tell an honest token from any other.

use std::fmt;

use super::builder::MAX_INFLATED;
use super::digest::Tag;
use super::signer::rsplit;
use super::token::{self, Verified};
use super::{TokenError, encoding};

/// Reads a token **without checking its signature**, as to look at one whose key is not at hand.
///
/// Anybody may have written what this returns. To act on it, check it first:
/// [`TokenSigner::verify`](super::TokenSigner::verify). Spelling is judged as strictly as there, and a compressed payload
/// may unpack to one MiB.
///
/// # Errors
///
/// [`UnverifiedError`] says what cannot be read.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::read_unverified;
///
/// let token = "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU";
/// let seen = read_unverified(token)?;
/// assert_eq!(seen.payload, br#"{"a":1}"#);
/// assert_eq!(seen.signed_at, 1_700_000_000);
///
/// // A forged one reads as well.
/// let forged = "eyJhIjoyfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU";
/// assert_eq!(read_unverified(forged)?.payload, br#"{"a":2}"#);
/// # Ok::<(), session_runtime::signing::UnverifiedError>(())
/// ```
pub fn read_unverified(token: &str) -> Result<Unverified, UnverifiedError> {
    let (signed, signature) = rsplit(token.as_bytes()).ok_or(UnverifiedError::Malformed)?;
    encoding::decode_onto(signature, &mut [0; Tag::MAX]).ok_or(UnverifiedError::Malformed)?;
    let Verified { payload, signed_at } = token::read(signed, MAX_INFLATED).map_err(without_key)?;
    Ok(Unverified { payload, signed_at })
}

/// What a token holds that nobody has checked.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{Unverified, read_unverified};
///
/// let Unverified { payload, signed_at } = read_unverified("aGVsbG8.PA.AAAA")?;
/// assert_eq!((payload.as_slice(), signed_at), (&b"hello"[..], 60));
/// # Ok::<(), session_runtime::signing::UnverifiedError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Unverified {
    /// What it says was signed, inflated if it was compressed.
    pub payload: Vec<u8>,
    /// When it says it was signed, in seconds since 1970.
    pub signed_at: u64,
}

impl fmt::Debug for Unverified {
    /// Shows no payload, as [`Verified`] does not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}

/// Why a token cannot be read, whoever signed it.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{UnverifiedError, read_unverified};
///
/// assert_eq!(read_unverified("nonsense"), Err(UnverifiedError::Malformed));
/// assert_eq!(read_unverified("!!.PA.AAAA"), Err(UnverifiedError::BadPayload));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnverifiedError {
    /// It has not the three parts, or the last one is no signature.
    #[error(
        "it is no token: a payload, a time and a signature in URL-safe base64 were expected, each after a `.`"
    )]
    Malformed,
    /// The payload is no base64, or no whole zlib stream.
    #[error("its payload is no base64, or no zlib: it was cut or altered on its way")]
    BadPayload,
    /// The payload unpacks to more than a token should hold.
    #[error("its payload unpacks to more than {limit} bytes, which no session has")]
    TooLarge {
        /// How many bytes are allowed.
        limit: usize,
    },
}

/// Forgets what only a key could tell.
fn without_key(error: TokenError) -> UnverifiedError {
    match error {
        TokenError::Malformed
        | TokenError::NotSealed
        | TokenError::BadSignature
        | TokenError::BadTimestamp => UnverifiedError::Malformed,
        TokenError::BadPayload { .. } => UnverifiedError::BadPayload,
        TokenError::TooLarge { limit, .. } => UnverifiedError::TooLarge { limit },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signing::{Digest, SecretKey, TokenSigner};

    #[test]
    fn a_token_reads_alike_with_any_signature() {
        for digest in [Digest::Sha1, Digest::Sha256, Digest::Sha512] {
            let signer = TokenSigner::builder(SecretKey::generate())
                .digest(digest)
                .build();
            let token = signer.sign(br#"{"a":1}"#, 60);
            let expected = Unverified {
                payload: br#"{"a":1}"#.to_vec(),
                signed_at: 60,
            };
            assert_eq!(read_unverified(&token).as_ref(), Ok(&expected));
            let (signed, _) = token.rsplit_once('.').unwrap();
            let forged = format!("{signed}.AAAA");
            assert_eq!(read_unverified(&forged), Ok(expected));
        }
    }

    #[test]
    fn spelling_is_judged_as_with_a_key() {
        for (token, error) in [
            ("", UnverifiedError::Malformed),
            ("e30", UnverifiedError::Malformed),
            ("e30.AAAA", UnverifiedError::Malformed),
            ("e30.PA.AAAA=", UnverifiedError::Malformed),
            ("e30.P A.AAAA", UnverifiedError::Malformed),
            ("e30=.PA.AAAA", UnverifiedError::BadPayload),
            ("e31.PA.AAAA", UnverifiedError::BadPayload),
            (".e30.PA.AAAA", UnverifiedError::BadPayload),
        ] {
            assert_eq!(read_unverified(token), Err(error), "{token}");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_not_read() {
        let signer = TokenSigner::builder(SecretKey::generate())
            .max_inflated(2 * MAX_INFLATED)
            .build();
        let limit = MAX_INFLATED;
        assert_eq!(
            read_unverified(&signer.sign(&vec![b'a'; limit + 1], 60)),
            Err(UnverifiedError::TooLarge { limit })
        );
        assert!(read_unverified(&signer.sign(&vec![b'a'; limit], 60)).is_ok());
    }

    #[test]
    fn a_debug_text_shows_no_payload() {
        let seen = read_unverified("aGVsbG8.PA.AAAA").unwrap();
        assert_eq!(format!("{seen:?}"), "Unverified { signed_at: 60, .. }");
    }

    proptest! {
        #[test]
        fn whatever_a_key_would_accept_is_read(payload: Vec<u8>, at in 0_u64..1 << 34) {
            let signer = TokenSigner::new(SecretKey::generate());
            let token = signer.sign(&payload, at);
            prop_assert_eq!(read_unverified(&token), Ok(Unverified { payload, signed_at: at }));
        }

        #[test]
        fn no_text_makes_reading_panic(text in "[A-Za-z0-9._=-]{0,60}|.*") {
            let _ = read_unverified(&text);
        }
    }
}
