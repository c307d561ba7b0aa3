//! The gate without a router, for a unit test that calls a handler as a function.
//!
//! Nothing is skipped: a guard that wants a request is given one, or the test does not compile.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::Request;
use http::request::Parts;
use tower::Service;

use super::admission::{Admission, Asks};
use super::contract::{Contract, Gated, GuardInfo};
use super::gate::Gate;
use super::info::{Declaration, Info};
use super::login;
use crate::layer::Refusal;
use crate::session::Session;

/// A handler whose guards need no request: it has none, or the login guard alone.
#[diagnostic::on_unimplemented(
    message = "`{C}` has guards that look at the request, and `Gate::for_test` has none to show them",
    label = "call `Gate::for_test_with(&session, request, &state).await` instead"
)]
pub trait AskedWithoutRequest<C> {}

#[diagnostic::do_not_recommend]
impl<C: Contract, Arity> AskedWithoutRequest<C> for (Gated, Arity) {}

impl<C: Contract> Gate<C> {
    /// Passes the gate without a request, to call a handler in a unit test. The login guard is asked and values are read as in
    /// a request. For a handler with guards of the application's own it does not compile: those are shown a request by
    /// [`for_test_with`](Self::for_test_with). The guard of a group around the handler is not asked, as only its routes know it.
    ///
    /// ```
    /// use session_runtime::prelude::*;
    ///
    /// #[post("/visit")]
    /// #[login_required]
    /// async fn visit(#[session(default)] visits: &mut u32) -> String {
    ///     *visits += 1;
    ///     format!("visit {visits}")
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let session = session_runtime::testing::session();
    /// assert!(Gate::<visit>::for_test(&session).is_err(), "nobody is logged in");
    ///
    /// session.set("user_id", 1)?;
    /// assert_eq!(visit(Gate::for_test(&session)?).await, "visit 1");
    /// assert_eq!(session.get("visits")?, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the request would have been refused with. Without a request nobody can be redirected, so a stranger is always
    /// [`Refusal::LoginRequired`].
    pub fn for_test(session: &Session) -> Result<Self, Refusal>
    where
        C::Front: AskedWithoutRequest<C>,
    {
        for guard in C::INFO.guards.iter().filter_map(GuardInfo::as_login) {
            login::admit_without_request(guard, session)?;
        }
        Self::bound(session.clone())
    }

    /// Passes the gate with a request and the router's state, to call a handler in a unit test. Every guard is asked.
    ///
    /// The request is matched against the handler's own routes, without the prefix of a nest, so that guards find the
    /// parameters of its path. No layer is around it: an extractor that a guard runs does not find the session there.
    ///
    /// ```
    /// use axum::extract::{FromRequestParts, Path};
    /// use axum::http::{Request, StatusCode, request::Parts};
    /// use session_runtime::prelude::*;
    /// use session_runtime::{Guard, ReadOnlySession, testing};
    ///
    /// struct IsEven;
    ///
    /// impl<S: Send + Sync> Guard<S> for IsEven {
    ///     type Refusal = StatusCode;
    ///
    ///     async fn check(
    ///         &self,
    ///         _: &ReadOnlySession,
    ///         parts: &mut Parts,
    ///         state: &S,
    ///     ) -> Result<(), StatusCode> {
    ///         match Path::<u32>::from_request_parts(parts, state).await {
    ///             Ok(Path(number)) if number % 2 == 0 => Ok(()),
    ///             _ => Err(StatusCode::FORBIDDEN),
    ///         }
    ///     }
    /// }
    ///
    /// #[get("/numbers/{number}")]
    /// #[guard(IsEven)]
    /// async fn number() -> &'static str {
    ///     "even"
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let session = testing::session();
    /// let four = Request::get("/numbers/4").body(())?;
    /// let gate = Gate::for_test_with(&session, four, &()).await.expect("four is even");
    /// assert_eq!(number(gate).await, "even");
    ///
    /// let five = Request::get("/numbers/5").body(())?;
    /// let refused = Gate::<number>::for_test_with(&session, five, &()).await.unwrap_err();
    /// assert_eq!(refused.status(), 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the request would have been answered.
    pub async fn for_test_with<S: Sync, B>(
        session: &Session,
        request: Request<B>,
        state: &S,
    ) -> Result<Self, Response>
    where
        C::Front: Asks<C, S>,
    {
        let (parts, _) = request.into_parts();
        let mut parts = matched(parts, C::INFO).await;
        let mut admission = Admission::new(C::INFO, session, &mut parts, state);
        <C::Front as Asks<C, S>>::ask(&mut admission).await?;
        Self::bound(session.clone()).map_err(IntoResponse::into_response)
    }
}

/// The request as axum hands it to the handler: only axum can put the parameters of a path in.
async fn matched(parts: Parts, info: &Info) -> Parts {
    let found = Arc::new(Mutex::new(None));
    let mut router = Router::new();
    let mut paths: Vec<_> = info.routes().map(|route| route.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let found = found.clone();
        let keep = async move |request: Request<Body>| {
            let (parts, _) = request.into_parts();
            *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(parts);
        };
        router = router.route(path, any(keep));
    }
    let request = Request::from_parts(parts.clone(), Body::empty());
    let Ok(_) = router.call(request).await;
    let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    found.unwrap_or(parts)
}
