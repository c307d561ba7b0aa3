//! A request that is being served: the inner response first, then the commit. The layer is handed in each time it is asked,
//! since whoever serves the request has it, and to share it would cost each request.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;

use super::backend::Backend;
use super::ending::{Saving, finish};
use super::passage::Passage;

pin_project! {
    #[project = ServingProjection]
    pub(crate) enum Serving<F> {
        /// Without a passage where nobody was shown the request, so that no session was made.
        Running { #[pin] inner: F, passage: Option<Passage> },
        Saving { saving: Saving },
    }
}

impl<F> Serving<F> {
    pub(super) fn running(inner: F, passage: Option<Passage>) -> Self {
        Self::Running { inner, passage }
    }

    pub(super) fn answered(response: Response) -> Self {
        // Boxed as well, since each request's future has room for what it may become.
        let saving = Box::pin(ready(response));
        Self::Saving { saving }
    }
}

impl<F, R, E> Serving<F>
where
    F: Future<Output = Result<R, E>>,
    R: IntoResponse,
{
    pub(super) fn poll(
        mut self: Pin<&mut Self>,
        backend: &Arc<Backend>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, E>> {
        loop {
            let saving = match self.as_mut().project() {
                ServingProjection::Running { inner, passage } => {
                    let mut response = match inner.poll(cx)? {
                        Poll::Ready(response) => response.into_response(),
                        // The gate has found that the handler must not run, and waits for us to say so.
                        Poll::Pending
                            if passage
                                .as_ref()
                                .is_some_and(|passage| passage.has_failed(cx.waker())) =>
                        {
                            Response::default()
                        }
                        Poll::Pending => return Poll::Pending,
                    };
                    match finish(passage.as_mut(), backend, &mut response) {
                        Some(saving) => saving,
                        None => return Poll::Ready(Ok(response)),
                    }
                }
                ServingProjection::Saving { saving } => return saving.as_mut().poll(cx).map(Ok),
            };
            // The handler is dropped here, if it has not ended.
            self.set(Self::Saving { saving });
        }
    }
}
