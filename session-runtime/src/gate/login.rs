//! The login guard: lets through whoever is logged in, and says to each kind of client what it understands.
//!
//! Logged in means that the session's login key is there and not null, and that the user, where the layer loads users, is
//! there and has not ended the session. It touches no body.

use std::borrow::Cow;
use std::time::Duration;

use http::request::Parts;

use super::guard::Guard;
use crate::layer::{Refusal, is_local_path};
use crate::login::{Standing, answer_to_stale, answer_to_stranger, known_standing, standing};
use crate::session::{ReadOnlySession, Session};

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
    fresh: Option<Fresh>,
    role: Option<&'static str>,
    permission: Option<&'static str>,
}

/// How recently the password must have been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fresh {
    InThisSession,
    /// In so many seconds, and in this session.
    Within(u64),
}

/// The guard, with the configured login page.
#[expect(
    non_upper_case_globals,
    reason = "it is written as a value, as a guard of the application's own is"
)]
pub const LoginRequired: LoginRequired = LoginRequired {
    redirect: None,
    fresh: None,
    role: None,
    permission: None,
};

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

    /// The password must have been given in this session: a login that was remembered is sent to the login page again, or
    /// answered 401.
    #[must_use]
    pub const fn fresh(mut self) -> Self {
        self.fresh = Some(Fresh::InThisSession);
        self
    }

    /// The same, and no longer ago than this. Whole seconds count.
    #[must_use]
    pub const fn fresh_within(mut self, age: Duration) -> Self {
        self.fresh = Some(Fresh::Within(age.as_secs()));
        self
    }

    /// The user must have this role ([`AuthUser::has_role`](crate::AuthUser::has_role)); another is answered 403.
    ///
    /// ```
    /// use session_runtime::{LoginRequired, prelude::*};
    ///
    /// #[get("/users")]
    /// async fn users() {}
    ///
    /// let admin: Routes = routes![users].guarded(LoginRequired.role("admin").fresh());
    /// assert!(admin.table().to_string().contains("login (fresh, role admin)"));
    /// ```
    #[must_use]
    pub const fn role(mut self, role: &'static str) -> Self {
        self.role = Some(role);
        self
    }

    /// The user must have this permission ([`AuthUser::has_permission`](crate::AuthUser::has_permission)); another is
    /// answered 403.
    #[must_use]
    pub const fn permission(mut self, permission: &'static str) -> Self {
        self.permission = Some(permission);
        self
    }

    /// Whether it asks something that only the user knows.
    pub(super) const fn needs_user(&self) -> bool {
        self.role.is_some() || self.permission.is_some()
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
        let page = || self.redirect.or(session.settings().login_page.as_deref());
        let standing = standing(session).await?;
        if matches!(standing, Standing::Stranger) {
            return Err(answer_to_stranger(page(), parts));
        }
        // Who may not do this at all is not asked for the password first.
        self.check_rights(&standing, session)?;
        if self.is_fresh_enough(session) {
            Ok(())
        } else {
            Err(answer_to_stale(page(), parts))
        }
    }

    fn name(&self) -> Cow<'static, str> {
        let fresh = self.fresh.map(|fresh| match fresh {
            Fresh::InThisSession => "fresh".to_owned(),
            Fresh::Within(seconds) => format!("fresh within {seconds}s"),
        });
        let options: Vec<_> = [
            self.redirect.map(str::to_owned),
            fresh,
            self.role.map(|role| format!("role {role}")),
            self.permission
                .map(|permission| format!("permission {permission}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if options.is_empty() {
            "login".into()
        } else {
            format!("login ({})", options.join(", ")).into()
        }
    }
}

impl LoginRequired {
    /// Whether the user has what is asked for.
    fn check_rights(&self, standing: &Standing, session: &Session) -> Result<(), Refusal> {
        let Standing::User(user) = standing else {
            return match self.rights().next() {
                None => Ok(()),
                Some(wanted) => Err(Refusal::NoUsers {
                    handler: session.handler(),
                    wanted: format!("a user with the {wanted}"),
                    had: "and its layer loads no users".to_owned(),
                }),
            };
        };
        let lacks_role = self.role.is_some_and(|role| !user.has_role(role));
        let lacks_permission = self
            .permission
            .is_some_and(|permission| !user.has_permission(permission));
        let needs = match (lacks_role, self.rights().next(), self.rights().last()) {
            (true, Some(role), _) => role,
            (false, _, Some(permission)) if lacks_permission => permission,
            _ => return Ok(()),
        };
        Err(Refusal::Forbidden {
            needs,
            handler: session.handler(),
        })
    }

    /// The role and the permission that it asks for, in this order.
    fn rights(&self) -> impl Iterator<Item = String> {
        let role = self.role.map(|role| format!("role {role}"));
        let permission = self.permission.map(|name| format!("permission {name}"));
        role.into_iter().chain(permission)
    }

    fn is_fresh_enough(&self, session: &Session) -> bool {
        let within = match self.fresh {
            None => return true,
            Some(Fresh::InThisSession) => None,
            Some(Fresh::Within(seconds)) => Some(seconds),
        };
        session
            .freshness()
            .is_within(within, session.settings().clock.now())
    }
}

/// The same where there is no request, in a unit test: nobody can be sent to a page, and no user is loaded. One that the test
/// has logged in with [`Session::login`](crate::Session::login) is known.
pub(super) fn admit_without_request(
    guard: &LoginRequired,
    session: &Session,
) -> Result<(), Refusal> {
    let standing = known_standing(session);
    if matches!(standing, Standing::Stranger) {
        return Err(Refusal::LoginRequired);
    }
    guard.check_rights(&standing, session)?;
    if guard.is_fresh_enough(session) {
        Ok(())
    } else {
        Err(Refusal::NotFresh)
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
