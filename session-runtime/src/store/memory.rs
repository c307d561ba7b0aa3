//! Sessions in the memory of one process: for tests, for development, and for an application that is one process and may
//! log everyone out when it restarts. It is also the plainest telling of what a store does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::server::{
    Commit, Committed, Ending, LeaseId, Life, Loaded, NewSession, Open, Opened, Record, SecretHash,
    SessionId, SessionStore, StoreError, Take, Taken, is_due,
};

/// How many sessions a store keeps that was made with [`MemoryStore::new`].
const DEFAULT_CAPACITY: usize = 100_000;

/// Sessions in the memory of one process. They end with it, and another process does not see them.
///
/// It is bounded: where it is full, a new session takes the place of the one whose life was not extended for the longest
/// time, which a visitor who comes back finds to be empty.
///
/// ```
/// use session_runtime::{SessionConfig, SessionLayer, signing::SecretKey, store::MemoryStore};
///
/// let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
/// let sessions = SessionLayer::new(config);
/// ```
pub struct MemoryStore {
    sessions: Mutex<Sessions>,
    capacity: usize,
}

/// All sessions, and in which order they are forgotten: the others wait meanwhile, so that what goes next is not looked for.
#[derive(Default)]
struct Sessions {
    kept: HashMap<SessionId, Kept>,
    /// By their last second.
    expiring: BTreeSet<(u64, SessionId)>,
    /// By when their lives were last extended.
    quiet: BTreeSet<(u64, SessionId)>,
}

/// A session, or what is left of one.
struct Kept {
    record: Record,
    life: Life,
    values: BTreeMap<String, String>,
    secret: SecretHash,
    /// The secret before, and what may still be done with it.
    superseded: Option<Superseded>,
    lease: Option<(LeaseId, u64)>,
    /// Whether it has ended. It is then a tombstone until it expires.
    ended: bool,
}

struct Superseded {
    secret: SecretHash,
    at: u64,
    keeps_user: bool,
}

impl MemoryStore {
    /// A store for at most 100,000 sessions.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }

    /// A store for at most so many sessions, and for one at least.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            sessions: Mutex::default(),
            capacity: capacity.max(1),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        // Nothing below panics while it holds the lock.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionStore for MemoryStore {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        let mut sessions = self.lock();
        if sessions.kept.contains_key(&session.id) {
            return Err(StoreError::Exists);
        }
        if sessions.kept.len() >= self.capacity {
            sessions.make_room(session.now);
        }
        let record = Record {
            id: session.id,
            generation: 0,
            user: session.user,
            label: session.label,
            created_at: session.now,
            touched_at: session.now,
            expires_at: session.life.expires_at(session.now),
        };
        let kept = Kept {
            record,
            life: session.life,
            values: session.values.into_iter().collect(),
            secret: session.secret,
            superseded: None,
            lease: None,
            ended: false,
        };
        sessions.insert(kept);
        Ok(())
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        let opened = self.lock().change(open.id, |kept| kept.open(&open));
        Ok(opened.unwrap_or(Opened::Unknown))
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        let mut sessions = self.lock();
        Ok(match sessions.kept.get_mut(&take.id) {
            None => Taken::Gone,
            Some(kept) if !kept.is_alive(take.now) => Taken::Gone,
            Some(kept) if kept.record.generation != take.generation => Taken::Superseded,
            Some(kept) => Taken::Values(
                take.names
                    .into_iter()
                    .filter_map(|name| Some((kept.values.remove(&name)?, name)))
                    .map(|(value, name)| (name, value))
                    .collect(),
            ),
        })
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let (id, now) = (commit.id, commit.now);
        let mut sessions = self.lock();
        let committed = sessions.change(id, |kept| kept.is_alive(now).then(|| kept.commit(commit)));
        Ok(committed.flatten().unwrap_or(Committed::Gone))
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        if let Some(kept) = self.lock().kept.get_mut(&id) {
            kept.lease.take_if(|(held, _)| *held == lease);
        }
        Ok(())
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        let mut sessions = self.lock();
        let ended = sessions.change(id, |kept| kept.is_alive(now).then(|| kept.end(now, grace)));
        Ok(ended.flatten().is_some())
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        let sessions = self.lock();
        let mut records: Vec<_> = sessions
            .kept
            .values()
            .filter(|kept| kept.is_alive(now) && kept.record.user.as_ref() == Some(&user))
            .map(|kept| kept.record.clone())
            .collect();
        records.sort_unstable_by_key(|record| (record.created_at, record.id));
        Ok(records)
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        let records = self.sessions_of(ending.user, ending.now).await?;
        let others: Vec<_> = records
            .iter()
            .filter(|record| Some(record.id) != ending.except)
            .collect();
        let kept = usize::try_from(ending.keep_newest).unwrap_or(usize::MAX);
        let mut ended = 0;
        for record in others.iter().take(others.len().saturating_sub(kept)) {
            ended += u64::from(self.end(record.id, ending.now, ending.grace).await?);
        }
        Ok(ended)
    }

    async fn purge(&self, now: u64, limit: u32) -> Result<u64, StoreError> {
        let mut sessions = self.lock();
        let removed = (0..limit).take_while(|_| sessions.forget_expired(now));
        Ok(removed.map(|_| 1).sum())
    }
}

impl Sessions {
    fn insert(&mut self, kept: Kept) {
        let id = kept.record.id;
        self.expiring.insert((kept.record.expires_at, id));
        self.quiet.insert((kept.record.touched_at, id));
        self.kept.insert(id, kept);
    }

    /// Changes a session, if it is there, and puts it where it is in both orders from then on.
    fn change<T>(&mut self, id: SessionId, change: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let kept = self.kept.get_mut(&id)?;
        let (expired_at, touched_at) = (kept.record.expires_at, kept.record.touched_at);
        let changed = change(kept);
        let record = &kept.record;
        if record.expires_at != expired_at {
            self.expiring.remove(&(expired_at, id));
            self.expiring.insert((record.expires_at, id));
        }
        if record.touched_at != touched_at {
            self.quiet.remove(&(touched_at, id));
            self.quiet.insert((record.touched_at, id));
        }
        Some(changed)
    }

    fn remove(&mut self, id: SessionId) {
        if let Some(Kept { record, .. }) = self.kept.remove(&id) {
            self.expiring.remove(&(record.expires_at, id));
            self.quiet.remove(&(record.touched_at, id));
        }
    }

    /// Forgets the session that has expired first, if any has, and says whether one had.
    fn forget_expired(&mut self, now: u64) -> bool {
        let first = self.expiring.first().copied();
        let expired = first.filter(|(expires_at, _)| now > *expires_at);
        expired.map(|(_, id)| self.remove(id)).is_some()
    }

    /// Forgets one session that has expired, or else the one that has been quiet for the longest time.
    fn make_room(&mut self, now: u64) {
        if self.forget_expired(now) {
            return;
        }
        if let Some((_, id)) = self.quiet.first().copied() {
            tracing::warn!(name: "session.store_full", "the memory store is full and forgets a session; give it more capacity, or keep sessions elsewhere");
            self.remove(id);
        }
    }
}

impl Kept {
    fn is_alive(&self, now: u64) -> bool {
        !self.ended && now <= self.record.expires_at
    }

    fn open(&mut self, open: &Open) -> Opened {
        let now = open.now;
        if now > self.record.expires_at {
            return Opened::Unknown;
        }
        let is_present = self.secret == open.secret;
        let superseded = self
            .superseded
            .as_ref()
            .filter(|superseded| superseded.secret == open.secret)
            .filter(|superseded| {
                self.ended || now.saturating_sub(superseded.at) <= open.grace.as_secs()
            });
        match superseded {
            _ if self.ended && (is_present || superseded.is_some()) => Opened::Ended,
            Some(superseded) => Opened::Superseded {
                readable: superseded.keeps_user.then(|| self.loaded(false)),
            },
            None if is_present => self.open_alive(open),
            None => Opened::Unknown,
        }
    }

    fn open_alive(&mut self, open: &Open) -> Opened {
        if open.lease.is_some() && self.lease.is_some_and(|(_, until)| open.now <= until) {
            return Opened::Leased;
        }
        if open.lease.is_some() {
            self.lease = open.lease;
        }
        let touched = is_due(open.refresh, self.record.touched_at, &self.life, open.now);
        if touched {
            self.touch(open.now);
        }
        Opened::Alive(self.loaded(touched))
    }

    fn loaded(&self, touched: bool) -> Loaded {
        Loaded {
            values: self
                .values
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            record: self.record.clone(),
            touched,
        }
    }

    fn touch(&mut self, now: u64) {
        self.record.touched_at = now;
        self.record.expires_at = self.life.expires_at(now);
    }

    fn commit(&mut self, commit: Commit) -> Committed {
        if self.record.generation != commit.generation {
            return Committed::Superseded;
        }
        if commit.lease.is_some() && commit.lease != self.lease.map(|(held, _)| held) {
            return Committed::LeaseLost;
        }
        for (name, expected) in commit.expected {
            if self.values.get(&name) != expected.as_ref() {
                return Committed::Conflict { name };
            }
        }
        if commit.lease.is_some() {
            self.lease = None;
        }
        if commit.clear {
            self.values.clear();
        }
        for name in &commit.remove {
            self.values.remove(name);
        }
        self.values.extend(commit.set);
        let counts = |name: &String, ends: &[&str]| !ends.contains(&name.as_str());
        if commit
            .ends_with_only
            .is_some_and(|names| !self.values.keys().any(|name| counts(name, names)))
        {
            self.end(commit.now, commit.grace);
            return Committed::Ended;
        }
        if let Some(user) = commit.user {
            self.record.user = user;
        }
        if let Some(label) = commit.label {
            self.record.label = label;
        }
        if let Some(renewal) = commit.renewal {
            self.superseded = Some(Superseded {
                secret: self.secret,
                at: commit.now,
                keeps_user: renewal.keeps_user,
            });
            self.secret = renewal.secret;
            self.record.generation += 1;
        }
        if let Some(life) = commit.life {
            self.life = life;
            self.touch(commit.now);
        }
        Committed::Applied
    }

    fn end(&mut self, now: u64, grace: Duration) {
        self.values.clear();
        self.lease = None;
        self.record.user = None;
        self.record.label = None;
        self.record.expires_at = now.saturating_add(grace.as_secs());
        self.ended = true;
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
