//! What is said to whoever must log in: to each kind of client what it understands.

use http::request::Parts;

use super::{next, page_view};
use crate::layer::Refusal;

/// The answer where nobody is logged in. `login_page` is where a browser is sent, if anywhere.
pub(crate) fn answer_to_stranger(login_page: Option<&str>, parts: &Parts) -> Refusal {
    redirect(login_page, parts).unwrap_or(Refusal::LoginRequired)
}

/// The answer where the password must be given again.
pub(crate) fn answer_to_stale(login_page: Option<&str>, parts: &Parts) -> Refusal {
    redirect(login_page, parts).unwrap_or(Refusal::NotFresh)
}

fn redirect(login_page: Option<&str>, parts: &Parts) -> Option<Refusal> {
    let page = login_page?;
    if page_view::is_htmx(&parts.headers) {
        Some(Refusal::HtmxRedirect {
            to: next::htmx_login_address(page, parts),
        })
    } else if page_view::is_page_view(parts) && !next::is_login_page(page, parts) {
        Some(Refusal::LoginRedirect {
            to: next::login_address(page, parts),
        })
    } else {
        None
    }
}
