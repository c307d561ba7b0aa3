//! The session of a request that is on its way to a gate: there at once where nothing is waited for, so that the request need
//! not be kept. It knows no guard and no value.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::response::Response;

use crate::session::Session;

/// A session, once its request is let through; else what is answered.
pub struct Admitting(Way);

enum Way {
    Done(Option<Session>),
    Waits(Pin<Box<dyn Future<Output = Result<Session, Response>> + Send>>),
}

impl Admitting {
    pub(super) fn done(session: Session) -> Self {
        Self(Way::Done(Some(session)))
    }

    pub(super) fn waits(
        admission: impl Future<Output = Result<Session, Response>> + Send + 'static,
    ) -> Self {
        Self(Way::Waits(Box::pin(admission)))
    }
}

impl Future for Admitting {
    type Output = Result<Session, Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Way::Done(session) => session
                .take()
                .map_or(Poll::Pending, |session| Poll::Ready(Ok(session))),
            Way::Waits(admission) => admission.as_mut().poll(cx),
        }
    }
}

impl fmt::Debug for Admitting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitting").finish_non_exhaustive()
    }
}
