//! The service that the layer makes: it attaches a session to each request.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use http::Request;
use tower::Service;

use super::arriving::Arriving;
use super::attached::Attached;
use super::backend::Backend;
use super::future::{Answered, ResponseFuture};
use super::serving::Serving;

/// A service with sessions; made by [`SessionLayer`](crate::SessionLayer).
#[derive(Clone)]
pub struct SessionService<S> {
    inner: S,
    backend: Arc<Backend>,
}

impl<S> SessionService<S> {
    pub(super) fn new(inner: S, backend: Arc<Backend>) -> Self {
        Self { inner, backend }
    }
}

impl<S, B> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>>,
    S::Response: IntoResponse,
{
    type Response = Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let serving = serve(&self.backend, &mut Some(request), |arriving| {
            Answered::by(self.inner.call(arriving.take_request()))
        });
        ResponseFuture::new(self.backend.clone(), serving)
    }
}

/// Gives the request a session, and ends it with the response. The request is there.
#[inline]
pub(super) fn serve<B, F>(
    backend: &Arc<Backend>,
    request: &mut Option<Request<B>>,
    inner: impl FnOnce(&mut Arriving<'_, B>) -> F,
) -> Serving<F> {
    let outer = request
        .as_ref()
        .map(|request| Attached::outer(request, backend));
    match outer.unwrap_or(Ok(None)) {
        Ok(outer) => {
            let mut passage = None;
            let inner = inner(&mut Arriving::through(
                backend,
                request,
                outer,
                &mut passage,
            ));
            Serving::running(inner, passage)
        }
        Err(refusal) => {
            tracing::error!(name: "session.nested_twice", "{refusal}");
            Serving::answered(refusal.into_response())
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for SessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
