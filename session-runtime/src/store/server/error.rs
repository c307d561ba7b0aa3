//! Why a store could not do what it was asked. Knows no store: a driver's error comes in as a text.

use std::time::Duration;

use crate::debug_as_display::debug_as_display;
use crate::session::SessionError;

/// A store could not do what it was asked. Whether the session exists is then not known, so a request that needs it is
/// answered 503 and the visitor's cookie stays as it is.
///
/// Its `Debug` text is the sentence too, since that is what a `main` prints that returns the error.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store did not answer in time.
    #[error("the session store did not answer within {} s; is it running and reachable?", limit.as_secs_f32())]
    TimedOut {
        /// The limit that was reached first: [`SessionConfig::store_timeout`](crate::SessionConfig::store_timeout), or one of
        /// the store's own where that is less, as `timeout` in the address of `RedisStore`; 10 s for a purge that no request waits for.
        limit: Duration,
    },
    /// There is no connection to the store.
    #[error("the session store cannot be reached: {reason}")]
    Unreachable {
        /// What the driver said. It holds no password.
        reason: String,
    },
    /// The store answered with an error.
    #[error("the session store failed: {reason}")]
    Failed {
        /// What the store said. It holds no value and no secret.
        reason: String,
    },
    /// What is in the store was written by another version, or by somebody else.
    #[error("the session store holds what this version cannot read: {reason}")]
    Incompatible {
        /// What was found.
        reason: String,
    },
    /// The store has a session of this id already.
    #[error("the session store has a session of this id already")]
    Exists,
}

debug_as_display!(StoreError);

/// What a handler that asks the store itself returns with `?`: 503, with the cause in the log alone.
impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable {
            reason: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http::StatusCode;

    use super::*;

    #[test]
    fn a_handler_that_asks_the_store_answers_503_where_it_fails() {
        let reason = "no route to db.internal".to_owned();
        let error = SessionError::from(StoreError::Unreachable { reason });
        assert!(error.to_string().contains("db.internal"), "the log says it");
        let response = error.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key("retry-after"));
    }
}
