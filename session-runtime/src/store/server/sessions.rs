//! What one layer knows of its store: how long things may take, and how long sessions live.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::dynamic::DynStore;
use super::error::StoreError;
use super::purging::Purging;
use super::queue::Queue;
use crate::session::SessionError;
use crate::store::{Lifetimes, Refresh};

/// For how long the secret before a renewal, or before an end, is told from a stranger's.
pub(crate) const GRACE: Duration = Duration::from_secs(30);

/// A store, and how it is asked.
pub(crate) struct ServerSessions {
    store: Arc<dyn DynStore>,
    pub(super) lifetimes: Lifetimes,
    pub(super) refresh: Refresh,
    pub(super) patience: Patience,
    /// How many sessions one user may have.
    pub(super) most_per_user: Option<NonZeroU32>,
    pub(super) queue: Arc<Queue>,
    pub(super) purging: Purging,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// One question to the store.
    pub(crate) store: Duration,
    /// A handler that updates the session.
    pub(crate) lease: Duration,
    /// Waiting for another's lease.
    pub(crate) wait: Duration,
}

impl ServerSessions {
    pub(crate) fn new(
        store: Arc<dyn DynStore>,
        lifetimes: Lifetimes,
        refresh: Refresh,
        patience: Patience,
        most_per_user: Option<NonZeroU32>,
        purge_interval: Option<Duration>,
    ) -> Self {
        Self {
            store,
            lifetimes,
            refresh,
            patience,
            most_per_user,
            queue: Arc::default(),
            purging: Purging::new(purge_interval),
        }
    }

    pub(crate) fn store(&self) -> &dyn DynStore {
        &*self.store
    }

    /// What the store answers, if it does in time.
    pub(crate) async fn within_limit<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        within(self.patience.store, answer).await
    }

    /// The same for a request, which is told no more than that its session is not to be had.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unavailable`]; the log has the cause.
    pub(super) async fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, SessionError> {
        self.within_limit(answer)
            .await
            .map_err(|error| {
                tracing::error!(name: "session.store_failed", %error, "a question to the session store failed");
                SessionError::Unavailable {
                    reason: "the session store failed, and the log says why".to_owned(),
                }
            })
    }
}

/// What the store answers, if it does within this limit.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, answer)
        .await
        .unwrap_or(Err(StoreError::TimedOut { limit }))
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            store: Duration::from_secs(2),
            lease: Duration::from_secs(10),
            wait: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for ServerSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSessions")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
