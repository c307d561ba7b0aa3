//! The future of a response with a session: the inner response first, then the commit.

use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;

use super::attached::Saving;
use super::ending::Ending;

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
        Running { #[pin] inner: F, ending: Ending },
        Saving { saving: Saving },
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn running(inner: F, ending: Ending) -> Self {
        Self {
            stage: Stage::Running { inner, ending },
        }
    }

    pub(super) fn answered(response: Response) -> Self {
        // Boxed as well, since each request's future has room for what it may become.
        let saving = Box::pin(ready(response));
        Self {
            stage: Stage::Saving { saving },
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
        let mut stage = self.project().stage;
        loop {
            let saving = match stage.as_mut().project() {
                StageProjection::Running { inner, ending } => {
                    let mut response = match inner.poll(cx)? {
                        Poll::Ready(response) => response.into_response(),
                        // The gate has found that the handler must not run, and waits for us to say so.
                        Poll::Pending if ending.has_failed() => Response::default(),
                        Poll::Pending => return Poll::Pending,
                    };
                    match ending.finish(&mut response) {
                        Some(saving) => saving,
                        None => return Poll::Ready(Ok(response)),
                    }
                }
                StageProjection::Saving { saving } => return saving.as_mut().poll(cx).map(Ok),
            };
            // The handler is dropped here, if it has not ended.
            stage.set(Stage::Saving { saving });
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
