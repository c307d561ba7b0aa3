//! What a store of sessions is asked, and what it answers: small steps, each of them one round trip and atomic.
//!
//! A store never sees a whole session to overwrite. It is told which values a request has set and removed, and applies that
//! to whatever the session is by then. It knows no cookie, no secret and no clock: what time it is, in unix seconds,
//! stands in each question.

use std::future::ready;
use std::time::Duration;

use super::credential::{LeaseId, SecretHash, SessionId};
use super::error::StoreError;
use crate::store::Refresh;

/// A value's name, and its JSON text. Stores keep the text byte for byte.
pub type Value = (String, String);

/// Where sessions are kept between requests.
///
/// Each method is one step that happens wholly or not at all, whatever else happens at the same time, in other processes
/// too. Times are unix seconds by the application's clock.
///
/// A session is *alive* until [`expires_at`](Record::expires_at), equal included, and not ended. When it ends, its
/// values and its user are removed at once, and a *tombstone* stays for a while that knows its last two secrets, so that a
/// request which was on its way is not taken for a stranger's. `session_runtime::testing::store_suite!` tries all of it on
/// any store.
pub trait SessionStore: Send + Sync + 'static {
    /// Makes what sessions are kept in, or checks that it is what this version expects. Called before the first session,
    /// and harmless at any time.
    fn prepare(&self) -> impl Future<Output = Result<(), StoreError>> + Send {
        ready(Ok(()))
    }

    /// Keeps a new session, of generation 0.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] if the id is taken.
    fn create(&self, session: NewSession) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Loads a session, extends its life if that is due, and leases it if that is asked for.
    fn open(&self, open: Open) -> impl Future<Output = Result<Opened, StoreError>> + Send;

    /// Removes values and returns them: of parallel takes each value goes to one.
    fn take(&self, take: Take) -> impl Future<Output = Result<Taken, StoreError>> + Send;

    /// Applies what a request has changed, and gives its lease back.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// Gives a lease back where nothing has changed. One that has expired, or that somebody else has by now, is no error.
    fn release(
        &self,
        id: SessionId,
        lease: LeaseId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends a session and leaves a tombstone until `now + grace`. Says whether it was alive.
    fn end(
        &self,
        id: SessionId,
        now: u64,
        grace: Duration,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The living sessions of a user, the oldest first.
    fn sessions_of(
        &self,
        user: String,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// Ends the sessions of a user, but those that [`Ending`] keeps, and says how many those were.
    fn end_sessions_of(
        &self,
        ending: Ending,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Removes at most `limit` sessions and tombstones whose time has passed, and says how many those were: fewer than `limit`
    /// means that there are no more, or that another process is removing them. It is asked now and then, in all processes, and
    /// beside requests. A store that forgets by itself has nothing to do.
    fn purge(&self, now: u64, limit: u32) -> impl Future<Output = Result<u64, StoreError>> + Send {
        let _ = (now, limit);
        ready(Ok(0))
    }
}

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// For how many seconds after its life was last extended.
    pub idle: u64,
    /// The last second that it may live at all.
    pub ends_at: Option<u64>,
}

impl Life {
    /// The last second of a session whose life is extended `now`.
    #[must_use]
    pub fn expires_at(&self, now: u64) -> u64 {
        let idle = now.saturating_add(self.idle);
        self.ends_at.map_or(idle, |end| idle.min(end))
    }
}

/// Whether a session's life is to be extended that was extended last at `touched_at`.
#[must_use]
pub fn is_due(refresh: Refresh, touched_at: u64, life: &Life, now: u64) -> bool {
    let ago = now.saturating_sub(touched_at);
    match refresh {
        Refresh::EachRequest => true,
        // A lifetime of 0 is no life to extend.
        Refresh::AfterTenth => ago > 0 && ago >= life.idle / 10,
        Refresh::Never => false,
    }
}

/// A session to be kept.
#[derive(Clone)]
pub struct NewSession {
    /// Its id, new and random.
    pub id: SessionId,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// Its values.
    pub values: Vec<Value>,
    /// Who is logged in: the JSON text under the login key.
    pub user: Option<String>,
    /// What the application calls it in a list of the user's sessions.
    pub label: Option<String>,
    /// How long it lives.
    pub life: Life,
    /// Now.
    pub now: u64,
}

/// A question for a session.
#[derive(Clone, Debug)]
pub struct Open {
    /// The session.
    pub id: SessionId,
    /// The hash of the secret that the visitor brought.
    pub secret: SecretHash,
    /// When a living session's life is extended: [`touched_at`](Record::touched_at) becomes now, and
    /// [`expires_at`](Record::expires_at) what [`Life::expires_at`] says.
    /// [`Refresh::AfterTenth`] is when a tenth of the idle lifetime has passed since `touched_at`.
    pub refresh: Refresh,
    /// The lease that is wanted, and its last second.
    pub lease: Option<(LeaseId, u64)>,
    /// For how long after a renewal or an end the secret before is known.
    pub grace: Duration,
    /// Now.
    pub now: u64,
}

/// What a store knows of a session and a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There is no such session, it has expired, or this is no secret of it.
    Unknown,
    /// The secret is the session's.
    Alive(Loaded),
    /// The secret is the session's, and another request has a lease that has not expired. Nothing was done.
    Leased,
    /// The session was renewed less than the grace ago, and this was its secret before. Nothing was done, and no lease is
    /// given.
    Superseded {
        /// The session, if whoever had the secret may still read it: [`Renewal::keeps_user`].
        readable: Option<Loaded>,
    },
    /// The session was ended less than the grace ago, and this was its last secret, or the one before.
    Ended,
}

/// A session as it was loaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its values, in any order.
    pub values: Vec<Value>,
    /// What is known of it besides.
    pub record: Record,
    /// Whether its life was extended just now.
    pub touched: bool,
}

/// What is known of a session, without its values. It holds nothing that authenticates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: SessionId,
    /// How often it was renewed.
    pub generation: u64,
    /// Who is logged in: the JSON text under the login key.
    pub user: Option<String>,
    /// What the application calls it: [`Session::set_label`](crate::Session::set_label).
    pub label: Option<String>,
    /// When it was created.
    pub created_at: u64,
    /// When its life was last extended.
    pub touched_at: u64,
    /// Its last second, as things stand.
    pub expires_at: u64,
}

/// A question for values that are to be removed.
#[derive(Clone, Debug)]
pub struct Take {
    /// The session.
    pub id: SessionId,
    /// Its generation when it was loaded.
    pub generation: u64,
    /// The values' names.
    pub names: Vec<String>,
    /// Now.
    pub now: u64,
}

/// What became of a take.
#[derive(Clone, PartialEq, Eq)]
pub enum Taken {
    /// Those of the values that were there. They are removed.
    Values(Vec<Value>),
    /// The session has ended or expired.
    Gone,
    /// The session was renewed meanwhile. Nothing was removed.
    Superseded,
}

/// What a request has changed.
#[derive(Clone)]
pub struct Commit {
    /// The session.
    pub id: SessionId,
    /// Its generation when it was loaded.
    pub generation: u64,
    /// The lease that the request has. If somebody else has taken it over nothing is applied; one that has expired and that
    /// nobody wanted meanwhile is as good as ever.
    pub lease: Option<LeaseId>,
    /// What these values were when they were loaded, byte for byte. If one is another by now nothing is applied.
    pub expected: Vec<(String, Option<String>)>,
    /// Whether all values are removed before others are set.
    pub clear: bool,
    /// Values that are set.
    pub set: Vec<Value>,
    /// Names of values that are removed.
    pub remove: Vec<String>,
    /// Who is logged in from now on, if that changes.
    pub user: Option<Option<String>>,
    /// What the application calls the session, if that changes.
    pub label: Option<Option<String>>,
    /// The session's new secret.
    pub renewal: Option<Renewal>,
    /// How long it lives from now on, if that changes or is to be extended.
    pub life: Option<Life>,
    /// The session ends if no values are left but ones of these names.
    pub ends_with_only: Option<&'static [&'static str]>,
    /// For how long a tombstone stays where it ends.
    pub grace: Duration,
    /// Now.
    pub now: u64,
}

impl Commit {
    /// A commit that changes nothing yet.
    ///
    /// ```
    /// use std::time::Duration;
    /// use session_runtime::store::{Commit, SessionId};
    ///
    /// let id = SessionId::from_bytes([7; 16]);
    /// let commit = Commit {
    ///     set: vec![("theme".to_owned(), "\"dark\"".to_owned())],
    ///     ..Commit::new(id, 0, Duration::from_secs(30), 1_700_000_000)
    /// };
    /// assert!(commit.remove.is_empty());
    /// ```
    #[must_use]
    pub fn new(id: SessionId, generation: u64, grace: Duration, now: u64) -> Self {
        Self {
            id,
            generation,
            lease: None,
            expected: Vec::new(),
            clear: false,
            set: Vec::new(),
            remove: Vec::new(),
            user: None,
            label: None,
            renewal: None,
            life: None,
            ends_with_only: None,
            grace,
            now,
        }
    }

    /// Whether it sets and removes values, and does nothing else.
    #[cfg(any(feature = "redis", feature = "postgres"))]
    pub(in crate::store) fn is_ordinary(&self) -> bool {
        let changes_more = self.clear
            || self.user.is_some()
            || self.label.is_some()
            || self.renewal.is_some()
            || self.life.is_some()
            || self.ends_with_only.is_some();
        !changes_more
    }
}

/// A new secret for a session: its generation rises by one, and the secret before is known for a while.
#[derive(Clone, Copy, Debug)]
pub struct Renewal {
    /// The new secret's hash.
    pub secret: SecretHash,
    /// Whether whoever has the secret before may still read the session, for the grace: the user has stayed the same.
    pub keeps_user: bool,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is in the session.
    Applied,
    /// It is in the session, which has ended, since nothing that counts was left.
    Ended,
    /// Nothing was applied: the session has ended or expired.
    Gone,
    /// Nothing was applied: the session was renewed meanwhile.
    Superseded,
    /// Nothing was applied: another request has taken the lease over.
    LeaseLost,
    /// Nothing was applied: this value is another than was expected.
    Conflict {
        /// The value's name.
        name: String,
    },
}

/// Which sessions of a user end.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The user: the JSON text under the login key.
    pub user: String,
    /// A session that does not.
    pub except: Option<SessionId>,
    /// How many of the newest do not, that session not counted.
    pub keep_newest: u32,
    /// For how long tombstones stay.
    pub grace: Duration,
    /// Now.
    pub now: u64,
}
