//! A request's passage through the layer: the session that it is given, and what else is needed until it ends. How it ends it
//! does not know.

use std::sync::Arc;
use std::task::Waker;

use http::header::COOKIE;
use http::{HeaderMap, HeaderName, Method, Request};

use crate::session::{Brought, Notes, Session, SessionError, Snapshot};
use crate::store::Visit;

use super::backend::Backend;
use super::browser;

/// One request's session, not opened yet or opened, and where it comes from. The layer itself is handed in to whatever asks
/// for it: whoever has the passage of a request has the layer too, and to share that would cost each request.
#[derive(Clone)]
pub(super) struct Passage {
    pub(super) session: Session,
    /// What is asked of a store, where one has the session.
    pub(super) visit: Option<Arc<Visit>>,
    outcome: Outcome,
    /// The request's cookies, where they are needed when it ends.
    pub(super) cookies: Option<Arc<HeaderMap>>,
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

impl Passage {
    /// That of a session that is in no request.
    pub(super) fn of_nobody(backend: &Backend) -> Self {
        let visit = backend.visit(|| true);
        Self {
            session: backend.session(visit.as_ref(), false),
            visit,
            outcome: Outcome::Saved,
            cookies: None,
        }
    }

    /// That of a request, in its place.
    pub(super) fn begin<'p, B>(
        place: &'p mut Option<Self>,
        request: &Request<B>,
        backend: &Backend,
    ) -> &'p mut Self {
        let passage = place.get_or_insert_with(|| Self::of(request, backend));
        if backend.tells_browsers_apart {
            let identifier = browser::identifier(request);
            passage.session.note_identifier(&identifier);
        }
        passage
    }

    #[inline]
    fn of<B>(request: &Request<B>, backend: &Backend) -> Self {
        let mut saves_nothing = request.method() == Method::HEAD;
        let fetched_ahead = || is_fetched_ahead(request.method(), request.headers());
        let visit = backend.visit(|| !saves_nothing && !fetched_ahead());
        let session = backend.session(visit.as_ref(), saves_nothing);
        let mut cookies = None;
        if backend.needs_cookies_at_the_end() {
            saves_nothing |= fetched_ahead();
            cookies = brought(request.headers()).map(Arc::new);
        }
        let outcome = if saves_nothing {
            Outcome::Nothing
        } else {
            Outcome::Saved
        };
        Self {
            session,
            visit,
            outcome,
            cookies,
        }
    }

    /// Whether nothing that the request does is saved.
    pub(super) fn saves_nothing(&self) -> bool {
        self.outcome == Outcome::Nothing
    }

    /// Whether the session has failed while the handler was running, which then must not go on. `waiting` is woken if it does
    /// later.
    pub(super) fn has_failed(&self, waiting: &Waker) -> bool {
        self.session.has_failed(waiting)
    }

    /// Opens the session, if nobody has yet. With `leases` it is held for this request until it ends, where a store has it.
    /// `note` says for what it is opened.
    ///
    /// # Errors
    ///
    /// The store does not give it.
    pub(super) async fn open(
        &self,
        backend: &Backend,
        headers: &HeaderMap,
        leases: bool,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Result<Session, SessionError> {
        match &self.visit {
            None => {
                let load = |snapshot: &mut Snapshot| backend.open(headers, snapshot);
                Ok(self.session.open(load, note))
            }
            Some(visit) => {
                let brought =
                    Box::pin(self.open_on_server(backend, visit, headers, leases)).await?;
                let load = |snapshot: &mut Snapshot| {
                    *snapshot = brought.snapshot;
                    brought.remember_tokens
                };
                Ok(self.session.open(load, note))
            }
        }
    }

    /// Opens a session that is in the cookie, and that nobody else has, for whom changes it by what he has declared or not at all.
    pub(super) fn open_alone<B>(
        &mut self,
        request: &Request<B>,
        backend: &Backend,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Session {
        let (method, headers) = (request.method(), request.headers());
        let mut saves_unchanged = false;
        let load = |snapshot: &mut Snapshot| {
            let remember_tokens = backend.open(headers, snapshot);
            saves_unchanged = backend.saves_unchanged(snapshot);
            remember_tokens
        };
        let session = self.session.open_alone(load, note);
        // Hardly ever, and to look for a header takes as long as a few locks.
        if saves_unchanged && is_fetched_ahead(method, headers) {
            self.outcome = Outcome::Nothing;
        }
        session
    }

    /// What there is to open; nothing where it has been opened.
    async fn open_on_server(
        &self,
        backend: &Backend,
        visit: &Visit,
        headers: &HeaderMap,
        leases: bool,
    ) -> Result<Brought, SessionError> {
        let leases = leases && !self.saves_nothing();
        if !self.session.is_opened() {
            return backend.open_on_server(visit, headers, leases).await;
        }
        // Somebody has opened it to look, a middleware perhaps, and now it is to be updated.
        if leases && visit.lacks_lease() {
            let brought = backend.open_on_server(visit, headers, true).await?;
            self.session.reopen(brought.snapshot);
        }
        Ok(Brought::default())
    }
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
