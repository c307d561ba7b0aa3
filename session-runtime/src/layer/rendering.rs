//! An answer of ours on its way out: it is logged where something needs mending, and gets the application's body. What it
//! answers stands in the refusal, and how a body is made is the application's.

use axum::response::Response;
use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, VARY,
};
use http::{HeaderName, StatusCode};

use crate::session::SessionError;

use super::backend::Backend;
use super::refusal::Refusal;

impl Backend {
    /// Logs a refusal that needs mending, and gives it the application's body.
    pub(super) fn answer(&self, response: &mut Response, handler: impl FnOnce() -> String) {
        let Some(refusal) = response.extensions_mut().remove::<Refusal>() else {
            return;
        };
        match &refusal {
            // Logged where it is met.
            Refusal::MissingLayer { .. } | Refusal::NestedTwice { .. } => {}
            // A visitor can bring it about, and so can a key that is misspelt.
            Refusal::Session(SessionError::Missing { .. }) => {
                tracing::info!(name: "session.value_missing", handler = handler(), "{refusal}");
            }
            // The visitor is asked to try again, and the same handler may do the same again.
            Refusal::Session(SessionError::Conflict { .. } | SessionError::LeaseLost) => {
                tracing::warn!(name: "session.conflict", handler = handler(), "{refusal}");
            }
            refusal if refusal.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(name: "session.refused", handler = handler(), "{refusal}");
            }
            _ => {}
        }
        if let Some(render) = &self.on_refusal {
            give_body_of(render(&refusal), response);
        }
    }
}

/// What the refusal's own headers say of the body that is replaced.
const OF_THE_BODY: [HeaderName; 4] = [
    CONTENT_TYPE,
    CONTENT_LENGTH,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
];

/// The refusal with the application's body and the headers that describe it. What else the application says is added:
/// it cannot take back what the refusal says, such as where it leads, what it depends on, and that nobody may keep it.
fn give_body_of(own: Response, refusal: &mut Response) {
    let (own, body) = own.into_parts();
    let headers = refusal.headers_mut();
    for name in &OF_THE_BODY {
        headers.remove(name);
    }
    let said = headers.clone();
    for (name, value) in &own.headers {
        if name == VARY || name == SET_COOKIE || !said.contains_key(name) {
            headers.append(name, value.clone());
        }
    }
    *refusal.body_mut() = body;
}
