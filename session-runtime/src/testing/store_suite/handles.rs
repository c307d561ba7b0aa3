//! Several handles on one database, as several processes have them. A store that keeps something in its process, or lets a
//! lock of its process stand for one of the database, is found out by being asked through another handle.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::super::wrong;
use crate::store::{
    Commit, Committed, Ending, LeaseId, NewSession, Open, Opened, Record, SessionId, SessionStore,
    StoreError, Take, Taken,
};

/// Handles on one database, which are asked in turn. It is a store that the suite can be run through.
///
/// ```
/// use session_runtime::store::MemoryStore;
/// use session_runtime::testing::store_suite::Handles;
///
/// async fn connect() -> MemoryStore {
///     // A store of your own connects to its database. In memory nothing is shared, so that here only one makes sense.
///     MemoryStore::new()
/// }
///
/// mod several_processes {
///     # use super::{Handles, MemoryStore, connect};
///     async fn store() -> Handles<MemoryStore> {
///         Handles::new([connect().await])
///     }
///
///     session_runtime::testing::store_suite!(store);
/// }
/// ```
#[derive(Debug)]
pub struct Handles<S> {
    handles: Vec<S>,
    next: AtomicUsize,
}

impl<S> Handles<S> {
    /// Asks these in turn.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn new(handles: impl IntoIterator<Item = S>) -> Self {
        let handles: Vec<_> = handles.into_iter().collect();
        if handles.is_empty() {
            wrong(&"there is no handle on a store to ask; give one at least");
        }
        Self {
            handles,
            next: AtomicUsize::new(0),
        }
    }

    fn next(&self) -> &S {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        &self.handles[turn % self.handles.len()]
    }
}

impl<S: SessionStore> SessionStore for Handles<S> {
    async fn prepare(&self) -> Result<(), StoreError> {
        for handle in &self.handles {
            handle.prepare().await?;
        }
        Ok(())
    }

    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.next().create(session).await
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        self.next().open(open).await
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        self.next().take(take).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.next().commit(commit).await
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        self.next().release(id, lease).await
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        self.next().end(id, now, grace).await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        self.next().sessions_of(user, now).await
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        self.next().end_sessions_of(ending).await
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        self.next().purge(now, limit).await
    }
}
