//! What `.with_sessions` puts around each handler: the sessions, and the table that `url_for!` asks.
//!
//! It stands in the handler and not in a layer around the router, which would cost each request a clone of the service and a
//! box of its own. What it does is what the layer does.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;

use super::lookup::{LendTable, Lent};
use crate::layer::{ResponseFuture, SessionLayer};

/// What is around a handler.
#[derive(Clone, Default)]
pub(super) struct Surroundings {
    pub(super) sessions: Option<SessionLayer>,
    pub(super) table: Option<LendTable>,
}

impl Surroundings {
    /// The same for handlers that are nested under `prefix`.
    pub(super) fn under(&self, prefix: &str) -> Self {
        Self {
            sessions: self.sessions.clone(),
            table: self.table.as_ref().map(|table| table.under(prefix)),
        }
    }

    /// Puts this around a router of elsewhere, whose handlers are not ours.
    pub(super) fn around_router<S: Clone + Send + Sync + 'static>(
        &self,
        mut router: Router<S>,
    ) -> Router<S> {
        if let Some(table) = &self.table {
            router = router.layer(table.clone());
        }
        match &self.sessions {
            Some(sessions) => router.layer(sessions.clone()),
            None => router,
        }
    }

    /// Runs `handler` with this around it.
    pub(super) fn surround<F>(
        &self,
        request: Request,
        handler: impl FnOnce(Request) -> F,
    ) -> Surrounded<F>
    where
        F: Future<Output = Result<Response, Infallible>>,
    {
        let lent = self.table.as_ref().map(|table| table.lend(&request));
        match (&self.sessions, lent) {
            (Some(sessions), Some(lent)) => Surrounded::WithSessions {
                inner: lent.scope(sessions.run(request, handler)),
            },
            (_, Some(lent)) => Surrounded::WithTable {
                inner: lent.scope(handler(request)),
            },
            (_, None) => Surrounded::Alone {
                inner: handler(request),
            },
        }
    }
}

pin_project! {
    /// A handler at work, and what is around it.
    #[project = SurroundedProjection]
    pub(super) enum Surrounded<F> {
        Alone { #[pin] inner: F },
        WithTable { #[pin] inner: TaskLocalFuture<Lent, F> },
        WithSessions { #[pin] inner: TaskLocalFuture<Lent, ResponseFuture<F>> },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Surrounded<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let answer = match self.project() {
            SurroundedProjection::Alone { inner } => inner.poll(cx),
            SurroundedProjection::WithTable { inner } => inner.poll(cx),
            SurroundedProjection::WithSessions { inner } => inner.poll(cx),
        };
        answer.map(|Ok(response)| response)
    }
}
