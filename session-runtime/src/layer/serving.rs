//! A request that is being served: the inner response first, then the commit. The layer is handed in each time it is asked,
//! since whoever serves the request has it, and to share it would cost each request.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::Response;
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

impl<F, E> Serving<F>
where
    F: Future<Output = Result<Response, E>>,
{
    pub(super) fn poll(
        mut self: Pin<&mut Self>,
        backend: &Arc<Backend>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, E>> {
        loop {
            let (inner, passage) = match self.as_mut().project() {
                ServingProjection::Running { inner, passage } => (inner, passage),
                ServingProjection::Saving { saving } => return saving.as_mut().poll(cx).map(Ok),
            };
            // The response is ended where it is: it is large, and each move of it has to wait for the one before.
            let mut polled = inner.poll(cx);
            let has_failed = |passage: &Passage| passage.has_failed(cx.waker());
            if polled.is_pending() && passage.as_ref().is_some_and(has_failed) {
                // The gate has found that the handler must not run, and waits for us to say so.
                polled = Poll::Ready(Ok(Response::default()));
            }
            let saving = match &mut polled {
                Poll::Ready(Ok(response)) => finish(passage.as_mut(), backend, response),
                _ => None,
            };
            match saving {
                // The handler is dropped here, if it has not ended.
                Some(saving) => self.set(Self::Saving { saving }),
                None => return polled,
            }
        }
    }
}
