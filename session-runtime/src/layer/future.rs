//! The future of a response with a session: the inner response first, then the commit.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;

use super::attached::Attached;

pin_project! {
    /// The response of a [`SessionService`](crate::SessionService).
    ///
    /// If it is dropped before it is done, as when the client hangs up, nothing is saved.
    pub struct ResponseFuture<F> {
        #[pin]
        stage: Stage<F>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F> {
        Running { #[pin] inner: F, attached: Attached },
        Answered { response: Option<Response> },
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn running(inner: F, attached: Attached) -> Self {
        Self {
            stage: Stage::Running { inner, attached },
        }
    }

    pub(super) fn answered(response: Response) -> Self {
        Self {
            stage: Stage::Answered {
                response: Some(response),
            },
        }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<R, E>>,
    R: IntoResponse,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().stage.project() {
            StageProjection::Running { inner, attached } => match inner.poll(cx)? {
                Poll::Ready(response) => {
                    let mut response = response.into_response();
                    attached.finish(&mut response);
                    Poll::Ready(Ok(response))
                }
                // The gate has found that the handler must not run, and waits for us to say so.
                Poll::Pending => attached
                    .failure()
                    .map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
            },
            StageProjection::Answered { response } => response
                .take()
                .map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
