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
use tower::layer::util::Stack;

use super::lending::{Borrower, LendTable};
use crate::layer::{Arriving, Serving, SessionLayer};

/// What is around a handler.
#[derive(Clone)]
pub(super) enum Surroundings {
    /// Nothing: a layer around the whole router does it all.
    Nothing,
    Table(LendTable),
    Sessions(SessionLayer, LendTable),
}

impl Surroundings {
    /// The same for handlers that are nested under `prefix`.
    pub(super) fn under(&self, prefix: &str) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Table(table) => Self::Table(table.under(prefix)),
            Self::Sessions(sessions, table) => {
                Self::Sessions(sessions.clone(), table.under(prefix))
            }
        }
    }

    /// Puts this around a whole router.
    pub(super) fn around_router<S: Clone + Send + Sync + 'static>(
        &self,
        router: Router<S>,
    ) -> Router<S> {
        match self {
            Self::Nothing => router,
            Self::Table(table) => router.layer(table.clone()),
            // One layer made of two: axum boxes the service once for each.
            Self::Sessions(sessions, table) => {
                router.layer(Stack::new(sessions.clone(), table.clone()))
            }
        }
    }

    /// Runs `handler` with this around it.
    pub(super) fn surround<F>(
        &self,
        request: Request,
        handler: impl FnOnce(&mut Arriving<'_>) -> F,
    ) -> Surrounded<F>
    where
        F: Future<Output = Result<Response, Infallible>>,
    {
        match self {
            Self::Nothing => Surrounded::Alone {
                inner: handler(&mut Arriving::alone(&mut Some(request))),
            },
            Self::Table(table) => Surrounded::WithTable {
                inner: table
                    .lend(&request)
                    .scope(handler(&mut Arriving::alone(&mut Some(request)))),
            },
            Self::Sessions(sessions, table) => Surrounded::WithSessions {
                inner: table
                    .lend(&request)
                    .scope(sessions.serve(&mut Some(request), handler)),
            },
        }
    }
}

pin_project! {
    /// A handler at work, and what is around it.
    #[project = SurroundedProjection]
    pub(super) enum Surrounded<F> {
        Alone { #[pin] inner: F },
        WithTable { #[pin] inner: Borrower<F> },
        WithSessions { #[pin] inner: Borrower<Serving<F>> },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Surrounded<F> {
    /// Goes on with what these surroundings were put around.
    pub(super) fn poll(
        self: Pin<&mut Self>,
        surroundings: &Surroundings,
        cx: &mut Context<'_>,
    ) -> Poll<Response> {
        let answer = match self.project() {
            SurroundedProjection::Alone { inner } => inner.poll(cx),
            SurroundedProjection::WithTable { inner } => inner.lend(|inner| inner.poll(cx)),
            SurroundedProjection::WithSessions { inner } => match surroundings {
                Surroundings::Sessions(sessions, _) => inner.lend(|inner| sessions.poll(inner, cx)),
                Surroundings::Nothing | Surroundings::Table(_) => {
                    unreachable!("a handler's surroundings stay what they are")
                }
            },
        };
        answer.map(|Ok(response)| response)
    }
}
