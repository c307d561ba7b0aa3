//! Who ends a request when its response is there: the session that it has looked at or could have, or nobody.

use std::sync::Arc;

use axum::response::Response;

use super::attached::{Attached, Finished};
use super::backend::Backend;
use super::cookie_attributes::CookieAttributes;

/// What is left of a request's way in for its way out.
pub(super) enum Ending {
    OfSession(Attached),
    /// Nobody was shown the request, so no session was made.
    OfNobody(Arc<Backend>),
}

impl Ending {
    /// Ends the request, and lets the response say what became of the session.
    pub(super) fn finish(&self, mut response: Response) -> Finished {
        match self {
            Self::OfSession(attached) => attached.finish(response),
            Self::OfNobody(backend) => {
                response.extensions_mut().remove::<CookieAttributes>();
                backend.answer(&mut response, || "the handler".to_owned());
                Finished::Is(response)
            }
        }
    }

    /// The answer, if the session has failed while the handler was running.
    pub(super) fn failure(&self) -> Option<Finished> {
        match self {
            Self::OfSession(attached) => attached.failure(),
            Self::OfNobody(_) => None,
        }
    }
}
