//! The session as an extractor, in handlers and in middleware.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

use axum::extract::{FromRequestParts, MatchedPath};
use http::HeaderMap;
use http::request::Parts;

use crate::session::{HandlerName, Notes, ReadOnlySession, Session};

use super::attached::Attached;
use super::passage::{cookies, is_fetched_ahead};
use super::refusal::Refusal;

/// Opens the session of the innermost layer. Without a layer the answer is 500, and the log says what to add.
impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let is_fetched_ahead = is_fetched_ahead(&parts.method, &parts.headers);
        let note = |notes: &mut Notes<'_>| notes.handler(|| HandlerName::Text(route(parts)));
        let attached = Attached::find(parts, || route(parts))?;
        let opened = attached.open(&parts.headers, is_fetched_ahead, false, note);
        Ok(opened.await?)
    }
}

/// Opens the session of the innermost layer, to be looked at. Without a layer the answer is 500, and the log says what to
/// add.
impl<S: Sync> FromRequestParts<S> for ReadOnlySession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let session = Session::from_request_parts(parts, state).await?;
        Ok(Self::of(&session))
    }
}

/// The sessions of all layers around a route, by the names of their cookies.
///
/// ```
/// use session_runtime::{Refusal, Sessions};
///
/// async fn both(sessions: Sessions) -> Result<String, Refusal> {
///     let admin = sessions.named("admin").await?;
///     let visitor = sessions.named("session").await?;
///     Ok(format!("{} {}", admin.is_empty(), visitor.is_empty()))
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(both));
/// ```
pub struct Sessions {
    innermost: Option<Attached>,
    cookies: HeaderMap,
    is_fetched_ahead: bool,
    route: Cow<'static, str>,
}

impl Sessions {
    /// Opens the session of the layer with this cookie name.
    ///
    /// # Errors
    ///
    /// [`Refusal::MissingLayer`] if no layer around the route has this cookie name.
    pub async fn named(&self, cookie: &str) -> Result<Session, Refusal> {
        let attached = self
            .innermost
            .as_ref()
            .and_then(|innermost| innermost.named(cookie));
        let attached = attached.ok_or_else(|| {
            Attached::missing(format!("{} (cookie `{cookie}`)", self.route).into())
        })?;
        let opened = attached.open(&self.cookies, self.is_fetched_ahead, false, |_| {});
        Ok(opened.await?)
    }
}

impl fmt::Debug for Sessions {
    /// Shows no cookie: each is as good as a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("innermost", &self.innermost)
            .finish_non_exhaustive()
    }
}

impl<S: Sync> FromRequestParts<S> for Sessions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let innermost = parts.extensions.get().cloned();
        Ok(Self {
            innermost,
            cookies: cookies(&parts.headers),
            is_fetched_ahead: is_fetched_ahead(&parts.method, &parts.headers),
            route: route(parts),
        })
    }
}

/// What a handler that has no name of ours is called.
pub(super) fn route(parts: &Parts) -> Cow<'static, str> {
    let path = parts
        .extensions
        .get::<MatchedPath>()
        .map_or(parts.uri.path(), MatchedPath::as_str);
    [parts.method.as_str(), " ", path].concat().into()
}
