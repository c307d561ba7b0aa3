//! The login guard: lets through whoever is logged in, and says to each kind of client what it understands.
//!
//! Logged in means that the session's login key is there and not null. This asks the session and reads the request's
//! headers; it loads no user and touches no body.

use std::borrow::Cow;

use http::request::Parts;

use super::guard::Guard;
use super::{next, page_view};
use crate::layer::{Refusal, is_local_path};
use crate::session::ReadOnlySession;

/// The guard behind [`#[login_required]`](macro@crate::login_required), for a group of routes:
/// `.guarded(LoginRequired)`, or `.guarded(LoginRequired.redirect("/signin"))`.
///
/// ```
/// use session_runtime::{LoginRequired, prelude::*, testing::TestClient};
///
/// #[get("/users")]
/// async fn users() -> &'static str {
///     "users"
/// }
///
/// let admin = || -> Routes { routes![users].guarded(LoginRequired.redirect("/signin")) };
/// assert!(admin().table().to_string().contains("login (/signin)"));
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let client = TestClient::new(|sessions| Routes::new().nest("/admin", admin()).with_sessions(sessions));
/// assert_eq!(client.get("/admin/users").await.status(), 401);
/// assert_eq!(client.get("/admin/unknown").await.status(), 404);
/// client.login(1).await;
/// assert_eq!(client.get("/admin/users").await.text(), "users");
/// # });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginRequired {
    /// The login page, if it is another than the layer's.
    redirect: Option<&'static str>,
}

/// The guard, with the configured login page.
#[expect(
    non_upper_case_globals,
    reason = "it is written as a value, as a guard of the application's own is"
)]
pub const LoginRequired: LoginRequired = LoginRequired { redirect: None };

impl LoginRequired {
    /// Another login page than [`SessionConfig::login_page`](crate::SessionConfig::login_page).
    ///
    /// # Panics
    ///
    /// The page is no path on this site, as in [`local_path`](crate::local_path), or has letters beyond ASCII, which are
    /// percent-encoded in a header.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "a login page on another site is a mistake in the program, found when the router is built"
    )]
    pub const fn redirect(mut self, page: &'static str) -> Self {
        if !is_path_on_this_site(page.as_bytes()) {
            panic!(
                "a login page is a path on this site, in ASCII and without spaces: LoginRequired.redirect(\"/signin\")"
            );
        }
        self.redirect = Some(page);
        self
    }

    /// The page of its own.
    pub(super) const fn page(&self) -> Option<&'static str> {
        self.redirect
    }
}

impl<S: Sync> Guard<S> for LoginRequired {
    type Refusal = Refusal;

    async fn check(
        &self,
        session: &ReadOnlySession,
        parts: &mut Parts,
        _: &S,
    ) -> Result<(), Refusal> {
        let session = session.session();
        if session.is_logged_in() {
            return Ok(());
        }
        let login_page = self.redirect.or(session.settings().login_page.as_deref());
        Err(answer_to_stranger(login_page, parts))
    }

    fn name(&self) -> Cow<'static, str> {
        match self.redirect {
            Some(page) => format!("login ({page})").into(),
            None => "login".into(),
        }
    }
}

/// The same where there is no request, in a unit test: nobody can be sent to a page.
pub(super) fn admit_without_request(session: &ReadOnlySession) -> Result<(), Refusal> {
    if session.session().is_logged_in() {
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

/// A path on this site that a header can hold as it is, and that has no backslash, which browsers take for a slash.
const fn is_path_on_this_site(page: &[u8]) -> bool {
    if !is_local_path(page) {
        return false;
    }
    let mut at = 0;
    while at < page.len() {
        if !page[at].is_ascii_graphic() || page[at] == b'\\' {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_a_path_on_this_site() {
        for page in ["/", "/signin", "/signin?theme=dark#form"] {
            assert!(is_path_on_this_site(page.as_bytes()), "{page}");
        }
        for page in [
            "",
            "signin",
            "//evil.example",
            "/\\evil",
            "/a b",
            "/a\n",
            "/ä",
            "https://a",
        ] {
            assert!(!is_path_on_this_site(page.as_bytes()), "{page}");
        }
    }

    #[test]
    #[should_panic = "a login page is a path on this site"]
    fn another_sites_page_is_refused_when_the_guard_is_made() {
        let _ = LoginRequired.redirect("//evil.example");
    }
}
