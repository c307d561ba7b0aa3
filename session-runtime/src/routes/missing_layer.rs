//! What one would ask of [`Routes`] that have no layer yet. Nothing of it can be called: it is there for what the compiler says, which
//! names the layer instead of a trait of axum's.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::Router;
use axum::routing::MethodRouter;
use tower::Service;

use super::routes::Routes;
use crate::layer::SessionLayer;

/// What a layer is that is around these routes. Nothing implements it: it is the bound whose failure says what to do. It is a bound
/// on the layer, since for one on the routes the compiler would say what they are used for, and not this sentence.
#[diagnostic::on_unimplemented(
    message = "these routes have no session layer yet",
    label = "call `.with_sessions(SessionLayer::new(..))` first; it makes a `Router`",
    note = "if the layer is added elsewhere, call `.without_sessions()`"
)]
pub trait IsAround<R> {
    #[doc(hidden)]
    type Router;

    #[doc(hidden)]
    fn router(routes: R) -> Self::Router;
}

/// What one would call on the `Router` that this is not yet.
#[doc(hidden)]
impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub fn with_state<S2>(self, state: S) -> Router<S2>
    where
        SessionLayer: IsAround<Self, Router = Router<S>>,
    {
        SessionLayer::router(self).with_state(state)
    }

    pub fn route(self, path: &str, method_router: MethodRouter<S>) -> Router<S>
    where
        SessionLayer: IsAround<Self, Router = Router<S>>,
    {
        SessionLayer::router(self).route(path, method_router)
    }

    pub fn layer<L>(self, _: L) -> Router<S>
    where
        SessionLayer: IsAround<Self, Router = Router<S>>,
    {
        SessionLayer::router(self)
    }

    pub fn fallback<H>(self, _: H) -> Router<S>
    where
        SessionLayer: IsAround<Self, Router = Router<S>>,
    {
        SessionLayer::router(self)
    }

    pub fn into_make_service(self) -> Router<S>
    where
        SessionLayer: IsAround<Self, Router = Router<S>>,
    {
        SessionLayer::router(self)
    }
}

impl<S> From<Routes<S>> for Router<S>
where
    SessionLayer: IsAround<Routes<S>, Router = Router<S>>,
{
    fn from(routes: Routes<S>) -> Self {
        SessionLayer::router(routes)
    }
}

/// What `axum::serve` asks for. It is there for the bound, which fails with the sentence.
#[doc(hidden)]
impl<S: Clone + Send + Sync + 'static, T> Service<T> for Routes<S>
where
    SessionLayer: IsAround<Self, Router = Router<S>>,
{
    type Response = Router<S>;
    type Error = Infallible;
    type Future = Ready<Result<Router<S>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: T) -> Self::Future {
        ready(Ok(SessionLayer::router(std::mem::take(self))))
    }
}
