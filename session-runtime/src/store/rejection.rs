//! What is logged of a cookie that opens no session.

use crate::signing::{AgeError, TokenError};

use super::serializer::{DecodeError, OpenError};

impl OpenError {
    /// Only what an operator can act on is a warning. The cookie itself is never logged.
    pub(crate) fn log(&self) {
        match self {
            Self::Decode(DecodeError::Token(TokenError::BadSignature)) => self.log_bad_signature(),
            _ => self.log_other(),
        }
    }

    /// By itself, as after a change of keys each request may bring one.
    fn log_bad_signature(&self) {
        tracing::warn!(
            name: "session.cookie_rejected",
            error = %self,
            "a session cookie was signed with another key, or altered: compare SECRET_KEY between processes, and keep replaced keys in SECRET_KEY_FALLBACKS"
        );
    }

    fn log_other(&self) {
        let error = self;
        match self {
            Self::Decode(DecodeError::Token(token))
                if token.is_authentic() || *token == TokenError::NotSealed =>
            {
                tracing::warn!(name: "session.cookie_rejected", %error, "a session cookie cannot be read");
            }
            Self::Decode(DecodeError::Token(_)) => {
                tracing::info!(name: "session.cookie_rejected", %error, "a session cookie is malformed")
            }
            Self::Decode(DecodeError::Unreadable { .. }) => tracing::warn!(
                name: "session.cookie_rejected",
                "a session cookie is correctly signed, but its content is no session"
            ),
            Self::Age(AgeError::Expired { .. } | AgeError::Ended { .. }) => {
                tracing::debug!(name: "session.cookie_expired", %error, "a session has expired");
            }
            Self::Age(AgeError::FromTheFuture { .. }) => tracing::warn!(
                name: "session.cookie_rejected",
                %error,
                "a session cookie comes from the future: set the hosts' clocks, or a larger clock leeway"
            ),
        }
    }
}
