//! The login guard: lets through whoever is logged in, and says to each kind of client what it understands.
//!
//! Logged in means that the session's login key is there and not null. This asks the session and reads the request's
//! headers; it loads no user and touches no body.

use http::Method;
use http::request::Parts;

use super::contract::{GuardInfo, Info};
use super::{next, page_view};
use crate::layer::Refusal;
use crate::session::Session;

/// Asks each guard in its order. The first that refuses decides the answer.
pub(super) fn admit(info: &Info, session: &Session, parts: &Parts) -> Result<(), Refusal> {
    if info.guards.is_empty() {
        return Ok(());
    }
    session.set_guarded();
    if parts.method == Method::OPTIONS && is_for_options_alone(info) {
        return Ok(());
    }
    info.guards.iter().try_for_each(|guard| {
        if session.is_logged_in() {
            return Ok(());
        }
        let login_page = guard
            .login_page()
            .or(session.settings().login_page.as_deref());
        Err(answer_to_stranger(login_page, parts))
    })
}

/// A browser asks with `OPTIONS`, and without cookies, whether it may ask. A handler that is there for this alone may
/// answer; one that serves other methods too would do for a stranger what it does for a user.
fn is_for_options_alone(info: &Info) -> bool {
    !info.routes.is_empty() && info.routes.iter().all(|route| route.method == "OPTIONS")
}

/// The same where there is no request, in a unit test: nobody can be sent to a page.
pub(super) fn admit_without_request(
    guards: &[GuardInfo],
    session: &Session,
) -> Result<(), Refusal> {
    if guards.is_empty() || session.is_logged_in() {
        Ok(())
    } else {
        Err(Refusal::LoginRequired)
    }
}

fn answer_to_stranger(login_page: Option<&str>, parts: &Parts) -> Refusal {
    let Some(page) = login_page else {
        return Refusal::LoginRequired;
    };
    if page_view::is_htmx(&parts.headers) {
        Refusal::HtmxRedirect {
            to: next::htmx_login_address(page, parts),
        }
    } else if page_view::is_page_view(parts) && !next::is_login_page(page, parts) {
        Refusal::LoginRedirect {
            to: next::login_address(page, parts),
        }
    } else {
        Refusal::LoginRequired
    }
}
