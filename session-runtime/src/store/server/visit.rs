//! One request's dealings with a session in a store: it opens it, takes values from it, commits what has changed, and gives its
//! lease back, whatever happens.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::changes::Changes;
use super::credential::{Credential, LeaseId, NoRandomness, SessionId};
use super::lease::{Lease, pauses};
use super::protocol::{
    Commit, Committed, Ending, Life, Loaded, NewSession, Open, Opened, Record, Renewal, Take, Taken,
};
use super::sessions::{GRACE, ServerSessions};
use crate::clock::Clock;
use crate::session::{FRESH, Origin, Permanence, RESERVED, SessionError, Snapshot, Taking};
use crate::store::{CookieChange, Refresh};

/// How many cookies of our name are asked for: the present one, and an old one of another scope.
const MOST_CREDENTIALS: usize = 2;

/// One request at the store.
pub(crate) struct Visit {
    sessions: Arc<ServerSessions>,
    clock: Clock,
    /// Whether the request extends the session's life.
    extends: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    standing: Standing,
    lease: Option<Lease>,
}

/// What the visitor has at the store.
#[derive(Clone, Default)]
pub(super) enum Standing {
    /// Nothing, or nothing that is worth anything.
    #[default]
    Stranger,
    /// A living session, which may have been touched when it was opened.
    Alive {
        credential: Credential,
        record: Record,
        touched: bool,
    },
    /// What was a session until a moment ago: another request has renewed or ended it. Nothing that this one does may bring
    /// it back, and its answer must not touch the cookie that the other's has set.
    Former,
}

impl Visit {
    /// A request that has not asked for its session yet. `extends` is whether it counts as one that uses it.
    pub(crate) fn new(sessions: Arc<ServerSessions>, clock: Clock, extends: bool) -> Self {
        Self {
            sessions,
            clock,
            extends,
            state: Mutex::default(),
        }
    }

    /// Loads the session that these cookies say, and leases it if that is asked for.
    ///
    /// # Errors
    ///
    /// [`SessionError::Unavailable`]: the store, or another request that holds the session for too long.
    pub(crate) async fn open<V: AsRef<str>>(
        &self,
        values: impl Iterator<Item = V>,
        leases: bool,
    ) -> Result<Snapshot, SessionError> {
        let mut former = None;
        for credential in credentials(values) {
            match self.ask(&credential, leases).await? {
                Opened::Alive(loaded) if self.has_ended(&loaded.record) => {
                    self.end(&credential).await?;
                }
                Opened::Alive(loaded) => return Ok(self.alive(credential, loaded)),
                Opened::Superseded { readable } => {
                    former = Some(readable.map_or_else(Snapshot::default, |loaded| {
                        let mut snapshot = Snapshot::of_values(&loaded.values);
                        // Somebody else may have given the password since.
                        snapshot.replace(FRESH, None);
                        snapshot
                    }));
                }
                Opened::Ended => former = former.or_else(|| Some(Snapshot::default())),
                Opened::Unknown | Opened::Leased => {
                    tracing::info!(name: "session.cookie_rejected", session = %credential.id, "a session cookie names no session, or one that has expired");
                }
            }
        }
        Ok(former.map_or_else(Snapshot::default, |snapshot| {
            self.lock().standing = Standing::Former;
            snapshot
        }))
    }

    /// Whether the store has nothing of this visitor's.
    pub(crate) fn is_strangers(&self) -> bool {
        matches!(self.lock().standing, Standing::Stranger)
    }

    /// Whether a session was loaded that is not leased.
    pub(crate) fn lacks_lease(&self) -> bool {
        let state = self.lock();
        state.lease.is_none() && matches!(state.standing, Standing::Alive { .. })
    }

    /// Whether the end of the request is to be told to the store, or to the visitor, although nothing has changed.
    pub(crate) fn is_to_end(&self) -> bool {
        let state = self.lock();
        let is_touched = matches!(state.standing, Standing::Alive { touched: true, .. });
        is_touched || state.lease.is_some()
    }

    /// Tells the store what has changed, and returns what becomes of the cookie, whose line begins with `lead`.
    ///
    /// # Errors
    ///
    /// Nothing was saved: another request was quicker, or the store failed.
    pub(crate) async fn commit(
        &self,
        changes: Changes<'_>,
        lead: &str,
    ) -> Result<CookieChange, SessionError> {
        let standing = self.lock().standing.clone();
        let outcome = match standing {
            Standing::Stranger => self.create(&changes, lead).await,
            Standing::Former if !changes.is_any() => Ok(CookieChange::Keep),
            // Whoever logs in now is a new session, and none of what was.
            Standing::Former if changes.logs_in() => self.create(&changes, lead).await,
            Standing::Former => Err(SessionError::Superseded),
            Standing::Alive {
                credential,
                record,
                touched,
            } if !changes.is_any() => {
                self.release().await;
                Ok(match changes.permanence_before() {
                    permanence if touched && permanence != Permanence::Browser => {
                        set(lead, &credential, Some(record.expires_at))
                    }
                    _ => CookieChange::Keep,
                })
            }
            Standing::Alive {
                credential,
                record,
                touched,
            } => {
                self.apply(&changes, lead, credential, record, touched)
                    .await
            }
        };
        self.release().await;
        self.sessions.purge_if_due(&self.clock);
        outcome
    }

    /// Gives the lease back, if the request has one.
    pub(crate) async fn release(&self) {
        let (lease, id) = {
            let mut state = self.lock();
            let Standing::Alive { record, .. } = &state.standing else {
                return;
            };
            let id = record.id;
            (state.lease.take(), id)
        };
        if let Some(lease) = lease {
            // What fails is logged, and the lease expires.
            let released = self.sessions.store().release(id, lease.id);
            let _ = self.sessions.ask(released).await;
        }
    }

    async fn create(
        &self,
        changes: &Changes<'_>,
        lead: &str,
    ) -> Result<CookieChange, SessionError> {
        if changes.leaves_nothing() {
            return Ok(CookieChange::Keep);
        }
        let now = self.clock.now();
        let credential = Credential::generate().map_err(no_randomness)?;
        let (permanence, life) = self.life(changes, now);
        let session = NewSession {
            id: credential.id,
            secret: credential.hash(),
            values: changes.values(),
            user: changes.user(),
            label: changes.label.cloned().flatten(),
            life,
            now,
        };
        let record = Record {
            id: session.id,
            generation: 0,
            user: session.user.clone(),
            label: session.label.clone(),
            created_at: now,
            touched_at: now,
            expires_at: life.expires_at(now),
        };
        let user = session.user.clone();
        self.sessions
            .ask(self.sessions.store().create(session))
            .await?;
        self.stand(credential.clone(), record);
        self.end_oldest(user, credential.id).await;
        let outlives = permanence != Permanence::Browser;
        Ok(set(
            lead,
            &credential,
            outlives.then(|| life.expires_at(now)),
        ))
    }

    async fn apply(
        &self,
        changes: &Changes<'_>,
        lead: &str,
        credential: Credential,
        record: Record,
        touched: bool,
    ) -> Result<CookieChange, SessionError> {
        let now = self.clock.now();
        if changes.delta.is_cleared() && changes.leaves_nothing() {
            self.end(&credential).await?;
            self.give_up();
            return Ok(CookieChange::Remove);
        }
        let (permanence, life) = self.life(changes, record.created_at);
        let is_life_changed = permanence != changes.permanence_before();
        let renews = changes.renewed || changes.is_login_changed();
        let new = renews
            .then(|| Credential::renewed(credential.id))
            .transpose()
            .map_err(no_randomness)?;
        let extends = is_life_changed || renews || self.sessions.refresh == Refresh::Never;
        let commit = Commit {
            id: credential.id,
            generation: record.generation,
            lease: self.lock().lease.as_ref().map(|lease| lease.id),
            expected: changes.expected(),
            clear: changes.delta.is_cleared(),
            set: changes.set(),
            remove: changes.removed(),
            user: changes.is_login_changed().then(|| changes.user()),
            label: changes.label.cloned(),
            renewal: new.as_ref().map(|new| Renewal {
                secret: new.hash(),
                keeps_user: !changes.is_login_changed(),
            }),
            life: extends.then_some(life),
            ends_with_only: changes.leaves_nothing().then_some(&RESERVED),
            grace: GRACE,
            now,
        };
        match self
            .sessions
            .ask(self.sessions.store().commit(commit))
            .await?
        {
            Committed::Applied => {
                // The store has taken it back.
                self.lock().lease = None;
                if let Some(new) = &new {
                    let record = Record {
                        generation: record.generation + 1,
                        user: changes.user(),
                        ..record.clone()
                    };
                    self.stand(new.clone(), record);
                }
                if changes.logs_in() {
                    self.end_oldest(changes.user(), credential.id).await;
                }
                let outlives = permanence != Permanence::Browser;
                let is_sent = renews || is_life_changed || outlives && (touched || extends);
                let last = if extends {
                    life.expires_at(now)
                } else {
                    record.expires_at
                };
                Ok(if is_sent {
                    let credential = new.as_ref().unwrap_or(&credential);
                    set(lead, credential, outlives.then_some(last))
                } else {
                    CookieChange::Keep
                })
            }
            Committed::Ended => {
                self.give_up();
                Ok(CookieChange::Remove)
            }
            Committed::Gone | Committed::Superseded => Err(SessionError::Superseded),
            Committed::LeaseLost => Err(SessionError::LeaseLost),
            Committed::Conflict { name } => Err(SessionError::Conflict { key: name }),
        }
    }

    /// Asks for a session, and waits for its lease if one is wanted.
    async fn ask(&self, credential: &Credential, leases: bool) -> Result<Opened, SessionError> {
        if !leases {
            return self.ask_once(credential, None).await;
        }
        let deadline = Instant::now() + self.sessions.patience.wait;
        let turn = tokio::time::timeout_at(deadline, self.sessions.queue.wait(credential.id)).await;
        let turn = turn.map_err(|_| self.held_too_long())?;
        let id = LeaseId::generate().map_err(no_randomness)?;
        for pause in pauses(id) {
            match self.ask_once(credential, Some(id)).await? {
                Opened::Leased if Instant::now() + pause > deadline => break,
                Opened::Leased => tokio::time::sleep(pause).await,
                Opened::Alive(loaded) => {
                    self.lock().lease = Some(Lease::new(id, turn));
                    return Ok(Opened::Alive(loaded));
                }
                other => return Ok(other),
            }
        }
        Err(self.held_too_long())
    }

    async fn ask_once(
        &self,
        credential: &Credential,
        lease: Option<LeaseId>,
    ) -> Result<Opened, SessionError> {
        let now = self.clock.now();
        let until = now.saturating_add(self.sessions.patience.lease.as_secs().max(1));
        let open = Open {
            id: credential.id,
            secret: credential.hash(),
            refresh: if self.extends {
                self.sessions.refresh
            } else {
                Refresh::Never
            },
            lease: lease.map(|lease| (lease, until)),
            grace: GRACE,
            now,
        };
        self.sessions.ask(self.sessions.store().open(open)).await
    }

    fn alive(&self, credential: Credential, loaded: Loaded) -> Snapshot {
        let snapshot = Snapshot::of_values(&loaded.values);
        self.lock().standing = Standing::Alive {
            credential,
            record: loaded.record,
            touched: loaded.touched,
        };
        snapshot
    }

    /// Whether the session began too long ago, as where the configuration has a new absolute lifetime.
    pub(super) fn has_ended(&self, record: &Record) -> bool {
        let created = Some(record.created_at);
        let lives = self
            .sessions
            .lifetimes
            .check_creation(created, self.clock.now());
        lives.is_err()
    }

    /// Ends the oldest sessions of a user who has logged in once more than is allowed.
    async fn end_oldest(&self, user: Option<String>, except: SessionId) {
        let (Some(user), Some(most)) = (user, self.sessions.most_per_user) else {
            return;
        };
        let ending = Ending {
            user,
            except: Some(except),
            keep_newest: most.get() - 1,
            grace: GRACE,
            now: self.clock.now(),
        };
        // The login is done. What fails is logged, and the next login ends them.
        let ended = self.sessions.store().end_sessions_of(ending);
        let _ = self.sessions.ask(ended).await;
    }

    async fn end(&self, credential: &Credential) -> Result<bool, SessionError> {
        let end = self
            .sessions
            .store()
            .end(credential.id, self.clock.now(), GRACE);
        let ended = self.sessions.ask(end).await?;
        // A session that has ended has no lease.
        self.lock().lease = None;
        Ok(ended)
    }

    /// How long the session lives that was created then.
    fn life(&self, changes: &Changes<'_>, created: u64) -> (Permanence, Life) {
        let lifetimes = &self.sessions.lifetimes;
        let permanence = Permanence::of(changes.snapshot, changes.delta);
        let life = Life {
            idle: lifetimes.of(permanence).as_secs(),
            ends_at: lifetimes
                .absolute
                .map(|absolute| created.saturating_add(absolute.as_secs())),
        };
        (permanence, life)
    }

    fn held_too_long(&self) -> SessionError {
        let seconds = self.sessions.patience.wait.as_secs_f32();
        SessionError::Unavailable {
            reason: format!("other requests have held it for {seconds} s"),
        }
    }

    pub(super) fn sessions(&self) -> &ServerSessions {
        &self.sessions
    }

    pub(super) fn now(&self) -> u64 {
        self.clock.now()
    }

    pub(super) fn standing(&self) -> Standing {
        self.lock().standing.clone()
    }

    /// Says what the session is from now on, for whoever asks after the commit.
    fn stand(&self, credential: Credential, record: Record) {
        self.lock().standing = Standing::Alive {
            credential,
            record,
            touched: false,
        };
    }

    /// Says that another request has renewed the session, and that it is the same user's.
    pub(super) fn follow(&self, from: u64, to: u64) {
        if let Standing::Alive { record, .. } = &mut self.lock().standing
            && record.generation == from
        {
            record.generation = to;
        }
    }

    /// Says that the session is over.
    pub(super) fn give_up(&self) {
        let mut state = self.lock();
        state.standing = Standing::Former;
        state.lease = None;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Origin for Visit {
    fn id(&self) -> Option<String> {
        match &self.lock().standing {
            Standing::Alive { record, .. } => Some(record.id.to_string()),
            Standing::Stranger | Standing::Former => None,
        }
    }

    fn label(&self) -> Option<String> {
        match &self.lock().standing {
            Standing::Alive { record, .. } => record.label.clone(),
            Standing::Stranger | Standing::Former => None,
        }
    }

    fn take(&self, names: Vec<String>) -> Taking<'_> {
        Box::pin(async {
            let (id, generation) = match &self.lock().standing {
                Standing::Alive { record, .. } => (record.id, record.generation),
                Standing::Stranger | Standing::Former => return Err(SessionError::Superseded),
            };
            let take = Take {
                id,
                generation,
                names,
                now: self.clock.now(),
            };
            match self.sessions.ask(self.sessions.store().take(take)).await? {
                Taken::Values(values) => Ok(values),
                Taken::Gone | Taken::Superseded => Err(SessionError::Superseded),
            }
        })
    }
}

impl Drop for Visit {
    /// A request that was given up, as when the visitor hung up, gives its lease back all the same.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (Some(lease), Standing::Alive { record, .. }) = (state.lease.take(), &state.standing)
        else {
            return;
        };
        // Without a runtime nobody can ask the store, and the lease expires.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (sessions, id) = (self.sessions.clone(), record.id);
            runtime.spawn(async move {
                let released = sessions.store().release(id, lease.id);
                let _ = sessions.ask(released).await;
                drop(lease);
            });
        }
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").finish_non_exhaustive()
    }
}

/// What the visitor's cookies say, without what says the same twice. What no store has ever issued is not asked for.
fn credentials<V: AsRef<str>>(values: impl Iterator<Item = V>) -> Vec<Credential> {
    let mut credentials: Vec<Credential> = Vec::new();
    for value in values {
        match Credential::read(value.as_ref()) {
            None => {
                tracing::info!(name: "session.cookie_rejected", "a session cookie is malformed");
            }
            Some(credential) => {
                let is_known = credentials
                    .iter()
                    .any(|known| known.id == credential.id && known.hash() == credential.hash());
                if !is_known {
                    credentials.push(credential);
                }
            }
        }
        if credentials.len() == MOST_CREDENTIALS {
            break;
        }
    }
    credentials
}

fn set(lead: &str, credential: &Credential, expires: Option<u64>) -> CookieChange {
    CookieChange::Set {
        line: [lead, &credential.write()].concat().into_bytes(),
        expires,
    }
}

fn no_randomness(error: NoRandomness) -> SessionError {
    SessionError::Unavailable {
        reason: error.to_string(),
    }
}
