//! Where one layer's sessions come from and go to: its cookie, its store and its clock. Opening and committing are here
//! and nowhere else.

use std::any::Any;
use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use crate::clock::Clock;
use crate::session::{Brought, Delta, Session, SessionError, Settings, Snapshot, note_creation};
use crate::store::{
    Changes, CookieChange, CookieCommit, CookieStore, Decision, MOST_VALUES, Newest, OpenError,
    ServerSessions, Telling, Visit,
};

use super::administration::StoredSessions;
use super::config::SessionConfig;
use super::cookie::{self, SetCookie};
use super::cookie_attributes::CookieAttributes;
use super::earlier::Earlier;
use super::refusal::Refusal;
use super::remember::Remember;

/// What a layer shares between its requests.
#[derive(Clone)]
pub(crate) struct Backend {
    cookie: SetCookie,
    store: CookieStore,
    /// Where sessions are, if not in the cookie.
    server: Option<Arc<ServerSessions>>,
    earlier: Vec<Earlier>,
    clock: Clock,
    settings: Arc<Settings>,
    pub(super) remember: Remember,
    /// Whether it matters which browser a request comes from.
    pub(super) tells_browsers_apart: bool,
    pub(super) on_refusal: Option<OnRefusal>,
}

/// Makes the application's own response of a refusal.
pub(super) type OnRefusal = Arc<dyn Fn(&Refusal) -> Response + Send + Sync>;

impl Backend {
    pub(super) fn new(config: &SessionConfig) -> Self {
        let settings = config.session_settings();
        Self {
            cookie: config.set_cookie(),
            store: CookieStore::new(config.serializer(), config.rules()),
            server: config.server_sessions().map(Arc::new),
            earlier: config.earlier(),
            clock: config.clock.clone(),
            remember: config.remember(),
            tells_browsers_apart: settings.flask_login.is_some(),
            settings: Arc::new(settings),
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

    /// A request's dealings with the store, if there is one. `extends` is whether it extends the session's life.
    pub(super) fn visit(&self, extends: impl FnOnce() -> bool) -> Option<Arc<Visit>> {
        let server = self.server.clone()?;
        Some(Arc::new(Visit::new(server, self.clock.clone(), extends())))
    }

    /// A session for one request, not opened yet. `discards` is whether nothing that the request does counts.
    #[inline]
    pub(super) fn session(&self, visit: Option<&Arc<Visit>>, discards: bool) -> Session {
        let origin = visit.filter(|_| !discards).cloned();
        Session::new(self.settings.clone(), origin.map(|origin| origin as _))
    }

    /// Whether no store is waited for where a session is opened.
    pub(super) fn opens_at_once(&self) -> bool {
        self.server.is_none()
    }

    pub(super) fn stored_sessions(&self) -> Option<StoredSessions> {
        let sessions = self.server.clone()?;
        let (clock, settings) = (self.clock.clone(), self.settings.clone());
        Some(StoredSessions::new(sessions, clock, settings))
    }

    pub(super) fn can_lock(&self) -> bool {
        self.server.is_some()
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

    /// Loads the session that the request's cookies say, and returns what may remember a login. Cookies that are no good open an
    /// empty session, and are logged.
    pub(super) fn open(&self, headers: &HeaderMap, snapshot: &mut Snapshot) -> Vec<String> {
        let mut remember_tokens = Vec::new();
        let mut newest = Newest::in_place(snapshot);
        let mut rejected = Vec::new();
        // One walk for both cookies.
        for cookie in cookie::pairs(headers) {
            if let Some(value) = cookie.bytes_of(self.cookie.name()) {
                match self.store.look_at(&value, &mut newest, || self.now()) {
                    Err(error) if self.earlier.is_empty() => error.log(),
                    Err(error) => rejected.push(error),
                    Ok(()) => {}
                }
            } else if remember_tokens.len() < MOST_VALUES
                && let Some(token) = self.remember.token(cookie)
            {
                remember_tokens.push(token);
            }
        }
        if !newest.is_found() && !self.earlier.is_empty() {
            match self.open_earlier(headers, self.now()) {
                Some(earlier) => *newest.snapshot = earlier,
                None => rejected.iter().for_each(OpenError::log),
            }
        }
        remember_tokens
    }

    /// Whether a session that was loaded is saved again also if nothing changes it.
    pub(super) fn saves_unchanged(&self, snapshot: &Snapshot) -> bool {
        self.store.saves_unchanged(snapshot)
    }

    /// Loads the session from the store that the request's cookies say, or one of earlier settings where they say none.
    pub(super) async fn open_on_server(
        &self,
        visit: &Visit,
        headers: &HeaderMap,
        leases: bool,
    ) -> Result<Brought, SessionError> {
        let values = cookie::values(headers, self.cookie.name());
        let mut snapshot = visit.open(values, leases).await?;
        if snapshot.is_empty() && visit.is_strangers() && !self.earlier.is_empty() {
            snapshot = self.open_earlier(headers, self.now()).unwrap_or_default();
        }
        let remember_tokens =
            cookie::pairs(headers).filter_map(|cookie| self.remember.token(cookie));
        Ok(Brought {
            snapshot,
            remember_tokens: remember_tokens.take(MOST_VALUES).collect(),
        })
    }

    fn open_earlier(&self, headers: &HeaderMap, now: u64) -> Option<Snapshot> {
        let snapshot = self
            .earlier
            .iter()
            .find_map(|earlier| earlier.open(headers, now, &self.store))?;
        tracing::debug!(name: "session.moved", "a session was read from a cookie of earlier settings");
        Some(snapshot)
    }

    /// Whether a cookie that holds the session would still be read, if it was set at `changed_at` where its request has
    /// changed the session.
    pub(super) fn is_alive_in_cookie(&self, session: &Session, changed_at: u64) -> bool {
        session
            .inspect(|snapshot, delta| self.store.is_alive(snapshot, delta, changed_at, self.now()))
    }

    /// Saves what the request changed, if it has anything to save, with what it says otherwise of the cookie. The `Set-Cookie`
    /// that the response needs is written into its place, as it would be moved on several times.
    pub(super) fn commit(
        &self,
        snapshot: &Snapshot,
        delta: &mut Delta,
        renewed: bool,
        attributes: Option<&CookieAttributes>,
        set_cookie: &mut Option<HeaderValue>,
    ) -> Result<(), Refusal> {
        let commit = CookieCommit {
            snapshot,
            delta,
            renewed,
        };
        if !self.store.must_commit(&commit) {
            return Ok(());
        }
        let changed = self.changed_cookie(attributes)?;
        let cookie = changed.as_ref().unwrap_or(&self.cookie);
        let now = self.now();
        if self.store.needs_creation() {
            note_creation(snapshot, delta, now);
        }
        let commit = CookieCommit {
            snapshot,
            delta,
            renewed,
        };
        let change = self.store.commit(&commit, now, &cookie.frame())?;
        *set_cookie = line(cookie, change);
        Ok(())
    }

    /// Decides what is saved where a store has the session.
    pub(super) fn decide_on_server(
        &self,
        visit: &Visit,
        session: &Session,
        renewed: bool,
        attributes: Option<&CookieAttributes>,
    ) -> Result<Decided, Refusal> {
        let changed = self.changed_cookie(attributes)?;
        let cookie = changed.as_ref().unwrap_or(&self.cookie);
        // Nothing is held while the store is waited for.
        let decision = session.inspect_for_store(|snapshot, delta, expected, label| {
            let changes = Changes {
                snapshot,
                delta,
                renewed,
                label,
                expected,
                login_key: &self.settings.login_key,
            };
            visit.decide(&changes, cookie.frame().lead)
        })?;
        Ok(match decision {
            Decision::Done(change) => Decided::Done(line(cookie, change)),
            Decision::Tell(telling) => Decided::Tell(telling, changed),
        })
    }

    /// Tells the store, and returns the `Set-Cookie` that the response needs. `changed` is the cookie that was decided on, if it is
    /// not the one of the settings.
    pub(super) async fn tell_server(
        &self,
        visit: &Visit,
        telling: Telling,
        changed: Option<&SetCookie>,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let change = visit.tell(telling).await?;
        Ok(line(changed.unwrap_or(&self.cookie), change))
    }

    /// The cookie with the attributes that the request has changed, if it has.
    fn changed_cookie(
        &self,
        attributes: Option<&CookieAttributes>,
    ) -> Result<Option<SetCookie>, Refusal> {
        let Some(attributes) = attributes else {
            return Ok(None);
        };
        let settings = attributes.of(self.cookie.settings())?;
        Ok(Some(SetCookie::new(&settings)))
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

/// What is to be done of a session in a store.
pub(super) enum Decided {
    /// Nothing that the store would have to know, and the `Set-Cookie` that the response needs.
    Done(Option<HeaderValue>),
    /// The store is told, for a cookie that the request has changed, if it has.
    Tell(Telling, Option<SetCookie>),
}

fn line(cookie: &SetCookie, change: CookieChange) -> Option<HeaderValue> {
    match change {
        CookieChange::Keep => None,
        CookieChange::Set { line, expires } => cookie.finish(line, expires),
        CookieChange::Remove => cookie.remove(),
    }
}
