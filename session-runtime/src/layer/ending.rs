//! Who ends a request when its response is there: the session that it has looked at or could have, or nobody.

use std::sync::Arc;

use axum::response::Response;

use super::attached::{Attached, Saving};
use super::backend::Backend;
use super::cookie_attributes::CookieAttributes;

/// What is left of a request's way in for its way out.
pub(super) enum Ending {
    OfSession(Attached),
    /// Nobody was shown the request, so no session was made.
    OfNobody(Arc<Backend>),
}

impl Ending {
    /// Ends the request, and lets the response say what became of the session. What must wait for a store is returned, and has
    /// the response.
    pub(super) fn finish(&self, response: &mut Response) -> Option<Saving> {
        match self {
            Self::OfSession(attached) => attached.finish(response),
            Self::OfNobody(backend) => {
                response.extensions_mut().remove::<CookieAttributes>();
                backend.answer(response, || "the handler".to_owned());
                None
            }
        }
    }

    /// Whether the session has failed while the handler was running, which then must not go on.
    pub(super) fn has_failed(&self) -> bool {
        match self {
            Self::OfSession(attached) => attached.has_failed(),
            Self::OfNobody(_) => false,
        }
    }
}
