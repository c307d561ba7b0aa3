//! The layer as an application adds it.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Request};
use tower::Layer;

use crate::session::Session;

use super::administration::StoredSessions;
use super::arriving::Arriving;
use super::attached::Attached;
use super::backend::{Backend, OnRefusal};
use super::config::SessionConfig;
use super::refusal::Refusal;
use super::service::{self, SessionService};
use super::serving::Serving;

/// Gives every request of the routes inside it a session.
///
/// It goes on any axum router or method router, whether its handlers carry our attributes or not. The session is opened
/// when a handler, a guard or a middleware looks at it, and saved once, when the response's head is ready. A route that
/// does not look at the session pays next to nothing and its response says nothing of it.
///
/// Layers with different cookie names can be around one route; a handler's [`Session`](crate::Session) is that of the
/// innermost, and [`Sessions`](crate::Sessions) gives the others. Two layers with one name around a route answer 500 and
/// log what to do.
///
/// ```
/// use axum::{Router, routing::get};
/// use session_runtime::{Session, SessionConfig, SessionLayer, signing::SecretKey};
///
/// async fn visits(session: Session) -> session_runtime::Result<String> {
///     let visits = session.get("visits")?.unwrap_or(0) + 1;
///     session.set("visits", visits)?;
///     Ok(visits.to_string())
/// }
///
/// let config = SessionConfig::new(SecretKey::generate());
/// let app: Router = Router::new().route("/", get(visits)).layer(SessionLayer::new(config));
/// ```
#[derive(Clone)]
pub struct SessionLayer {
    backend: Arc<Backend>,
}

impl SessionLayer {
    /// A layer for sessions as `config` says. Clones of it share everything.
    #[must_use]
    pub fn new(config: SessionConfig) -> Self {
        Self {
            backend: Arc::new(Backend::new(&config)),
        }
    }

    /// Gives the answers that the layer, its extractors and its guards make a body of the application's own.
    ///
    /// The response that `render` returns gives the body and the headers that describe it; the status, and headers such as
    /// `Location`, stay those of the [`Refusal`], so that no route is opened by a page.
    ///
    /// ```
    /// use axum::response::Html;
    /// use session_runtime::{Refusal, SessionConfig, SessionLayer, signing::SecretKey};
    ///
    /// let layer = SessionLayer::new(SessionConfig::new(SecretKey::generate()))
    ///     .on_refusal(|refusal: &Refusal| Html(format!("<h1>{}</h1>", refusal.status())));
    /// ```
    #[must_use]
    pub fn on_refusal<R: IntoResponse>(
        self,
        render: impl Fn(&Refusal) -> R + Send + Sync + 'static,
    ) -> Self {
        let on_refusal: OnRefusal =
            Arc::new(move |refusal: &Refusal| render(refusal).into_response());
        Self {
            backend: Arc::new(self.backend.with_on_refusal(on_refusal)),
        }
    }
}

/// For the floor that knows users.
impl SessionLayer {
    pub(crate) fn with_users_of(self, users: Arc<dyn Any + Send + Sync>) -> Self {
        Self {
            backend: Arc::new(self.backend.with_users(users)),
        }
    }
}

/// For pages and jobs that look at other sessions than a request's own.
impl SessionLayer {
    /// The sessions in the layer's store; `None` where they are in cookies, which nobody can list.
    #[must_use]
    pub fn stored_sessions(&self) -> Option<StoredSessions> {
        self.backend.stored_sessions()
    }
}

/// For [`Routes`](crate::Routes), which put the layer into each handler.
impl SessionLayer {
    /// Whether it knows where users are loaded from.
    pub(crate) fn has_users(&self) -> bool {
        self.backend.has_users()
    }

    /// Whether a session can be held for one request.
    pub(crate) fn can_lock(&self) -> bool {
        self.backend.can_lock()
    }

    /// Whether a request must come here that no handler serves.
    pub(crate) fn refreshes_each_request(&self) -> bool {
        self.backend.refreshes_each_request()
    }

    /// What the service does with a request.
    #[inline]
    pub(crate) fn serve<B, F>(
        &self,
        request: &mut Option<Request<B>>,
        inner: impl FnOnce(&mut Arriving<'_, B>) -> F,
    ) -> Serving<F> {
        service::serve(&self.backend, request, inner)
    }

    /// Goes on with a request that this layer serves.
    pub(crate) fn poll<F, E>(
        &self,
        serving: Pin<&mut Serving<F>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, E>>
    where
        F: Future<Output = Result<Response, E>>,
    {
        serving.poll(&self.backend, cx)
    }
}

/// For tests: a session outside any request.
impl SessionLayer {
    pub(crate) fn cookie_name(&self) -> &str {
        self.backend.cookie_name()
    }

    /// The session that these request headers say.
    pub(crate) async fn load(&self, headers: &HeaderMap) -> Result<Visiting, Refusal> {
        let attached = Attached::to_nothing(&self.backend);
        let session = attached.open(headers, false, false, |_| {}).await?;
        Ok(Visiting { session, attached })
    }

    /// Ends a session as the end of a request would, and returns the `Set-Cookie` that a response would have.
    pub(crate) async fn save(&self, visiting: &Visiting) -> Result<Option<HeaderValue>, Refusal> {
        visiting.attached.save().await
    }
}

/// A session that is open outside any request.
pub(crate) struct Visiting {
    pub(crate) session: Session,
    attached: Attached,
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService::new(inner, self.backend.clone())
    }
}

impl fmt::Debug for SessionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayer")
            .field("cookie", &self.backend.cookie_name())
            .finish_non_exhaustive()
    }
}
