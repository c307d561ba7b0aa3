//! Why a cookie opens no session: in a word for programs, in a sentence for people, and as an exit code.

use session_runtime::signing::{AgeError, TokenError, UnverifiedError};
use session_runtime::store::SessionId;
use session_runtime::{DecodeError, Decoded};

use crate::utc::Utc;

/// Why a cookie opens no session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    #[error(
        "bad signature: none of the keys made it; compare key, fallbacks, salt, digest and key derivation with the signer's, and give --flask for a cookie of Flask's"
    )]
    BadSignature,
    #[error("expired since {since}: it was signed at {signed_at} and lives for {lifetime} s")]
    Expired {
        since: Utc,
        signed_at: Utc,
        lifetime: u64,
    },
    #[error("malformed: {0}")]
    Malformed(String),
    #[error("unreadable payload: {0}")]
    UnreadablePayload(String),
    #[error(
        "signed in the future: at {signed_at}, which is {seconds} s from now; set the clock, or say with --now when it is"
    )]
    SignedInTheFuture { signed_at: Utc, seconds: u64 },
}

impl Rejection {
    /// Why the cookie that was opened does not count at this time.
    pub(crate) fn of_age(session: &Decoded, error: AgeError) -> Self {
        let signed_at = Utc(session.signed_at());
        match error {
            AgeError::Expired { lifetime, .. } | AgeError::Ended { lifetime, .. } => {
                Self::Expired {
                    since: Utc(signed_at.0.saturating_add(lifetime.as_secs())),
                    signed_at,
                    lifetime: lifetime.as_secs(),
                }
            }
            AgeError::FromTheFuture { by } => Self::SignedInTheFuture {
                signed_at,
                seconds: by.as_secs(),
            },
        }
    }

    /// The cookie only names the session.
    pub(crate) fn stored(id: SessionId) -> Self {
        Self::Malformed(format!(
            "it is the id and the secret of a session in a store; what is in the session stands there, under the id {id}"
        ))
    }

    /// The sentence without its explanation.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::BadSignature => "bad signature",
            Self::Expired { .. } => "expired",
            Self::Malformed(_) => "malformed",
            Self::UnreadablePayload(_) => "unreadable payload",
            Self::SignedInTheFuture { .. } => "signed in the future",
        }
    }

    /// When it expired, if it did.
    pub(crate) fn since(&self) -> Option<Utc> {
        match self {
            Self::Expired { since, .. } => Some(*since),
            _ => None,
        }
    }

    /// As the help lists them.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::BadSignature => 3,
            Self::Expired { .. } => 4,
            Self::Malformed(_) => 5,
            Self::UnreadablePayload(_) => 6,
            Self::SignedInTheFuture { .. } => 7,
        }
    }
}

impl From<DecodeError> for Rejection {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Token(TokenError::BadSignature) => Self::BadSignature,
            DecodeError::Token(error @ TokenError::Malformed) => {
                Self::Malformed(format!("{error}; give --encrypted for an encrypted one"))
            }
            DecodeError::Token(error @ (TokenError::NotSealed | TokenError::BadTimestamp)) => {
                Self::Malformed(error.to_string())
            }
            error => Self::UnreadablePayload(error.to_string()),
        }
    }
}

impl From<UnverifiedError> for Rejection {
    fn from(error: UnverifiedError) -> Self {
        match error {
            UnverifiedError::Malformed => Self::Malformed(format!(
                "{error}; what is encrypted cannot be read without its key"
            )),
            error => Self::UnreadablePayload(error.to_string()),
        }
    }
}
