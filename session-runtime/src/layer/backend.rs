//! Where one layer's sessions come from and go to: its cookie, its store and its clock. Opening and committing are here
//! and nowhere else.

use std::any::Any;
use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use crate::clock::Clock;
use crate::session::{Flags, Session, Settings, Snapshot};
use crate::store::{Commit, CookieChange, CookieStore, OpenError};

use super::config::SessionConfig;
use super::cookie::{self, SetCookie};
use super::cookie_attributes::CookieAttributes;
use super::earlier::Earlier;
use super::refusal::Refusal;

/// What a layer shares between its requests.
#[derive(Clone)]
pub(crate) struct Backend {
    cookie: SetCookie,
    store: CookieStore,
    earlier: Vec<Earlier>,
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
            earlier: config.earlier(),
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

    /// The same with sessions that know of these users.
    pub(super) fn with_users(&self, users: Arc<dyn Any + Send + Sync>) -> Self {
        let settings = Settings {
            users: Some(users),
            ..Settings::clone(&self.settings)
        };
        Self {
            settings: Arc::new(settings),
            ..self.clone()
        }
    }

    pub(super) fn has_users(&self) -> bool {
        self.settings.users.is_some()
    }

    /// A session for one request, not opened yet.
    pub(super) fn session(&self) -> Session {
        Session::new(self.settings.clone())
    }

    pub(super) fn cookie_name(&self) -> &str {
        self.cookie.name()
    }

    pub(super) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Whether a permanent session is sent with each response, also where nobody looked at it.
    pub(super) fn refreshes_each_request(&self) -> bool {
        self.store.refreshes_each_request()
    }

    /// Whether the request's cookies are needed again when it ends.
    pub(super) fn needs_cookies_at_the_end(&self) -> bool {
        self.refreshes_each_request() || !self.earlier.is_empty()
    }

    /// Loads the session that the request's cookies say. Those that are no good open an empty session, and are logged.
    pub(super) fn open(&self, headers: &HeaderMap) -> Snapshot {
        let values = cookie::values(headers, self.cookie.name());
        let now = || self.now();
        if self.earlier.is_empty() {
            let snapshot = self.store.open(values, now, |error| error.log());
            return snapshot.unwrap_or_default();
        }
        let mut rejected = Vec::new();
        let snapshot = self
            .store
            .open(values, now, |error| rejected.push(error))
            .or_else(|| self.open_earlier(headers, self.now()));
        if snapshot.is_none() {
            rejected.iter().for_each(OpenError::log);
        }
        snapshot.unwrap_or_default()
    }

    fn open_earlier(&self, headers: &HeaderMap, now: u64) -> Option<Snapshot> {
        let snapshot = self
            .earlier
            .iter()
            .find_map(|earlier| earlier.open(headers, now, &self.store))?;
        tracing::debug!(name: "session.moved", "a session was read from a cookie of earlier settings");
        Some(snapshot)
    }

    /// Whether the request has anything to save.
    pub(super) fn must_commit(&self, session: &Session, flags: &Flags) -> bool {
        with_commit(session, flags, |commit| self.store.must_commit(&commit))
    }

    /// Saves what the request changed and returns the `Set-Cookie` that the response needs, with what it says otherwise of
    /// the cookie.
    pub(super) fn commit(
        &self,
        session: &Session,
        flags: &Flags,
        now: u64,
        attributes: Option<&CookieAttributes>,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let own;
        let cookie = match attributes {
            None => &self.cookie,
            Some(attributes) => {
                own = SetCookie::new(&attributes.of(self.cookie.settings())?);
                &own
            }
        };
        if self.store.needs_creation() {
            session.note_creation(now);
        }
        let change = with_commit(session, flags, |commit| {
            self.store.commit(&commit, now, &cookie.frame())
        })?;
        Ok(match change {
            CookieChange::Keep => None,
            CookieChange::Set { line, expires } => cookie.finish(line, expires),
            CookieChange::Remove => cookie.remove(),
        })
    }

    /// The `Set-Cookie`s that expire what the visitor has of earlier settings.
    pub(super) fn expired<'a>(
        &'a self,
        cookies: &'a HeaderMap,
        now: u64,
    ) -> impl Iterator<Item = HeaderValue> + 'a {
        self.earlier
            .iter()
            .filter_map(move |earlier| earlier.expired(cookies, now, &self.cookie))
    }
}

fn with_commit<R>(session: &Session, flags: &Flags, decide: impl FnOnce(Commit<'_>) -> R) -> R {
    session.inspect(|snapshot, delta| {
        decide(Commit {
            snapshot,
            delta,
            renewed: flags.renewed,
        })
    })
}
