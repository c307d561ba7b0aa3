//! Logging in and out: what a session notes of it. Methods of [`Session`], because handlers are often called `login` and
//! `logout` themselves.

use std::sync::Arc;

use super::standing::Known;
use super::user::AuthUser;
use crate::session::{RememberOrder, Result, Session, SessionError, Text};

/// Logging in and out.
impl Session {
    /// Logs `user` in: notes the id under the [`login_key`](crate::SessionConfig::login_key), the user's epoch, and that the
    /// password was given now. The session is renewed, so that what somebody else knew of it before is worth nothing; its
    /// other values stay.
    ///
    /// In a [store](crate::store), where another request has renewed or ended the session meanwhile, as when a form is sent twice, the
    /// login begins a session of its own, of what the handler has set.
    ///
    /// Whether the password was right, the application has judged before. To be called again where the user's epoch has
    /// been raised and this session should go on.
    ///
    /// ```
    /// use session_runtime::{AuthUser, testing};
    ///
    /// #[derive(Clone)]
    /// struct User(u64);
    ///
    /// impl AuthUser for User {
    ///     type Id = u64;
    ///
    ///     fn id(&self) -> u64 {
    ///         self.0
    ///     }
    /// }
    ///
    /// let session = testing::session();
    /// session.login(&User(7))?;
    /// assert_eq!(session.get("user_id")?, Some(7));
    /// session.logout()?;
    /// assert_eq!(session.get::<u64>("user_id")?, None);
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Unserializable`] if the id cannot be written, [`SessionError::ReadOnly`] or
    /// [`SessionError::Committed`].
    pub fn login<U: AuthUser>(&self, user: &U) -> Result<()> {
        let settings = self.settings();
        let id = Text::of(&user.id()).map_err(|error| SessionError::Unserializable {
            key: settings.login_key.clone().into_owned(),
            reason: error.to_string(),
        })?;
        self.begin_login(id, Some(settings.clock.now()), user.epoch())?;
        self.order_remember(RememberOrder::KeepOwn)?;
        if let Some(id) = self.login_id() {
            self.set_user(id, Arc::new(Known(Arc::new(user.clone()))));
        }
        Ok(())
    }

    /// Remembers the login beyond this session (what a form calls "remember me", and Flask-Login `login_user(remember=True)`):
    /// the response sets a second cookie, which logs the user in again when the session has ended.
    ///
    /// To be called after [`login`](Self::login). The cookie is signed apart from sessions and holds the user's id and epoch;
    /// it counts for [`remember_lifetime`](crate::SessionConfig::remember_lifetime) from now, 365 days if nothing else is set,
    /// and its attributes are those of the session's cookie
    /// ([`remember_cookie`](crate::SessionConfig::remember_cookie)). A login is restored where one is asked for, by
    /// `#[login_required]`, [`LoginRequired`](struct@crate::LoginRequired) or [`CurrentUser`](crate::CurrentUser), and where
    /// the loader still finds the user with that epoch. It is not fresh: `#[login_required(fresh)]` asks for the password.
    ///
    /// [`logout`](Self::logout) deletes the cookie, and so does whatever else ends the login in a session; a login as
    /// somebody else does, too. The server keeps nothing of it, so that a copy works until it expires or the user's next
    /// [`epoch`](AuthUser::epoch).
    ///
    /// ```
    /// use session_runtime::{prelude::*, testing::TestClient};
    /// # #[derive(Clone)] struct User(u64);
    /// # impl AuthUser for User { type Id = u64; fn id(&self) -> u64 { self.0 } }
    ///
    /// #[post("/login")]
    /// async fn login(session: Session) -> Result<()> {
    ///     // The password was right, and "remember me" was ticked.
    ///     session.login(&User(7))?;
    ///     session.remember()
    /// }
    ///
    /// #[get("/account")]
    /// #[login_required]
    /// async fn account() {}
    ///
    /// #[get("/email")]
    /// #[login_required(fresh)]
    /// async fn email() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| routes![login, account, email].with_sessions(sessions));
    /// client.post("/login").await;
    /// client.restart_browser();
    /// assert_eq!(client.get("/account").await.status(), 200);
    /// assert_eq!(client.get("/email").await.status(), 401, "the password was given long ago");
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Missing`] if nobody is logged in, [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn remember(&self) -> Result<()> {
        self.require_login()?;
        self.order_remember(RememberOrder::Set)
    }

    /// Logs out whoever is logged in, if anybody is. The session is renewed; its other values stay, and
    /// [`clear`](Self::clear) removes them. What [remembers](Self::remember) the login is deleted.
    ///
    /// The server keeps nothing of a cookie session, so that a copy of the cookie works until it expires, or until the user's
    /// next [`epoch`](AuthUser::epoch).
    ///
    /// The response tells the browser to forget pages that it has fetched ahead of time. What else a browser should forget the
    /// handler says itself, in a `Clear-Site-Data` of its own (W3C), and both are sent. We do not say `"cookies"` or
    /// `"storage"`: that would take the cookies of all hosts of the domain, and what scripts of this site keep.
    ///
    /// ```
    /// use session_runtime::{prelude::*, testing::TestClient};
    ///
    /// #[post("/logout")]
    /// async fn logout(session: Session) -> Result<[(&'static str, &'static str); 1]> {
    ///     session.logout()?;
    ///     Ok([("clear-site-data", r#""cookies", "storage""#)])
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = TestClient::new(|sessions| routes![logout].with_sessions(sessions));
    /// client.login(7).await;
    /// let response = client.post("/logout").await;
    /// let lines: Vec<_> = response.headers().get_all("clear-site-data").iter().collect();
    /// assert_eq!(lines, [r#""cookies", "storage""#, r#""prefetchCache", "prerenderCache""#]);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn logout(&self) -> Result<()> {
        self.end_login()?;
        self.order_remember(RememberOrder::Clear)
    }

    /// Notes that whoever is logged in gave the password just now, which makes the login fresh, as for
    /// `#[login_required(fresh)]`. The session is renewed.
    ///
    /// ```
    /// use session_runtime::testing;
    ///
    /// let session = testing::session();
    /// assert!(session.confirm_login().is_err(), "nobody is logged in");
    /// session.set("user_id", 7)?;
    /// assert!(!session.is_fresh());
    /// session.confirm_login()?;
    /// assert!(session.is_fresh());
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::Missing`] if nobody is logged in, [`SessionError::ReadOnly`] or [`SessionError::Committed`].
    pub fn confirm_login(&self) -> Result<()> {
        self.require_login()?;
        self.set_fresh_at(self.settings().clock.now())
    }

    /// Whether somebody is logged in who gave the password in this session.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.is_logged_in() && self.freshness().is_within(None, 0)
    }
}

impl Session {
    fn require_login(&self) -> Result<()> {
        if self.is_logged_in() {
            return Ok(());
        }
        Err(SessionError::Missing {
            key: self.settings().login_key.clone().into_owned(),
        })
    }
}
