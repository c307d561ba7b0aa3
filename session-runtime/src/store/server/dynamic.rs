//! A store whose type is forgotten: the layer has no type parameter, whatever the store is.

use std::pin::Pin;
use std::time::Duration;

use super::credential::{LeaseId, SessionId};
use super::error::StoreError;
use super::protocol::{
    Commit, Committed, Ending, NewSession, Open, Opened, Record, SessionStore, Take, Taken,
};

/// What a store answers, when it answers.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`SessionStore`], with its futures boxed.
pub(crate) trait DynStore: Send + Sync {
    fn prepare(&self) -> Answer<'_, ()>;
    fn create(&self, session: NewSession) -> Answer<'_, ()>;
    fn open(&self, open: Open) -> Answer<'_, Opened>;
    fn take(&self, take: Take) -> Answer<'_, Taken>;
    fn commit(&self, commit: Commit) -> Answer<'_, Committed>;
    fn release(&self, id: SessionId, lease: LeaseId) -> Answer<'_, ()>;
    fn end(&self, id: SessionId, now: u64, grace: Duration) -> Answer<'_, bool>;
    fn sessions_of(&self, user: String, now: u64) -> Answer<'_, Vec<Record>>;
    fn end_sessions_of(&self, ending: Ending) -> Answer<'_, u64>;
    fn purge(&self, now: u64, limit: u32) -> Answer<'_, u64>;
}

impl<T: SessionStore> DynStore for T {
    fn prepare(&self) -> Answer<'_, ()> {
        Box::pin(SessionStore::prepare(self))
    }

    fn create(&self, session: NewSession) -> Answer<'_, ()> {
        Box::pin(SessionStore::create(self, session))
    }

    fn open(&self, open: Open) -> Answer<'_, Opened> {
        Box::pin(SessionStore::open(self, open))
    }

    fn take(&self, take: Take) -> Answer<'_, Taken> {
        Box::pin(SessionStore::take(self, take))
    }

    fn commit(&self, commit: Commit) -> Answer<'_, Committed> {
        Box::pin(SessionStore::commit(self, commit))
    }

    fn release(&self, id: SessionId, lease: LeaseId) -> Answer<'_, ()> {
        Box::pin(SessionStore::release(self, id, lease))
    }

    fn end(&self, id: SessionId, now: u64, grace: Duration) -> Answer<'_, bool> {
        Box::pin(SessionStore::end(self, id, now, grace))
    }

    fn sessions_of(&self, user: String, now: u64) -> Answer<'_, Vec<Record>> {
        Box::pin(SessionStore::sessions_of(self, user, now))
    }

    fn end_sessions_of(&self, ending: Ending) -> Answer<'_, u64> {
        Box::pin(SessionStore::end_sessions_of(self, ending))
    }

    fn purge(&self, now: u64, limit: u32) -> Answer<'_, u64> {
        Box::pin(SessionStore::purge(self, now, limit))
    }
}

/// What a store's futures weigh. Each is a box for every request.
#[cfg(all(test, any(feature = "postgres", feature = "redis")))]
pub(crate) mod size {
    use crate::store::{Commit, GRACE, Open, Refresh, SecretHash, SessionId, SessionStore, Take};

    /// The largest piece that glibc's allocator keeps at hand for each thread. For larger ones it takes a lock.
    const QUICK: usize = 1032;

    pub(crate) fn assert_futures_are_allocated_quickly(store: &impl SessionStore) {
        let id = SessionId::from_bytes([7; 16]);
        let open = Open {
            id,
            secret: SecretHash::from_bytes([7; 32]),
            refresh: Refresh::AfterTenth,
            lease: None,
            grace: GRACE,
            now: 0,
        };
        let take = Take {
            id,
            generation: 0,
            names: Vec::new(),
            now: 0,
        };
        assert!(size_of_val(&store.open(open)) <= QUICK);
        assert!(size_of_val(&store.commit(Commit::new(id, 0, GRACE, 0))) <= QUICK);
        assert!(size_of_val(&store.take(take)) <= QUICK);
    }
}
