//! A request's session as the layer attaches it to the request, and what the layer does with it when the response comes
//! back.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::header::COOKIE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use crate::session::{Brought, Closed, Flags, Notes, Session, SessionError};
use crate::store::{Telling, Visit};

use super::backend::{Backend, Decided};
use super::browser;
use super::cookie_attributes::CookieAttributes;
use super::headers;
use super::refusal::Refusal;

/// The request's extension: the session, not opened yet, and where it comes from.
#[derive(Clone)]
pub(crate) struct Attached {
    session: Session,
    backend: Arc<Backend>,
    /// What is asked of a store, where one has the session.
    visit: Option<Arc<Visit>>,
    /// Nothing that the request does is saved, and no life is extended by it.
    saves_nothing: bool,
    /// The request's cookies, where they are needed when it ends.
    cookies: Option<Arc<HeaderMap>>,
    /// What a layer further out has attached.
    outer: Option<Arc<Attached>>,
}

impl Attached {
    /// A session that is in no request.
    pub(super) fn new(backend: &Arc<Backend>, saves_nothing: bool) -> Self {
        let (session, visit) = backend.session(saves_nothing);
        Self {
            session,
            backend: backend.clone(),
            visit,
            saves_nothing,
            cookies: None,
            outer: None,
        }
    }

    /// A session for the request, which is not in its extensions yet.
    pub(super) fn of<B>(request: &Request<B>, backend: &Arc<Backend>) -> Self {
        let saves_nothing = request.method() == Method::HEAD;
        let attached = Self::new(backend, saves_nothing).with_cookies(request);
        if backend.tells_browsers_apart {
            attached
                .session
                .note_identifier(&browser::identifier(request));
        }
        Self {
            outer: request.extensions().get::<Self>().cloned().map(Arc::new),
            ..attached
        }
    }

    /// # Errors
    ///
    /// A layer further out has attached a session of the same name.
    pub(super) fn check_outer<B>(request: &Request<B>, backend: &Backend) -> Result<(), Refusal> {
        let cookie = backend.cookie_name();
        let outer = request.extensions().get::<Self>();
        match outer.and_then(|outer| outer.named(cookie)) {
            None => Ok(()),
            Some(_) => Err(Refusal::NestedTwice {
                cookie: cookie.to_owned(),
            }),
        }
    }

    /// Keeps of the request what is needed where the session is opened when nobody has.
    fn with_cookies<B>(self, request: &Request<B>) -> Self {
        if !self.backend.needs_cookies_at_the_end() {
            return self;
        }
        let cookies = cookies(request.headers());
        Self {
            saves_nothing: self.saves_nothing
                || is_fetched_ahead(request.method(), request.headers()),
            cookies: (!cookies.is_empty()).then(|| Arc::new(cookies)),
            ..self
        }
    }

    /// What the innermost layer has attached to this request. `handler` is for the sentence that says that there is none.
    pub(crate) fn find(
        parts: &Parts,
        handler: impl FnOnce() -> Cow<'static, str>,
    ) -> Result<&Self, Refusal> {
        parts
            .extensions
            .get()
            .ok_or_else(|| Self::missing(handler()))
    }

    /// Logs that there is no layer: without one, nothing else can.
    pub(super) fn missing(handler: Cow<'static, str>) -> Refusal {
        let refusal = Refusal::MissingLayer { handler };
        tracing::error!(name: "session.layer_missing", "{refusal}");
        refusal
    }

    /// Opens the session, if nobody has yet. With `leases` it is held for this request until it ends, where a store has it.
    /// `note` says for what it is opened.
    ///
    /// # Errors
    ///
    /// The store does not give it.
    pub(crate) async fn open(
        &self,
        headers: &HeaderMap,
        leases: bool,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Result<Session, SessionError> {
        match &self.visit {
            None => Ok(self.open_at_once(headers, note)),
            Some(visit) => {
                let brought = Box::pin(self.open_on_server(visit, headers, leases)).await?;
                Ok(self.session.open(|| brought, note))
            }
        }
    }

    /// Whether no store is waited for.
    pub(crate) fn opens_at_once(&self) -> bool {
        self.visit.is_none()
    }

    /// Opens a session that is in the cookie.
    pub(crate) fn open_at_once(
        &self,
        headers: &HeaderMap,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Session {
        self.session.open(|| self.backend.open(headers), note)
    }

    /// What there is to open; nothing where it has been opened.
    async fn open_on_server(
        &self,
        visit: &Visit,
        headers: &HeaderMap,
        leases: bool,
    ) -> Result<Brought, SessionError> {
        let leases = leases && !self.saves_nothing;
        if !self.session.is_opened() {
            return self.backend.open_on_server(visit, headers, leases).await;
        }
        // Somebody has opened it to look, a middleware perhaps, and now it is to be updated.
        if leases && visit.lacks_lease() {
            let brought = self.backend.open_on_server(visit, headers, true).await?;
            self.session.reopen(brought.snapshot);
        }
        Ok(Brought::default())
    }

    pub(super) fn has_store(&self) -> bool {
        self.visit.is_some()
    }

    pub(super) fn now(&self) -> u64 {
        self.backend.now()
    }

    /// Whether the session lives on in its store; `None` if it is in none.
    pub(super) async fn is_alive_on_server(&self) -> Result<Option<bool>, SessionError> {
        match &self.visit {
            Some(visit) => visit.is_alive().await,
            None => Ok(None),
        }
    }

    /// Whether a cookie that holds the session would still be read, if it was set at `changed_at` where this request has
    /// changed the session.
    pub(super) fn is_alive_in_cookie(&self, changed_at: u64) -> bool {
        self.backend.is_alive_in_cookie(&self.session, changed_at)
    }

    /// Sets one value in the store; says whether there is one with the session in it.
    pub(super) async fn set_on_server(
        &self,
        name: &str,
        value: &str,
    ) -> Result<bool, SessionError> {
        match &self.visit {
            Some(visit) => visit.set_at_once(name, value).await,
            None => Ok(false),
        }
    }

    /// The session of the layer with this cookie name, this layer's or one further out.
    pub(super) fn named(&self, cookie: &str) -> Option<&Self> {
        if self.backend.cookie_name() == cookie {
            Some(self)
        } else {
            self.outer.as_ref()?.named(cookie)
        }
    }

    /// Ends the request: closes the session, saves it, and lets the response say so. What must wait for a store is returned.
    pub(super) fn finish(&self, mut response: Response) -> Finished {
        if let Some(visit) = &self.visit {
            return self.finish_on_server(visit, response);
        }
        if let Some(cookies) = &self.cookies
            && self.backend.refreshes_each_request()
        {
            self.session.open(|| self.backend.open(cookies), |_| {});
        }
        match self.end(&mut response) {
            Some(end) if end.must_commit => {
                let (flags, attributes) = (&end.closed.flags, end.attributes.as_ref());
                let now = self.backend.now();
                let saved = self.backend.commit(&self.session, flags, now, attributes);
                self.say(&mut response, end, saved);
            }
            Some(end) => self.say(&mut response, end, Ok(None)),
            None => {}
        }
        Finished::Is(response)
    }

    /// The same where a store has the session. A request that has nothing to tell it does not wait.
    fn finish_on_server(&self, visit: &Arc<Visit>, mut response: Response) -> Finished {
        if let Some(cookies) = self.cookies_to_open() {
            let (attached, visit) = (self.clone(), visit.clone());
            return Finished::Waits(Box::pin(async move {
                if let Err(error) = attached.open(&cookies, false, |_| {}).await {
                    attached.not_refreshed(&error);
                }
                let telling = attached.settle(&visit, &mut response);
                attached.tell(&visit, telling, &mut response).await;
                response
            }));
        }
        let telling = self.settle(visit, &mut response);
        if telling.is_none() && !visit.has_lease() {
            return Finished::Is(response);
        }
        let (attached, visit) = (self.clone(), visit.clone());
        Finished::Waits(Box::pin(async move {
            attached.tell(&visit, telling, &mut response).await;
            response
        }))
    }

    /// The cookies of a session that nobody has looked at, and that is sent with each response all the same.
    fn cookies_to_open(&self) -> Option<Arc<HeaderMap>> {
        let is_wanted = self.backend.refreshes_each_request() && !self.session.is_opened();
        is_wanted.then(|| self.cookies.clone()).flatten()
    }

    /// Closes the session, and decides what the store is to be told of it. If that is nothing the response is done. Boxed,
    /// since it waits together with the response.
    fn settle(&self, visit: &Visit, response: &mut Response) -> Option<Box<(End, Telling)>> {
        let end = self.end(response)?;
        let mut saved = Ok(None);
        if end.closed.is_modified || self.is_moved() || visit.is_to_end() {
            let (flags, attributes) = (&end.closed.flags, end.attributes.as_ref());
            let decided = self
                .backend
                .decide_on_server(visit, &self.session, flags, attributes);
            saved = match decided {
                Ok(Decided::Tell(telling)) => return Some(Box::new((end, telling))),
                Ok(Decided::Done(line)) => Ok(line),
                Err(refusal) => Err(refusal),
            };
        }
        self.say(response, end, saved);
        None
    }

    /// Tells the store what there is to be told, and gives the lease back if the request has one.
    async fn tell(
        &self,
        visit: &Visit,
        telling: Option<Box<(End, Telling)>>,
        response: &mut Response,
    ) {
        if let Some(telling) = telling {
            let (end, telling) = *telling;
            let attributes = end.attributes.as_ref();
            // Boxed apart from what waits with it: together they would be more than the allocator is quick with.
            let told = Box::pin(self.backend.tell_server(visit, telling, attributes)).await;
            self.say(response, end, told);
        }
        visit.release().await;
    }

    fn is_moved(&self) -> bool {
        self.session.inspect(|snapshot, _| snapshot.is_moved())
    }

    /// Closes the session, and tells with what it is to be saved, if the request is one whose changes count. Otherwise the
    /// response is done.
    fn end(&self, response: &mut Response) -> Option<End> {
        // For the innermost layer's cookie, whether that is sent or not.
        let attributes = response.extensions_mut().remove::<CookieAttributes>();
        // Whoever opens it later cannot change it any more.
        let Some((closed, must_commit)) = self.close() else {
            self.answer(response);
            return None;
        };
        let flags = &closed.flags;
        if let Some(refusal) = refusal(&closed) {
            *response = refusal.into_response();
            self.mark(response, flags);
            return None;
        }
        if flags.abandoned {
            let handler = self.session.handler();
            tracing::warn!(name: "session.abandoned", handler, "a panic gave the session's changes up; nothing is saved");
        }
        if self.saves_nothing || flags.fetched_ahead || flags.abandoned {
            self.mark(response, flags);
            return None;
        }
        Some(End {
            closed,
            must_commit,
            attributes,
        })
    }

    /// Ends the handler's part, and says besides whether there is anything to save in the cookie; nothing where nobody has
    /// looked.
    fn close(&self) -> Option<(Closed, bool)> {
        let backend = &self.backend;
        let judge =
            |snapshot: &_, delta: &_, flags: &_| backend.must_commit(snapshot, delta, flags);
        self.session.close(judge)
    }

    /// Saves a session that is in no request, and returns the `Set-Cookie` that a response would have.
    pub(super) async fn save(&self) -> Result<Option<HeaderValue>, Refusal> {
        let Some((Closed { flags, .. }, must_commit)) = self.close() else {
            return Ok(None);
        };
        match &self.visit {
            Some(visit) => {
                let decided = self
                    .backend
                    .decide_on_server(visit, &self.session, &flags, None)?;
                match decided {
                    Decided::Done(line) => Ok(line),
                    Decided::Tell(telling) => self.backend.tell_server(visit, telling, None).await,
                }
            }
            None if must_commit => {
                let now = self.backend.now();
                self.backend.commit(&self.session, &flags, now, None)
            }
            None => Ok(None),
        }
    }

    /// The answer, if the session has failed while the handler was running.
    pub(super) fn failure(&self) -> Option<Finished> {
        let has_failed = self.session.has_failed();
        has_failed.then(|| self.finish(Response::default()))
    }

    /// Lets the response say what became of the session.
    fn say(&self, response: &mut Response, end: End, saved: Result<Option<HeaderValue>, Refusal>) {
        let now = || self.backend.now();
        let remember = &self.backend.remember;
        let mut closed = end.closed;
        if saved.is_ok()
            && let Some(cookie) = remember.line(&self.session, &closed, now)
        {
            headers::set_cookie(response.headers_mut(), cookie);
            closed.flags.looked = true;
        }
        match saved {
            Ok(Some(cookie)) => {
                let headers = response.headers_mut();
                // Before the session's own: a browser that takes both for one cookie keeps what it is told last.
                let cookies = self.cookies.iter();
                for expired in cookies.flat_map(|cookies| self.backend.expired(cookies, now())) {
                    headers::set_cookie(headers, expired);
                }
                headers::set_cookie(headers, cookie);
                if closed.is_login_changed {
                    headers::forget_pages_fetched_ahead(headers);
                }
                closed.flags.looked = true;
            }
            Ok(None) => {}
            // Nothing is lost but the extension of the session's life.
            Err(error) if !closed.is_modified && !matches!(error, Refusal::Cookie(_)) => {
                self.not_refreshed(&error);
            }
            Err(refusal) => *response = refusal.into_response(),
        }
        self.mark(response, &closed.flags)
    }

    fn not_refreshed(&self, error: &dyn fmt::Display) {
        tracing::warn!(name: "session.not_refreshed", %error, "a session's life was not extended");
    }

    fn mark(&self, response: &mut Response, flags: &Flags) {
        if flags.looked {
            headers::vary_by_cookie(response.headers_mut());
        }
        if flags.guarded {
            headers::not_stored(response.headers_mut());
        }
        self.answer(response)
    }

    fn answer(&self, response: &mut Response) {
        self.backend.answer(response, || self.session.handler());
    }
}

/// What must be answered instead of the handler's response.
fn refusal(closed: &Closed) -> Option<Refusal> {
    let prefetched = closed.flags.fetched_ahead && closed.is_modified;
    let failure = closed.flags.failure.clone();
    failure
        .map(|error| Refusal::from(*error))
        .or_else(|| prefetched.then_some(Refusal::Prefetch))
}

/// What a request's end is decided on.
struct End {
    closed: Closed,
    /// Whether there is anything to save in the cookie.
    must_commit: bool,
    attributes: Option<CookieAttributes>,
}

/// The response, or how long until there is one.
pub(super) enum Finished {
    Is(Response),
    Waits(Pin<Box<dyn Future<Output = Response> + Send>>),
}

const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// The `Cookie` lines of a request.
pub(super) fn cookies(headers: &HeaderMap) -> HeaderMap {
    headers
        .get_all(COOKIE)
        .iter()
        .map(|value| (COOKIE, value.clone()))
        .collect()
}

/// Whether a browser fetches ahead of time: the visit itself must make the changes. `Sec-Purpose` (Fetch standard,
/// `prefetch` and `prefetch;prerender`) counts for `GET` only, which is what browsers fetch so.
pub(crate) fn is_fetched_ahead(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::GET
        && headers
            .get(SEC_PURPOSE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|text| {
                text.split([';', ','])
                    .any(|purpose| matches!(purpose.trim(), "prefetch" | "prerender"))
            })
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("cookie", &self.backend.cookie_name())
            .finish_non_exhaustive()
    }
}
