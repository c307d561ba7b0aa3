//! Where one layer's sessions come from and go to: its cookie, its store and its clock. Opening and committing are here
//! and nowhere else.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use crate::clock::Clock;
use crate::session::{Flags, Session, Settings, Snapshot};
use crate::store::{Commit, CommitError, CookieChange, CookieStore};

use super::config::SessionConfig;
use super::cookie::{self, SetCookie};
use super::refusal::Refusal;

/// What a layer shares between its requests.
#[derive(Clone)]
pub(crate) struct Backend {
    cookie: SetCookie,
    store: CookieStore,
    clock: Clock,
    settings: Arc<Settings>,
    pub(super) on_refusal: Option<OnRefusal>,
}

/// Makes the application's own response of a refusal.
pub(super) type OnRefusal = Arc<dyn Fn(&Refusal) -> Response + Send + Sync>;

impl Backend {
    pub(super) fn new(config: &SessionConfig) -> Self {
        Self {
            cookie: config.set_cookie(),
            store: CookieStore::new(config.serializer(), config.rules()),
            clock: config.clock.clone(),
            settings: Arc::new(config.session_settings()),
            on_refusal: None,
        }
    }

    pub(super) fn with_on_refusal(&self, on_refusal: OnRefusal) -> Self {
        Self {
            on_refusal: Some(on_refusal),
            ..self.clone()
        }
    }

    /// A session for one request, not opened yet.
    pub(super) fn session(&self) -> Session {
        Session::new(self.settings.clone())
    }

    pub(super) fn cookie_name(&self) -> &str {
        self.cookie.name()
    }

    /// Whether a permanent session is sent with each response, also where nobody looked at it.
    pub(super) fn refreshes_each_request(&self) -> bool {
        self.store.refreshes_each_request()
    }

    /// Loads the session that the request's cookie says. Loading may fail where a store has to be asked; a cookie that is
    /// no good opens an empty session.
    pub(super) async fn open(&self, headers: &HeaderMap) -> Result<Snapshot, Refusal> {
        Ok(self.store.open(
            cookie::values(headers, self.cookie.name()),
            self.clock.now(),
        ))
    }

    /// Whether the request has anything to save.
    pub(super) fn must_commit(&self, session: &Session, flags: &Flags) -> bool {
        self.with_commit(session, flags, |commit| self.store.must_commit(&commit))
    }

    /// Saves what the request changed and returns the `Set-Cookie` that the response needs.
    pub(super) async fn commit(
        &self,
        session: &Session,
        flags: &Flags,
    ) -> Result<Option<HeaderValue>, CommitError> {
        let change = self.with_commit(session, flags, |commit| self.store.commit(&commit))?;
        Ok(match change {
            CookieChange::Keep => None,
            CookieChange::Set { value, expires } => self.cookie.set(&value, expires),
            CookieChange::Remove => self.cookie.remove(),
        })
    }

    fn with_commit<R>(
        &self,
        session: &Session,
        flags: &Flags,
        decide: impl FnOnce(Commit<'_>) -> R,
    ) -> R {
        let now = self.clock.now();
        session.inspect(|snapshot, delta| {
            decide(Commit {
                snapshot,
                delta,
                renewed: flags.renewed,
                now,
            })
        })
    }
}
