//! A store that tells what it was asked.

use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use session_runtime::store::{
    Commit, Committed, Ending, LeaseId, Life, MemoryStore, NewSession, Open, Opened, Record,
    SecretHash, SessionId, SessionStore, StoreError, Take, Taken,
};

/// How a store purges.
#[derive(Clone, Copy, Default)]
pub(crate) enum Purges {
    #[default]
    Well,
    NeverAnswers,
    Fails,
    FindsMoreAndMore,
}

/// A store in memory that counts what it is asked, and notes of each purge how many sessions it was to remove at most, and
/// how many it has.
#[derive(Clone, Default)]
pub(crate) struct Observed(Arc<Inner>);

#[derive(Default)]
struct Inner {
    memory: MemoryStore,
    purges: Mutex<Purges>,
    purged: Mutex<Vec<(u32, u64)>>,
    questions: AtomicUsize,
    keeps_openings_to_itself: AtomicBool,
}

impl Observed {
    /// A store of so many sessions that have expired `now`.
    pub(crate) async fn with_expired(number: u32, now: u64) -> Self {
        let store = Self::default();
        for number in 0..number {
            let session = NewSession {
                id: SessionId::from_bytes(u128::from(number).to_be_bytes()),
                secret: SecretHash::from_bytes([1; 32]),
                values: Vec::new(),
                user: None,
                label: None,
                life: Life {
                    idle: 10,
                    ends_at: None,
                },
                now: now - 11,
            };
            store.create(session).await.unwrap();
        }
        store
    }

    pub(crate) fn purges(&self, how: Purges) {
        *self.0.purges.lock().unwrap() = how;
    }

    /// Whether whoever opens a session gets no answer, although it has been done.
    pub(crate) fn keep_openings_to_yourself(&self, keeps: bool) {
        let keeps_them = &self.0.keeps_openings_to_itself;
        keeps_them.store(keeps, Ordering::Relaxed);
    }

    /// How many questions there were since this was asked, purges not counted.
    pub(crate) fn questions(&self) -> usize {
        self.0.questions.swap(0, Ordering::Relaxed)
    }

    /// Whether nobody else has the store.
    pub(crate) fn is_ours_alone(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    fn asked(&self) -> &MemoryStore {
        self.0.questions.fetch_add(1, Ordering::Relaxed);
        &self.0.memory
    }

    /// What the purges were that there were since this was asked.
    pub(crate) fn purged(&self) -> Vec<(u32, u64)> {
        std::mem::take(&mut self.0.purged.lock().unwrap())
    }
}

impl SessionStore for Observed {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.asked().create(session).await
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        let opened = self.asked().open(open).await;
        if self.0.keeps_openings_to_itself.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        opened
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        self.asked().take(take).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.asked().commit(commit).await
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        self.asked().release(id, lease).await
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        self.asked().end(id, now, grace).await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        self.asked().sessions_of(user, now).await
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        self.asked().end_sessions_of(ending).await
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        let how = *self.0.purges.lock().unwrap();
        let removed = match how {
            Purges::Well => self.0.memory.purge(now, limit).await?,
            Purges::FindsMoreAndMore => limit.into(),
            Purges::NeverAnswers | Purges::Fails => 0,
        };
        self.0.purged.lock().unwrap().push((limit, removed));
        match how {
            Purges::NeverAnswers => pending().await,
            Purges::Fails => Err(StoreError::Failed {
                reason: "the disk is full".to_owned(),
            }),
            Purges::Well | Purges::FindsMoreAndMore => Ok(removed),
        }
    }
}
