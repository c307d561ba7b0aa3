//! What the visitor's cookies of one name open, and what is logged of those that open nothing.

use crate::session::Snapshot;
use crate::signing::{AgeError, TokenError};

use super::serializer::{DecodeError, OpenError};

/// The session, if a cookie opened one, and why the others did not.
#[derive(Default)]
pub(crate) struct Opened {
    pub(crate) snapshot: Option<Snapshot>,
    pub(super) rejected: Vec<OpenError>,
}

impl Opened {
    /// The session, or an empty one. What was rejected is logged.
    #[cfg(test)]
    pub(super) fn or_empty(self) -> Snapshot {
        self.log_rejected();
        self.snapshot.unwrap_or_default()
    }

    /// Logs why cookies opened nothing. A cookie itself is never logged.
    pub(crate) fn log_rejected(&self) {
        self.rejected.iter().for_each(log);
    }

    pub(super) fn keep_newer(&mut self, snapshot: Snapshot) {
        let known = self.snapshot.as_ref().and_then(Snapshot::saved_at);
        if snapshot.saved_at() >= known {
            self.snapshot = Some(snapshot);
        }
    }
}

/// Only what an operator can act on is a warning.
fn log(error: &OpenError) {
    match error {
        OpenError::Decode(DecodeError::Token(TokenError::BadSignature)) => tracing::warn!(
            name: "session.cookie_rejected",
            %error,
            "a session cookie was signed with another key, or altered: compare SECRET_KEY between processes, and keep replaced keys in SECRET_KEY_FALLBACKS"
        ),
        OpenError::Decode(DecodeError::Token(_)) => {
            tracing::info!(name: "session.cookie_rejected", %error, "a session cookie is malformed")
        }
        OpenError::Decode(DecodeError::Unreadable { .. }) => tracing::warn!(
            name: "session.cookie_rejected",
            "a session cookie is correctly signed, but its content is no session"
        ),
        OpenError::Age(AgeError::Expired { .. }) => {
            tracing::debug!(name: "session.cookie_expired", %error, "a session has expired");
        }
        OpenError::Age(AgeError::FromTheFuture { .. }) => tracing::warn!(
            name: "session.cookie_rejected",
            %error,
            "a session cookie comes from the future: set the hosts' clocks, or a larger clock leeway"
        ),
    }
}
