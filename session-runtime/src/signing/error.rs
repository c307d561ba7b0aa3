//! Why a token is refused, and how far its verification came.
//!
//! Knows no key and keeps nothing of the token.

use super::signer::UnsignError;

/// Why a token is refused, in the order in which it is looked at.
///
/// The first three are what anybody can send; the others need the secret key, so they tell of another
/// version of an application or of a mistake there.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, TokenError, TokenSigner};
///
/// let key = SecretKey::generate();
/// let signer = TokenSigner::builder(key.clone()).max_inflated(100).build();
/// let error = signer.verify(&TokenSigner::new(key).sign(&[b'a'; 101], 60)).unwrap_err();
/// assert_eq!(error, TokenError::TooLarge { signed_at: 60, limit: 100 });
/// assert!(error.is_authentic());
/// assert!(!signer.verify("a.b.c").unwrap_err().is_authentic());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// There is no `.` in it, hence no signature.
    #[error("it is no token: a payload, a time and a signature, each after a `.`, were expected")]
    Malformed,
    /// It is not what `TokenSealer` makes, of the feature `encrypted`: a signed token, as from before sessions were encrypted,
    /// or half of a sealed one.
    #[error(
        "it is no encrypted token, or not a whole one: was it signed before the application began to encrypt?"
    )]
    NotSealed,
    /// None of the keys made it as it is: a stranger made or altered it, or the key was changed and the old one is no
    /// fallback, or salt, digest or key derivation differ.
    #[error(
        "its signature was made with none of our keys: if they were changed, keep the old one as a \
         fallback; otherwise compare salt, digest and key derivation with the signer's"
    )]
    BadSignature,
    /// The signature is right, but there is no time before it, or one that is longer than eight
    /// bytes or later than the year 9999.
    #[error(
        "it is signed with our key but says no time that can be read: sign with `TokenSigner`, or \
         with itsdangerous' `URLSafeTimedSerializer`"
    )]
    BadTimestamp,
    /// The signature is right, but the payload is no base64, or no whole zlib stream.
    #[error(
        "it is signed with our key but its payload is no base64, or no zlib: sign with \
         `TokenSigner`, or with itsdangerous' `URLSafeTimedSerializer`"
    )]
    BadPayload {
        /// When it was signed, in seconds since 1970.
        signed_at: u64,
    },
    /// The signature is right, but the payload unpacks to more than was allowed.
    #[error(
        "it is signed with our key but unpacks to more than {limit} bytes: store less in it, or \
         raise `max_inflated`"
    )]
    TooLarge {
        /// When it was signed, in seconds since 1970.
        signed_at: u64,
        /// How many bytes are allowed.
        limit: usize,
    },
}

impl TokenError {
    /// Whether the signature was right, so that one of our keys made the token.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::TokenError;
    ///
    /// assert!(!TokenError::BadSignature.is_authentic());
    /// assert!(TokenError::BadPayload { signed_at: 0 }.is_authentic());
    /// ```
    #[must_use]
    pub const fn is_authentic(self) -> bool {
        match self {
            Self::Malformed | Self::NotSealed | Self::BadSignature => false,
            Self::BadTimestamp | Self::BadPayload { .. } | Self::TooLarge { .. } => true,
        }
    }
}

impl From<UnsignError> for TokenError {
    fn from(error: UnsignError) -> Self {
        match error {
            UnsignError::NoSignature => Self::Malformed,
            UnsignError::Mismatch => Self::BadSignature,
        }
    }
}
