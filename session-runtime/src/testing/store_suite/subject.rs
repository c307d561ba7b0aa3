//! The session that a statement is about, and everything that a statement asks of its store. What is not to be had at all,
//! an error or no answer, fails the statement here, so that the statements speak of sessions only.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::wrong;
use crate::Refresh;
use crate::store::{
    Commit, Committed, Ending, LeaseId, Life, Loaded, NewSession, Open, Opened, Record, SecretHash,
    SessionId, SessionStore, StoreError, Take, Taken, Value,
};

/// How long a statement's session lives if nothing is said. A store that forgets by a clock of its own, which runs on while
/// the statement does, has not forgotten it before the statement is through.
pub(super) const IDLE: u64 = 3600;

/// For how long superseded secrets and tombstones are known.
pub(super) const GRACE: Duration = Duration::from_secs(300);

/// What stores are asked takes milliseconds. One that answers after this has hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session in a store. Clones are the same session.
pub(super) struct Subject<S> {
    store: Arc<S>,
    pub(super) id: SessionId,
    /// What opens it.
    pub(super) secret: SecretHash,
    /// When it was created, which is really now.
    pub(super) now: u64,
}

impl<S> Clone for Subject<S> {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            ..*self
        }
    }
}

impl<S: SessionStore> Subject<S> {
    /// A new session with these values.
    pub(super) async fn create(store: S, values: &[(&str, &str)]) -> Self {
        Self::create_with(&Arc::new(store), |session| session.values = owned(values)).await
    }

    /// A new session, and what is special about it.
    pub(super) async fn create_with(store: &Arc<S>, special: impl FnOnce(&mut NewSession)) -> Self {
        let subject = Self::absent(store);
        answered("create", store.create(subject.new_session(special))).await;
        subject
    }

    /// A session that is not in the store yet.
    pub(super) fn absent(store: &Arc<S>) -> Self {
        Self {
            store: Arc::clone(store),
            id: SessionId::from_bytes(random()),
            secret: random_secret(),
            now: present(),
        }
    }

    /// Tries to create it once more.
    pub(super) async fn create_again(
        &self,
        special: impl FnOnce(&mut NewSession),
    ) -> Result<(), StoreError> {
        in_time("create", self.store.create(self.new_session(special))).await
    }

    fn new_session(&self, special: impl FnOnce(&mut NewSession)) -> NewSession {
        let mut session = NewSession {
            id: self.id,
            secret: self.secret,
            values: Vec::new(),
            user: None,
            label: None,
            life: Life {
                idle: IDLE,
                ends_at: None,
            },
            now: self.now,
        };
        special(&mut session);
        session
    }

    /// Opens it as it is when it was created, without extending its life.
    pub(super) async fn open(&self) -> Opened {
        self.open_with(|_| ()).await
    }

    /// Opens it at this time.
    pub(super) async fn open_at(&self, now: u64) -> Opened {
        self.open_with(|open| open.now = now).await
    }

    /// Opens it with this secret.
    pub(super) async fn open_by(&self, secret: SecretHash) -> Opened {
        self.open_with(|open| open.secret = secret).await
    }

    /// Opens it, and what is special about that. Values are answered in order.
    pub(super) async fn open_with(&self, special: impl FnOnce(&mut Open)) -> Opened {
        let mut open = Open {
            id: self.id,
            secret: self.secret,
            refresh: Refresh::Never,
            lease: None,
            grace: GRACE,
            now: self.now,
        };
        special(&mut open);
        let mut opened = answered("open", self.store.open(open)).await;
        if let Opened::Alive(loaded)
        | Opened::Superseded {
            readable: Some(loaded),
        } = &mut opened
        {
            loaded.values.sort_unstable();
        }
        opened
    }

    /// Opens it, which must succeed.
    pub(super) async fn loaded(&self) -> Loaded {
        self.loaded_with(|_| ()).await
    }

    /// Opens it, which must succeed, and what is special about that.
    pub(super) async fn loaded_with(&self, special: impl FnOnce(&mut Open)) -> Loaded {
        match self.open_with(special).await {
            Opened::Alive(loaded) => loaded,
            other => wrong(&format!(
                "the store answered {other:?} to whoever opened a living session with its secret"
            )),
        }
    }

    /// What is in it.
    pub(super) async fn values(&self) -> BTreeMap<String, String> {
        self.loaded().await.values.into_iter().collect()
    }

    /// One of its values.
    pub(super) async fn value(&self, name: &str) -> Option<String> {
        self.values().await.remove(name)
    }

    /// Asks for a lease until that second, and whatever else is to be had.
    pub(super) async fn lease(&self, lease: LeaseId, until: u64) -> Opened {
        self.open_with(|open| open.lease = Some((lease, until)))
            .await
    }

    /// Takes these values.
    pub(super) async fn take(&self, names: &[&str]) -> Taken {
        self.take_with(names, |_| ()).await
    }

    /// Takes these values, and what is special about that. Values are answered in order.
    pub(super) async fn take_with(&self, names: &[&str], special: impl FnOnce(&mut Take)) -> Taken {
        let mut take = Take {
            id: self.id,
            generation: 0,
            names: names.iter().map(|&name| name.to_owned()).collect(),
            now: self.now,
        };
        special(&mut take);
        let mut taken = answered("take", self.store.take(take)).await;
        if let Taken::Values(values) = &mut taken {
            values.sort_unstable();
        }
        taken
    }

    /// Commits what is said.
    pub(super) async fn commit(&self, changes: impl FnOnce(&mut Commit)) -> Committed {
        let mut commit = Commit::new(self.id, 0, GRACE, self.now);
        changes(&mut commit);
        answered("commit", self.store.commit(commit)).await
    }

    /// Sets these values.
    pub(super) async fn set(&self, values: &[(&str, &str)]) -> Committed {
        self.commit(|commit| commit.set = owned(values)).await
    }

    /// Commits what is said, which must be applied.
    pub(super) async fn apply(&self, changes: impl FnOnce(&mut Commit)) {
        let committed = self.commit(changes).await;
        must_be(
            committed,
            Committed::Applied,
            "the store did not apply a commit that nothing stood against",
        );
    }

    /// Gives a lease back.
    pub(super) async fn release(&self, lease: LeaseId) {
        answered("release", self.store.release(self.id, lease)).await;
    }

    /// Ends it.
    pub(super) async fn end(&self) -> bool {
        self.end_at(self.now).await
    }

    /// Ends it at this time.
    pub(super) async fn end_at(&self, now: u64) -> bool {
        answered("end", self.store.end(self.id, now, GRACE)).await
    }
}

/// The sessions of a user.
pub(super) async fn sessions_of<S: SessionStore>(store: &S, user: &str, now: u64) -> Vec<Record> {
    answered("sessions_of", store.sessions_of(user.to_owned(), now)).await
}

/// Ends the sessions of a user, all if nothing special is said.
pub(super) async fn end_sessions_of<S: SessionStore>(
    store: &S,
    user: &str,
    now: u64,
    special: impl FnOnce(&mut Ending),
) -> u64 {
    let mut ending = Ending {
        user: user.to_owned(),
        except: None,
        keep_newest: 0,
        grace: GRACE,
        now,
    };
    special(&mut ending);
    answered("end_sessions_of", store.end_sessions_of(ending)).await
}

/// What the store answers, which must not be an error.
pub(super) async fn answered<T>(
    question: &str,
    answer: impl Future<Output = Result<T, StoreError>>,
) -> T {
    match in_time(question, answer).await {
        Ok(answer) => answer,
        Err(error) => wrong(&format!(
            "the store answered `{question}` with an error: {error}"
        )),
    }
}

async fn in_time<T>(question: &str, answer: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer,
        Err(_) => wrong(&format!(
            "the store has not answered `{question}` within {} s",
            PATIENCE.as_secs()
        )),
    }
}

/// Fails the statement where something else was found. The fault is a sentence about the store.
#[track_caller]
pub(super) fn must_be<T: PartialEq + Debug>(found: T, right: T, fault: impl Display) {
    if found != right {
        wrong(&format!(
            "{fault}\n  found: {}\n  right: {}",
            shown(&found),
            shown(&right)
        ));
    }
}

/// Fails the statement where it does not hold. The fault is a sentence about the store.
#[track_caller]
pub(super) fn must_hold(holds: bool, fault: impl Display) {
    if !holds {
        wrong(&fault);
    }
}

/// A value of 64 KB is not shown whole.
fn shown(value: &impl Debug) -> String {
    const LIMIT: usize = 2000;
    let text = format!("{value:?}");
    if text.len() <= LIMIT {
        return text;
    }
    let start: String = text.chars().take(LIMIT).collect();
    format!("{start}… ({} bytes)", text.len())
}

/// Values as a store is given them.
pub(super) fn owned(values: &[(&str, &str)]) -> Vec<Value> {
    values
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Names as a store is given them.
pub(super) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// The present, in unix seconds. A store that forgets by a clock of its own does not forget what lives on from now.
pub(super) fn present() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A user whom nobody else has.
pub(super) fn random_user() -> String {
    format!("\"{}\"", SessionId::from_bytes(random()))
}

pub(super) fn random_secret() -> SecretHash {
    SecretHash::from_bytes(random())
}

pub(super) fn random_lease() -> LeaseId {
    LeaseId::from_bytes(random())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        wrong(&format!(
            "the operating system gave no random bytes: {error}"
        ));
    }
    bytes
}
