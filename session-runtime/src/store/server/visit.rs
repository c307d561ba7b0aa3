//! One request's dealings with a session in a store, and what it has there: it opens the session, takes values from it, tells
//! what has changed, and gives its lease back, whatever happens.

mod decision;
mod opening;

pub(crate) use decision::{Decision, Telling};

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::credential::{Credential, NoRandomness, SessionId};
use super::lease::Lease;
use super::protocol::{Open, Opened, Record, Take, Taken};
use super::sessions::{GRACE, ServerSessions};
use crate::clock::Clock;
use crate::session::{Asking, Origin, SessionError, Taking};
use crate::store::Refresh;

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
    /// The session that the visitor had until a moment ago, and may not read any more: it has ended, or it is not the same user's.
    lost: Option<SessionId>,
    /// Whether the session was opened when the request ended, so that nothing can have happened since.
    was_opened_last: bool,
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
        self.is_touched() || self.has_lease()
    }

    /// Whether the session's life was extended when it was opened.
    fn is_touched(&self) -> bool {
        matches!(self.lock().standing, Standing::Alive { touched: true, .. })
    }

    /// Says that the session has been opened for the end of the request alone.
    pub(crate) fn note_opened_last(&self) {
        self.lock().was_opened_last = true;
    }

    /// Whether the request has one to give back.
    pub(crate) fn has_lease(&self) -> bool {
        self.lock().lease.is_some()
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

    /// What the store says of a session and a secret. Nothing is changed by it, and no life extended.
    pub(super) async fn look(&self, credential: &Credential) -> Result<Opened, SessionError> {
        let open = Open {
            id: credential.id,
            secret: credential.hash(),
            refresh: Refresh::Never,
            lease: None,
            grace: GRACE,
            now: self.clock.now(),
        };
        self.sessions.ask(self.sessions.store().open(open)).await
    }

    async fn end(&self, id: SessionId) -> Result<bool, SessionError> {
        let end = self.sessions.store().end(id, self.clock.now(), GRACE);
        let ended = self.sessions.ask(end).await?;
        // A session that has ended has no lease.
        self.lock().lease = None;
        Ok(ended)
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

    /// Says what the session is from now on.
    fn stand(&self, credential: Credential, record: Record, touched: bool) {
        self.lock().standing = Standing::Alive {
            credential,
            record,
            touched,
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

    fn may_restore(&self, user: String) -> Asking<'_> {
        Box::pin(async {
            let Some(lost) = self.lock().lost else {
                return Ok(true);
            };
            // It may be the same user who has been logged in meanwhile, by another request that came with the same cookies.
            let theirs = self.sessions.store().sessions_of(user, self.clock.now());
            let theirs = self.sessions.ask(theirs).await?;
            Ok(theirs.iter().any(|record| record.id == lost))
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
        give_back(&self.sessions, record.id, lease, Duration::ZERO);
    }
}

/// Gives a lease back after a while, for a request that is gone. Whoever waits for it in this process waits until then.
fn give_back(sessions: &Arc<ServerSessions>, id: SessionId, lease: Lease, after: Duration) {
    // Without a runtime nobody can ask the store, and the lease expires.
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        let sessions = sessions.clone();
        runtime.spawn(async move {
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            let released = sessions.store().release(id, lease.id);
            let _ = sessions.ask(released).await;
            drop(lease);
        });
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").finish_non_exhaustive()
    }
}

fn no_randomness(error: NoRandomness) -> SessionError {
    SessionError::Unavailable {
        reason: error.to_string(),
    }
}
