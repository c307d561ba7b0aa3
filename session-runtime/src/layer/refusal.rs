//! Every answer that this library gives instead of the application: what happened, which status it has, and the body that
//! stands in for the application's own.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::session::{OneLine, SessionError};
use crate::store::{CommitError, StoreError};

use super::config::ConfigError;

/// An answer that the layer, an extractor or a guard gives instead of the handler.
///
/// The body is a short sentence for the visitor, unless the application sets another with
/// [`SessionLayer::on_refusal`](crate::SessionLayer::on_refusal); the sentence that `Display` gives is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A handler needs the session, and no layer is around it: 500.
    #[error(
        "`{handler}` needs the session, but no `SessionLayer` is around it; end its `routes![]` with `.with_sessions(SessionLayer::new(config))`, or add `.layer(SessionLayer::new(config))` to the router after the route",
        handler = OneLine(.handler)
    )]
    MissingLayer {
        /// The handler's name, or its route.
        handler: Cow<'static, str>,
    },
    /// Two layers of one cookie name are around one route: 500.
    #[error(
        "two `SessionLayer`s around this route both use the cookie `{cookie}`; remove one (`routes![]` inside a router that has a layer ends with `.without_sessions()`), or give one of them another name"
    )]
    NestedTwice {
        /// The cookie's name.
        cookie: String,
    },
    /// Nobody is logged in, and the client is no browser that shows a page: 401.
    #[error("nobody is logged in")]
    LoginRequired,
    /// Nobody is logged in, or not freshly enough: a browser's page view is sent to the login page, 303.
    #[error("a login is needed; the browser is sent to {to}")]
    LoginRedirect {
        /// The path and query of the login page.
        to: String,
    },
    /// Nobody is logged in, or not freshly enough: htmx is told to show the login page, 401 with `HX-Redirect`.
    #[error("a login is needed; htmx is sent to {to}")]
    HtmxRedirect {
        /// The path and query of the login page.
        to: String,
    },
    /// Somebody is logged in, but gave the password too long ago, or in an earlier session, and the client is no browser that
    /// shows a page: 401.
    #[error("the login is not fresh enough; the password has to be given again")]
    NotFresh,
    /// Somebody is logged in who may not do this: 403.
    #[error(
        "the user who is logged in has not the {needs} that `{handler}` asks for",
        handler = OneLine(.handler)
    )]
    Forbidden {
        /// What is missing, as the route table says it: `role admin`.
        needs: String,
        /// The handler's name, or its route.
        handler: String,
    },
    /// A handler asks for the user, and the layer does not know where users are loaded from, or they are of another type: 500.
    #[error(
        "`{handler}` asks for {wanted}, {had}; give the layer a loader of such users: `SessionLayer::new(config).with_users(loader)`",
        handler = OneLine(.handler)
    )]
    NoUsers {
        /// The handler's name, or its route.
        handler: String,
        /// What it asks for.
        wanted: String,
        /// What there is instead.
        had: String,
    },
    /// The user could not be loaded: 503. It says nothing of whether there is one.
    #[error("the user could not be loaded: {reason}")]
    UserUnavailable {
        /// What the loader said.
        reason: String,
    },
    /// A page that is fetched ahead of time would change the session: 503, so that the browser asks again on the click.
    #[error(
        "a page that was fetched ahead of time would have changed the session; the browser asks again when it is visited"
    )]
    Prefetch,
    /// The session would be too large for a cookie: 500, and nothing is saved.
    #[error("the session was not saved: {0}; keep less in it")]
    TooLarge(String),
    /// A response asks for attributes of the cookie that a browser would refuse
    /// ([`CookieAttributes`](crate::CookieAttributes)): 500, and nothing is saved.
    #[error("the session was not saved: {0}")]
    Cookie(#[from] ConfigError),
    /// The session does not have what the handler needs, cannot be had, or was changed as it must not be.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Refusal {
    /// The answer's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MissingLayer { .. }
            | Self::NestedTwice { .. }
            | Self::TooLarge(_)
            | Self::NoUsers { .. }
            | Self::Cookie(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::LoginRequired | Self::NotFresh | Self::HtmxRedirect { .. } => {
                StatusCode::UNAUTHORIZED
            }
            Self::LoginRedirect { .. } => StatusCode::SEE_OTHER,
            Self::Prefetch | Self::UserUnavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Session(error) => match error {
                SessionError::Missing { .. } => StatusCode::BAD_REQUEST,
                SessionError::Conflict { .. }
                | SessionError::Superseded
                | SessionError::LeaseLost => StatusCode::CONFLICT,
                SessionError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// What the visitor reads. It tells nothing of the application's insides.
    fn body(&self) -> &'static str {
        match self {
            Self::LoginRequired | Self::LoginRedirect { .. } | Self::HtmxRedirect { .. } => {
                "Please log in."
            }
            Self::NotFresh => "Please give your password again.",
            Self::Forbidden { .. } => "You may not do this.",
            Self::UserUnavailable { .. } => {
                "Your account cannot be had at present; please try again."
            }
            Self::Prefetch => "This page is not fetched ahead of time.",
            Self::Session(SessionError::Missing { .. }) => {
                "Your session lacks what this page needs."
            }
            Self::Session(
                SessionError::Conflict { .. } | SessionError::Superseded | SessionError::LeaseLost,
            ) => "Your session was changed meanwhile; please try again.",
            Self::Session(SessionError::Unavailable { .. }) => {
                "Your session cannot be had at present; please try again."
            }
            Self::MissingLayer { .. }
            | Self::NestedTwice { .. }
            | Self::TooLarge(_)
            | Self::NoUsers { .. }
            | Self::Cookie(_)
            | Self::Session(_) => "Something went wrong on our side.",
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::LoginRedirect { to } => Some((LOCATION, HeaderValue::from_str(to).ok()?)),
            Self::HtmxRedirect { to } => Some((
                HeaderName::from_static("hx-redirect"),
                HeaderValue::from_str(to).ok()?,
            )),
            Self::Prefetch => Some((CACHE_CONTROL, HeaderValue::from_static("no-store"))),
            Self::Session(SessionError::Unavailable { .. }) | Self::UserUnavailable { .. } => {
                Some((RETRY_AFTER, HeaderValue::from_static("2")))
            }
            _ => None,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::TooLarge { .. } => Self::TooLarge(error.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    /// The refusal travels in the response's extensions, so that the layer can log it and give it the application's body.
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.body()).into_response();
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        Refusal::from(self).into_response()
    }
}
