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

use crate::session::{Brought, Closed, Notes, Session, SessionError};
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
    outcome: Outcome,
    /// The request's cookies, where they are needed when it ends.
    cookies: Option<Arc<HeaderMap>>,
    /// What a layer further out has attached.
    outer: Option<Arc<Attached>>,
}

/// What a request can come to. It fills a word, since it is moved on just after it was written: see the rights of a session's
/// handle.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
enum Outcome {
    Saved,
    /// Nothing that the request does is saved, and no life is extended by it.
    Nothing,
}

impl Attached {
    /// A session that is in no request.
    pub(super) fn new(backend: &Arc<Backend>) -> Self {
        let (session, visit) = backend.session(false);
        Self {
            session,
            backend: backend.clone(),
            visit,
            outcome: Outcome::Saved,
            cookies: None,
            outer: None,
        }
    }

    /// A session for the request, which is not in its extensions yet.
    pub(super) fn of<B>(
        request: &Request<B>,
        backend: &Arc<Backend>,
        outer: Option<Arc<Self>>,
    ) -> Self {
        let (session, visit) = backend.session(request.method() == Method::HEAD);
        Self::with(request, backend, outer, session, visit)
    }

    /// A session for the request that has been opened by its cookies.
    pub(super) fn opened<B>(
        request: &Request<B>,
        backend: &Arc<Backend>,
        outer: Option<Arc<Self>>,
        session: Session,
    ) -> Self {
        Self::with(request, backend, outer, session, None)
    }

    fn with<B>(
        request: &Request<B>,
        backend: &Arc<Backend>,
        outer: Option<Arc<Self>>,
        session: Session,
        visit: Option<Arc<Visit>>,
    ) -> Self {
        if backend.tells_browsers_apart {
            session.note_identifier(&browser::identifier(request));
        }
        let mut saves_nothing = request.method() == Method::HEAD;
        let mut cookies = None;
        if backend.needs_cookies_at_the_end() {
            saves_nothing |= is_fetched_ahead(request.method(), request.headers());
            cookies = brought(request.headers()).map(Arc::new);
        }
        let outcome = if saves_nothing {
            Outcome::Nothing
        } else {
            Outcome::Saved
        };
        Self {
            session,
            backend: backend.clone(),
            visit,
            outcome,
            cookies,
            outer,
        }
    }

    /// What a layer further out has attached to the request.
    ///
    /// # Errors
    ///
    /// It has attached a session of the same name.
    pub(super) fn outer<B>(
        request: &Request<B>,
        backend: &Backend,
    ) -> Result<Option<Arc<Self>>, Refusal> {
        let Some(outer) = request.extensions().get::<Self>() else {
            return Ok(None);
        };
        let cookie = backend.cookie_name();
        match outer.named(cookie) {
            None => Ok(Some(Arc::new(outer.clone()))),
            Some(_) => Err(Refusal::NestedTwice {
                cookie: cookie.to_owned(),
            }),
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

    /// Opens a session that is in the cookie.
    fn open_at_once(&self, headers: &HeaderMap, note: impl FnOnce(&mut Notes<'_>)) -> Session {
        self.session.open(|| self.backend.open(headers), note)
    }

    /// What there is to open; nothing where it has been opened.
    async fn open_on_server(
        &self,
        visit: &Visit,
        headers: &HeaderMap,
        leases: bool,
    ) -> Result<Brought, SessionError> {
        let leases = leases && self.outcome == Outcome::Saved;
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

    /// Ends the request: closes the session, saves it, and lets the response say so. What must wait for a store is returned,
    /// and has the response.
    pub(super) fn finish(&self, response: &mut Response) -> Option<Saving> {
        if let Some(visit) = &self.visit {
            return self.finish_on_server(visit, response);
        }
        if let Some(cookies) = &self.cookies
            && self.backend.refreshes_each_request()
        {
            self.session.open(|| self.backend.open(cookies), |_| {});
        }
        let attributes = attributes(response);
        // Saved where it is closed, so that it is locked once.
        let mut closed = Closed::default();
        let saved = self.session.close(&mut closed, |closed, snapshot, delta| {
            if self.is_given_up(closed) {
                return Ok(None);
            }
            self.backend
                .commit(snapshot, delta, closed.flags.renewed, attributes.as_ref())
        });
        match saved {
            None => self.answer(response),
            Some(_) if self.is_given_up(&closed) => self.give_up(response, &closed),
            Some(saved) => self.say(response, &mut closed, saved),
        }
        None
    }

    /// The same where a store has the session. A request that has nothing to tell it does not wait.
    fn finish_on_server(&self, visit: &Arc<Visit>, response: &mut Response) -> Option<Saving> {
        if let Some(cookies) = self.cookies_to_open() {
            let (attached, visit) = (self.clone(), visit.clone());
            let mut response = std::mem::take(response);
            return Some(Box::pin(async move {
                if let Err(error) = attached.open(&cookies, false, |_| {}).await {
                    attached.not_refreshed(&error);
                }
                let telling = attached.settle(&visit, &mut response);
                attached.tell(&visit, telling, &mut response).await;
                response
            }));
        }
        let telling = self.settle(visit, response);
        if telling.is_none() && !visit.has_lease() {
            return None;
        }
        let (attached, visit) = (self.clone(), visit.clone());
        let mut response = std::mem::take(response);
        Some(Box::pin(async move {
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
        let attributes = attributes(response);
        let mut closed = Closed::default();
        let Some(()) = self.session.close(&mut closed, |_, _, _| ()) else {
            self.answer(response);
            return None;
        };
        if self.is_given_up(&closed) {
            self.give_up(response, &closed);
            return None;
        }
        let mut saved = Ok(None);
        if closed.is_modified || self.is_moved() || visit.is_to_end() {
            let decided = self.backend.decide_on_server(
                visit,
                &self.session,
                closed.flags.renewed,
                attributes.as_ref(),
            );
            saved = match decided {
                Ok(Decided::Tell(telling)) => {
                    return Some(Box::new((End { closed, attributes }, telling)));
                }
                Ok(Decided::Done(line)) => Ok(line),
                Err(refusal) => Err(refusal),
            };
        }
        self.say(response, &mut closed, saved);
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
            let (mut end, telling) = *telling;
            let attributes = end.attributes.as_ref();
            // Boxed apart from what waits with it: together they would be more than the allocator is quick with.
            let told = Box::pin(self.backend.tell_server(visit, telling, attributes)).await;
            self.say(response, &mut end.closed, told);
        }
        visit.release().await;
    }

    fn is_moved(&self) -> bool {
        self.session.inspect(|snapshot, _| snapshot.is_moved())
    }

    /// Saves a session that is in no request, and returns the `Set-Cookie` that a response would have.
    pub(super) async fn save(&self) -> Result<Option<HeaderValue>, Refusal> {
        let mut closed = Closed::default();
        let Some(visit) = &self.visit else {
            let saved = self.session.close(&mut closed, |closed, snapshot, delta| {
                self.backend
                    .commit(snapshot, delta, closed.flags.renewed, None)
            });
            return saved.unwrap_or(Ok(None));
        };
        let Some(()) = self.session.close(&mut closed, |_, _, _| ()) else {
            return Ok(None);
        };
        let decided =
            self.backend
                .decide_on_server(visit, &self.session, closed.flags.renewed, None)?;
        match decided {
            Decided::Done(line) => Ok(line),
            Decided::Tell(telling) => self.backend.tell_server(visit, telling, None).await,
        }
    }

    /// Whether the session has failed while the handler was running, which then must not go on.
    pub(super) fn has_failed(&self) -> bool {
        self.session.has_failed()
    }

    /// Whether the request's changes do not count.
    fn is_given_up(&self, closed: &Closed) -> bool {
        self.outcome == Outcome::Nothing || closed.is_given_up()
    }

    /// Lets the response say what it must where the request's changes do not count.
    fn give_up(&self, response: &mut Response, closed: &Closed) {
        if let Some(refusal) = refusal(closed) {
            *response = refusal.into_response();
        } else if closed.flags.abandoned {
            let handler = self.session.handler();
            tracing::warn!(name: "session.abandoned", handler, "a panic gave the session's changes up; nothing is saved");
        }
        self.mark(response, closed);
    }

    /// Lets the response say what became of the session.
    fn say(
        &self,
        response: &mut Response,
        closed: &mut Closed,
        saved: Result<Option<HeaderValue>, Refusal>,
    ) {
        let now = || self.backend.now();
        let remember = &self.backend.remember;
        if saved.is_ok()
            && let Some(cookie) = remember.line(&self.session, closed, now)
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
        self.mark(response, closed)
    }

    fn not_refreshed(&self, error: &dyn fmt::Display) {
        tracing::warn!(name: "session.not_refreshed", %error, "a session's life was not extended");
    }

    fn mark(&self, response: &mut Response, closed: &Closed) {
        if closed.flags.looked {
            headers::vary_by_cookie(response.headers_mut());
        }
        if closed.flags.guarded {
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
    let failure = closed.failure.clone();
    failure
        .map(|error| Refusal::from(*error))
        .or_else(|| prefetched.then_some(Refusal::Prefetch))
}

/// What a store is told of, and the response says when it has been.
struct End {
    closed: Closed,
    attributes: Option<CookieAttributes>,
}

/// The response, once a store has the session.
pub(super) type Saving = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What the handler says of the innermost layer's cookie, whether that is sent or not.
fn attributes(response: &mut Response) -> Option<CookieAttributes> {
    response.extensions_mut().remove()
}

// Not a constant, which would be made for each look.
static SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// The same, if there are any.
fn brought(headers: &HeaderMap) -> Option<HeaderMap> {
    let cookies = cookies(headers);
    (!cookies.is_empty()).then_some(cookies)
}

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
            .get(&SEC_PURPOSE)
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
