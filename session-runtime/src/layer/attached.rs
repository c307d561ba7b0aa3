//! A request's session as the layer attaches it to the request, for whoever looks for it there.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request};

use crate::session::{Notes, Session, SessionError};

use super::backend::Backend;
use super::ending;
use super::passage::Passage;
use super::refusal::Refusal;

/// The request's extension: its passage through the layer, and the layer.
#[derive(Clone)]
pub(crate) struct Attached {
    passage: Passage,
    backend: Arc<Backend>,
    /// What a layer further out has attached.
    outer: Option<Arc<Attached>>,
}

impl Attached {
    pub(super) fn new(passage: Passage, backend: &Arc<Backend>, outer: Option<Arc<Self>>) -> Self {
        Self {
            passage,
            backend: backend.clone(),
            outer,
        }
    }

    /// A session that is in no request.
    pub(super) fn to_nothing(backend: &Arc<Backend>) -> Self {
        Self::new(Passage::of_nobody(backend), backend, None)
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
    /// `note` says for what it is opened; that a browser fetches ahead of time is noted for whoever opens it.
    ///
    /// # Errors
    ///
    /// The store does not give it.
    pub(crate) async fn open(
        &self,
        headers: &HeaderMap,
        is_fetched_ahead: bool,
        leases: bool,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Result<Session, SessionError> {
        let note = |notes: &mut Notes<'_>| {
            note(notes);
            if is_fetched_ahead {
                notes.fetched_ahead();
            }
        };
        self.passage
            .open(&self.backend, headers, leases, note)
            .await
    }

    pub(super) fn has_store(&self) -> bool {
        self.passage.visit.is_some()
    }

    pub(super) fn now(&self) -> u64 {
        self.backend.now()
    }

    /// Whether the session lives on in its store; `None` if it is in none.
    pub(super) async fn is_alive_on_server(&self) -> Result<Option<bool>, SessionError> {
        match &self.passage.visit {
            Some(visit) => visit.is_alive().await,
            None => Ok(None),
        }
    }

    /// Whether a cookie that holds the session would still be read, if it was set at `changed_at` where this request has
    /// changed the session.
    pub(super) fn is_alive_in_cookie(&self, changed_at: u64) -> bool {
        self.backend
            .is_alive_in_cookie(&self.passage.session, changed_at)
    }

    /// Sets one value in the store; says whether there is one with the session in it.
    pub(super) async fn set_on_server(
        &self,
        name: &str,
        value: &str,
    ) -> Result<bool, SessionError> {
        match &self.passage.visit {
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

    /// Saves a session that is in no request, and returns the `Set-Cookie` that a response would have.
    pub(super) async fn save(&self) -> Result<Option<HeaderValue>, Refusal> {
        ending::save(&self.passage, &self.backend).await
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("cookie", &self.backend.cookie_name())
            .finish_non_exhaustive()
    }
}
