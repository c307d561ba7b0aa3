//! A request's end: its session is closed and saved, and the response says what became of it. What is said, and in which
//! order, stands here; how a header is written does not.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue};

use crate::session::{Closed, Delta, SessionError, Snapshot};
use crate::store::{Telling, Visit};

use super::backend::{Backend, Decided};
use super::cookie::SetCookie;
use super::cookie_attributes::CookieAttributes;
use super::headers;
use super::passage::Passage;
use super::refusal::Refusal;

/// Ends a request, and lets the response say what became of the session, if one was made. What must wait for a store is
/// returned, and has the response.
pub(super) fn finish(
    passage: Option<&mut Passage>,
    backend: &Arc<Backend>,
    response: &mut Response,
) -> Option<Saving> {
    match passage {
        Some(passage) => match &passage.visit {
            Some(visit) => End::new(passage, backend).finish_on_server(visit, response),
            None => {
                finish_at_once(passage, backend, response);
                None
            }
        },
        None => {
            response.extensions_mut().remove::<CookieAttributes>();
            backend.answer(response, || "the handler".to_owned());
            None
        }
    }
}

/// Saves a session that is in no request, and returns the `Set-Cookie` that a response would have.
pub(super) async fn save(
    passage: &Passage,
    backend: &Arc<Backend>,
) -> Result<Option<HeaderValue>, Refusal> {
    let mut closed = Closed::default();
    let Some(visit) = &passage.visit else {
        let mut set_cookie = None;
        let save = |closed: &Closed, snapshot: &Snapshot, delta: &mut Delta| {
            backend.commit(snapshot, delta, closed.flags.renewed, None, &mut set_cookie)
        };
        let saved = passage.session.close(&mut closed, save);
        return saved.unwrap_or(Ok(())).map(|()| set_cookie);
    };
    let Some(()) = passage.session.close(&mut closed, |_, _, _| ()) else {
        return Ok(None);
    };
    let decided = backend.decide_on_server(visit, &passage.session, closed.flags.renewed, None)?;
    match decided {
        Decided::Done(line) => Ok(line),
        Decided::Tell(telling, changed) => {
            backend.tell_server(visit, telling, changed.as_ref()).await
        }
    }
}

/// Ends a request where no store has the session.
fn finish_at_once(passage: &mut Passage, backend: &Arc<Backend>, response: &mut Response) {
    if let Some(cookies) = &passage.cookies
        && backend.refreshes_each_request()
    {
        let load = |snapshot: &mut Snapshot| backend.open(cookies, snapshot);
        passage.session.open(load, |_| {});
    }
    let attributes = attributes(response);
    let saves_nothing = passage.saves_nothing();
    // Saved where it is closed, so that it is locked once, or not at all.
    let (mut closed, mut set_cookie) = (Closed::default(), None);
    let save = |closed: &Closed, snapshot: &Snapshot, delta: &mut Delta| {
        if saves_nothing || closed.is_given_up() {
            return Ok(());
        }
        let (renewed, attributes) = (closed.flags.renewed, attributes.as_ref());
        backend.commit(snapshot, delta, renewed, attributes, &mut set_cookie)
    };
    let saved = passage.session.close_alone(&mut closed, save);
    let end = End::new(passage, backend);
    match saved {
        None => end.answer(response),
        Some(_) if end.is_given_up(&closed) => end.give_up(response, &closed),
        Some(saved) => end.say(response, &mut closed, saved, set_cookie),
    }
}

/// A request that ends.
#[derive(Clone, Copy)]
struct End<'e> {
    passage: &'e Passage,
    backend: &'e Arc<Backend>,
}

impl<'e> End<'e> {
    fn new(passage: &'e Passage, backend: &'e Arc<Backend>) -> Self {
        Self { passage, backend }
    }

    /// For what waits.
    fn kept(self) -> (Passage, Arc<Backend>) {
        (self.passage.clone(), self.backend.clone())
    }

    /// Ends the request where a store has the session. What must wait for it is returned, and has the response; a request that
    /// has nothing to tell it does not wait.
    fn finish_on_server(self, visit: &Arc<Visit>, response: &mut Response) -> Option<Saving> {
        if let Some(cookies) = self.cookies_to_open() {
            let (passage, backend) = self.kept();
            let visit = visit.clone();
            let mut response = std::mem::take(response);
            return Some(Box::pin(async move {
                let end = End::new(&passage, &backend);
                match passage.open(&backend, &cookies, false, |_| {}).await {
                    Ok(_) => visit.note_opened_last(),
                    Err(error) => not_refreshed(&error),
                }
                let telling = end.settle(&visit, &mut response);
                end.tell(&visit, telling, &mut response).await;
                response
            }));
        }
        let telling = self.settle(visit, response);
        if telling.is_none() && !visit.has_lease() {
            return None;
        }
        let (passage, backend) = self.kept();
        let visit = visit.clone();
        let mut response = std::mem::take(response);
        Some(Box::pin(async move {
            let end = End::new(&passage, &backend);
            end.tell(&visit, telling, &mut response).await;
            response
        }))
    }

    /// The cookies of a session that nobody has looked at, and that is sent with each response all the same.
    fn cookies_to_open(self) -> Option<Arc<HeaderMap>> {
        let is_wanted = self.backend.refreshes_each_request() && !self.passage.session.is_opened();
        is_wanted.then(|| self.passage.cookies.clone()).flatten()
    }

    /// Closes the session, and decides what the store is to be told of it. If that is nothing the response is done. Boxed,
    /// since it waits together with the response.
    fn settle(self, visit: &Visit, response: &mut Response) -> Option<Box<(Ended, Telling)>> {
        let attributes = attributes(response);
        let mut closed = Closed::default();
        let Some(()) = self.passage.session.close(&mut closed, |_, _, _| ()) else {
            self.answer(response);
            return None;
        };
        if self.is_given_up(&closed) {
            self.give_up(response, &closed);
            return None;
        }
        let (mut saved, mut set_cookie) = (Ok(()), None);
        if closed.is_modified || self.is_moved() || visit.is_to_end() {
            let decided = self.backend.decide_on_server(
                visit,
                &self.passage.session,
                closed.flags.renewed,
                attributes.as_ref(),
            );
            match decided {
                Ok(Decided::Tell(telling, changed)) => {
                    return Some(Box::new((Ended { closed, changed }, telling)));
                }
                Ok(Decided::Done(line)) => set_cookie = line,
                Err(refusal) => saved = Err(refusal),
            }
        }
        self.say(response, &mut closed, saved, set_cookie);
        None
    }

    /// Tells the store what there is to be told, and gives the lease back if the request has one.
    async fn tell(
        self,
        visit: &Visit,
        telling: Option<Box<(Ended, Telling)>>,
        response: &mut Response,
    ) {
        if let Some(telling) = telling {
            let (mut ended, telling) = *telling;
            let changed = ended.changed.as_ref();
            // Boxed apart from what waits with it: together they would be more than the allocator is quick with.
            let told = Box::pin(self.backend.tell_server(visit, telling, changed)).await;
            let (saved, set_cookie) = match told {
                Ok(set_cookie) => (Ok(()), set_cookie),
                Err(refusal) => (Err(refusal), None),
            };
            self.say(response, &mut ended.closed, saved, set_cookie);
        }
        visit.release().await;
    }

    fn is_moved(self) -> bool {
        self.passage
            .session
            .inspect(|snapshot, _| snapshot.is_moved())
    }

    /// Whether the request's changes do not count.
    fn is_given_up(self, closed: &Closed) -> bool {
        self.passage.saves_nothing() || closed.is_given_up()
    }

    /// Lets the response say what it must where the request's changes do not count.
    fn give_up(self, response: &mut Response, closed: &Closed) {
        if let Some(refusal) = refusal(closed) {
            refuse(response, refusal);
        } else if closed.flags.abandoned {
            let handler = self.passage.session.handler();
            tracing::warn!(name: "session.abandoned", handler, "a panic gave the session's changes up; nothing is saved");
        }
        self.mark(response, closed);
    }

    /// Lets the response say what became of the session.
    fn say(
        self,
        response: &mut Response,
        closed: &mut Closed,
        saved: Result<(), Refusal>,
        set_cookie: Option<HeaderValue>,
    ) {
        let now = || self.backend.now();
        let remember = &self.backend.remember;
        if saved.is_ok()
            && let Some(cookie) = remember.line(&self.passage.session, closed, now)
        {
            headers::set_cookie(response.headers_mut(), cookie);
            closed.flags.looked = true;
        }
        match saved {
            Ok(()) => {
                if let Some(cookie) = set_cookie {
                    self.say_cookie(response, closed, cookie);
                }
            }
            // Another request has ended or restored the login: what this one answers is as true as before.
            Err(Refusal::Session(SessionError::Superseded)) if closed.is_changed_unasked => {}
            // Nothing is lost but the extension of the session's life.
            Err(error) if !closed.is_modified && !matches!(error, Refusal::Cookie(_)) => {
                not_refreshed(&error);
            }
            Err(refusal) => refuse(response, refusal),
        }
        self.mark(response, closed)
    }

    /// Lets the response set the session's cookie, and expire what the visitor has of earlier settings.
    fn say_cookie(self, response: &mut Response, closed: &mut Closed, cookie: HeaderValue) {
        let headers = response.headers_mut();
        // Before the session's own: a browser that takes both for one cookie keeps what it is told last.
        if let Some(cookies) = &self.passage.cookies {
            for expired in self.backend.expired(cookies, self.backend.now()) {
                headers::set_cookie(headers, expired);
            }
        }
        headers::set_cookie(headers, cookie);
        if closed.is_login_changed {
            headers::forget_pages_fetched_ahead(headers);
        }
        closed.flags.looked = true;
    }

    fn mark(self, response: &mut Response, closed: &Closed) {
        if closed.flags.looked {
            headers::vary_by_cookie(response.headers_mut());
        }
        if closed.flags.guarded {
            headers::not_stored(response.headers_mut());
        }
        self.answer(response)
    }

    fn answer(self, response: &mut Response) {
        self.backend
            .answer(response, || self.passage.session.handler());
    }
}

fn not_refreshed(error: &dyn fmt::Display) {
    tracing::warn!(name: "session.not_refreshed", %error, "a session's life was not extended");
}

/// Answers this instead. What a layer further in has said of its cookies is said all the same: its session is saved, perhaps with
/// a new secret, which the visitor would else never have.
fn refuse(response: &mut Response, refusal: Refusal) {
    let answered = std::mem::replace(response, refusal.into_response());
    headers::keep_session_cookies(answered.headers(), response.headers_mut());
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
struct Ended {
    closed: Closed,
    /// The cookie, if the request has changed it.
    changed: Option<SetCookie>,
}

/// The response, once a store has the session.
pub(super) type Saving = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What the handler says of the innermost layer's cookie, whether that is sent or not.
fn attributes(response: &mut Response) -> Option<CookieAttributes> {
    response.extensions_mut().remove()
}
