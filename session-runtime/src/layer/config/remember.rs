//! The settings of the cookie that remembers a login, and of logins that are shared with Flask-Login.

use std::time::Duration;

use crate::flask::RememberSigner;
use crate::layer::cookie::SetCookie;
use crate::layer::remember::{Remember, ReservedIds, Tokens};
use crate::session::SessionProtection;
use crate::signing::{Digest, KeyDerivation};

use super::{ConfigError, CookieSettings, SALT, SessionConfig};

/// Logins that are remembered, and those of Flask-Login.
impl SessionConfig {
    /// The cookie that remembers a login ([`Session::remember`](crate::Session::remember); Flask-Login:
    /// `REMEMBER_COOKIE_NAME`, `_DOMAIN`, `_PATH`, `_SECURE`, `_HTTPONLY`, `_SAMESITE`).
    ///
    /// Without this setting it has the attributes of the session's cookie, and its name with `-remember`; where that has no
    /// name of its own, `__Host-remember`, `__Secure-remember` or `remember`; and with [`flask_login`](Self::flask_login)
    /// `remember_token`. So it has too where these settings say no name.
    ///
    /// ```
    /// use session_runtime::{CookieSettings, SameSite, SessionConfig, signing::SecretKey};
    ///
    /// let config = SessionConfig::new(SecretKey::generate())
    ///     .remember_cookie(CookieSettings::new().name("__Host-stay").same_site(SameSite::Strict))?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What a browser would refuse, or what a header cannot say; and [`ConfigError::SameName`] if it is the session's name.
    pub fn remember_cookie(self, cookie: CookieSettings) -> Result<Self, ConfigError> {
        let config = Self {
            remember_cookie: Some(cookie),
            ..self
        };
        config.checked()
    }

    /// For how long a login is remembered, from the login on; 365 days without this setting, as in Flask-Login
    /// (`REMEMBER_COOKIE_DURATION`). Whole seconds count.
    ///
    /// With [`flask_login`](Self::flask_login) only the browser keeps to it: there is no time in Flask-Login's cookie.
    pub fn remember_lifetime(self, lifetime: Duration) -> Self {
        Self {
            remember_lifetime: lifetime,
            ..self
        }
    }

    /// Shares logins with Flask-Login 0.6.3: whoever has logged in there is logged in here, and the other way round.
    ///
    /// For the settings of [`flask`](Self::flask). The [login key](Self::login_key) is then `_user_id`, its id a text, as
    /// which every [`AuthUser::Id`](crate::AuthUser::Id) that is a number or a text is read; `_fresh` is true or false, so
    /// that nobody notes when the password was given and `fresh(within = …)` lets nobody through; `_id` is the browser that
    /// has logged in ([`flask::identifier`](crate::flask::identifier)); and logins are remembered in Flask-Login's cookie
    /// `remember_token` ([`flask::RememberSigner`](crate::flask::RememberSigner)).
    ///
    /// The peer's address is axum's `ConnectInfo<SocketAddr>`; serve with `into_make_service_with_connect_info`. Behind
    /// a proxy it is the first address of `X-Forwarded-For`, as it is for Flask-Login, which believes whoever sends that. So
    /// this protects against a cookie that was copied without care, and no further.
    ///
    /// Where we differ from Flask-Login on purpose:
    ///
    /// - A login that is restored from the remember cookie notes its browser in `_id`. Flask-Login does not, and under
    ///   [`Strong`](SessionProtection::Strong) ends the login with the next request; one that it has restored is completed
    ///   here.
    /// - A session without a login is not protected: it has nothing to lose, and the visitor stays remembered.
    /// - A remember cookie of a user who is gone writes nothing, and is deleted; one that is damaged is never a 500.
    /// - A login as another user deletes a cookie that remembers the one before.
    /// - A fallback key's remember cookie is read. What is written is always signed with the current key.
    /// - A deletion carries all attributes that the cookie was set with.
    /// - Where sessions are signed with SHA-512, a user whose id is a salt is not remembered: Flask-Login's token for it would be the
    ///   key of sessions. Without a key derivation none is whose id has a point in it.
    ///
    /// Flask-Login knows no [`epoch`](crate::AuthUser::epoch): its logins count as of epoch 0.
    ///
    /// ```
    /// use session_runtime::{SessionConfig, flask::SessionProtection, signing::SecretKey};
    ///
    /// let config = SessionConfig::flask(SecretKey::generate()).flask_login(SessionProtection::Strong)?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError::NotLatin1`] if Flask-Login could not make a remember cookie with this key; and
    /// [`ConfigError::SameName`] if the session's cookie has the name of the one that remembers.
    pub fn flask_login(self, protection: SessionProtection) -> Result<Self, ConfigError> {
        RememberSigner::new(&self.key, &[])?;
        let config = Self {
            login_key: "_user_id".into(),
            flask_login: Some(protection),
            ..self
        };
        config.checked()
    }

    /// Whether browsers would keep the session's cookie and the one that remembers: what one is called follows from the other,
    /// so that both are looked at whenever one is set.
    pub(super) fn checked(self) -> Result<Self, ConfigError> {
        self.cookie.check()?;
        let remember = self.remember_settings();
        let name = remember.resolved_name();
        if name == self.cookie.resolved_name() {
            return Err(ConfigError::SameName { name });
        }
        remember.check()?;
        Ok(self)
    }

    pub(in crate::layer) fn remember(&self) -> Remember {
        let cookie = self.remember_settings();
        let flask_login = self
            .flask_login
            .and_then(|_| RememberSigner::new(&self.key, &self.fallbacks).ok());
        let tokens = match flask_login {
            Some(signer) => Tokens::FlaskLogin {
                signer: Box::new(signer),
                reserved: self.reserved_ids(),
            },
            None => Tokens::Ours {
                // Two layers of one key differ in their cookies' names: the users of one are not those of the other.
                protection: self.protection_of(&format!(
                    "{}/remember/{}",
                    self.salt.as_deref().unwrap_or(SALT),
                    self.cookie.resolved_name()
                )),
                clock: self.clock.clone(),
                leeway: self.clock_leeway,
            },
        };
        let max_size = self.rules().max_size;
        Remember::new(
            SetCookie::new(&cookie),
            tokens,
            self.remember_lifetime,
            max_size,
        )
    }

    fn reserved_ids(&self) -> ReservedIds {
        match (self.digest, self.key_derivation) {
            (Digest::Sha512, KeyDerivation::Hmac) => {
                let own = self.resolved_salt().into_owned();
                ReservedIds::Salts { own, usual: SALT }
            }
            (Digest::Sha512, KeyDerivation::None) => ReservedIds::Tokens,
            _ => ReservedIds::None,
        }
    }

    /// The settings of the cookie that remembers, its name among them.
    fn remember_settings(&self) -> CookieSettings {
        let own = self.remember_cookie.as_ref();
        let name = self.remember_name(own);
        own.unwrap_or(&self.cookie).clone().name(name)
    }

    /// The name of the cookie that remembers, whose own settings these are if it has any.
    fn remember_name(&self, own: Option<&CookieSettings>) -> String {
        if let Some(name) = own.and_then(CookieSettings::own_name) {
            return name.to_owned();
        }
        match self.cookie.own_name() {
            _ if self.flask_login.is_some() => "remember_token".to_owned(),
            Some(name) => format!("{name}-remember"),
            None => own.unwrap_or(&self.cookie).name_for("remember"),
        }
    }
}
