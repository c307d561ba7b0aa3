//! The future of a response with a session, where the layer is around a service.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;

use super::backend::Backend;
use super::serving::Serving;

pin_project! {
    /// The inner service's answer, made a response.
    pub(super) struct Answered<F> {
        #[pin]
        answer: F,
    }
}

impl<F> Answered<F> {
    pub(super) fn by(answer: F) -> Self {
        Self { answer }
    }
}

impl<F, R, E> Future for Answered<F>
where
    F: Future<Output = Result<R, E>>,
    R: IntoResponse,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = self.project().answer.poll(cx)?;
        answer.map(IntoResponse::into_response).map(Ok)
    }
}

pin_project! {
    /// The response of a [`SessionService`](crate::SessionService).
    ///
    /// If it is dropped before it is done, as when the client hangs up, nothing is saved.
    pub struct ResponseFuture<F> {
        backend: Arc<Backend>,
        #[pin]
        serving: Serving<Answered<F>>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(backend: Arc<Backend>, serving: Serving<Answered<F>>) -> Self {
        Self { backend, serving }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<R, E>>,
    R: IntoResponse,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.serving.poll(this.backend, cx)
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
