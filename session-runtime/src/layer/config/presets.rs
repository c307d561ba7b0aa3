//! What the settings are before anything is set: ours, Flask's, and those of the environment.

use std::time::Duration;

use crate::clock::Clock;
use crate::flask::TaggedJson;
use crate::session::PlainJson;
use crate::signing::{Digest, KeyDerivation, SecretKey};
use crate::store::{Patience, Refresh};

use super::{
    BrowserLifetime, Compression, ConfigError, CookieSettings, DAY, SALT, SessionConfig, env,
};

impl SessionConfig {
    /// The settings that we recommend, with this key.
    pub fn new(key: SecretKey) -> Self {
        Self {
            key,
            fallbacks: Vec::new(),
            salt: None,
            digest: Digest::Sha256,
            key_derivation: KeyDerivation::Hmac,
            #[cfg(feature = "encrypted")]
            encrypted: false,
            permanent_lifetime: 31 * DAY,
            browser_lifetime: BrowserLifetime::DayOrLess,
            absolute_lifetime: None,
            clock_leeway: Duration::from_secs(30),
            refresh: Refresh::AfterTenth,
            compression: Compression::WhenTooLarge,
            cookie: CookieSettings::new(),
            keeps_empty: false,
            format: &PlainJson,
            login_key: "user_id".into(),
            login_page: None,
            clock: Clock::system(),
            earlier: Vec::new(),
            store: None,
            patience: Patience::default(),
            most_sessions: None,
            purge_interval: Some(Duration::from_secs(5 * 60)),
            remember_cookie: None,
            remember_lifetime: 365 * DAY,
            flask_login: None,
        }
    }

    /// The settings of Flask 3.1, with this key: Flask and we then read each other's cookies.
    ///
    /// Values that JSON does not have are those of the module [`flask`](crate::flask). Where we still differ:
    ///
    /// - *Changes.* Setting what is already there, and clearing what is empty, sends nothing. A value changes by being set,
    ///   so what Flask's `session.modified = True` is for needs no flag; [`renew`](crate::Session::renew) sends a cookie
    ///   anew. The changes of a `HEAD` request are dropped, and a page that is fetched ahead of time and would change the
    ///   session is a 503. A session that is not permanent has no `_permanent`, where Flask may write `false`.
    /// - *Caches.* A response that sets the cookie carries `Cache-Control: no-store`. `Vary` names `Cookie` where a value was
    ///   asked for or changed, and keeps what else it names.
    /// - *Cookies that are no good.* Of several cookies of the name the valid one that was signed last counts. A signed
    ///   cookie that Flask answers with a 500, or that no signer writes (a list at its root, sloppy base64), is an empty
    ///   session.
    /// - *Errors instead of silence.* A cookie that browsers would drop is one: too large (name and value above 4,096 bytes,
    ///   where Flask's `MAX_COOKIE_SIZE` only warns), or `SameSite=None` without
    ///   `Secure`.
    /// - *Names.* What the session keeps for itself is not among its [`keys`](crate::Session::keys). An application that is
    ///   mounted below a path gives it to [`CookieSettings::path`]; only [`from_env`](Self::from_env) knows Flask's
    ///   `APPLICATION_ROOT`.
    pub fn flask(key: SecretKey) -> Self {
        Self {
            digest: Digest::Sha1,
            browser_lifetime: BrowserLifetime::Permanent,
            clock_leeway: Duration::ZERO,
            refresh: Refresh::EachRequest,
            compression: Compression::WhenShorter,
            cookie: CookieSettings::flask(),
            keeps_empty: true,
            format: &TaggedJson,
            salt: Some(SALT.to_owned()),
            ..Self::new(key)
        }
    }

    /// The settings of [`new`](Self::new), changed by what the environment says under Flask's names.
    ///
    /// | variable | takes |
    /// | --- | --- |
    /// | `SECRET_KEY` | a text of at least 16 bytes that nobody can guess; it or the next is required |
    /// | `SECRET_KEY_FILE` | the path of a file that holds such a text; one line end after it is left out |
    /// | `SECRET_KEY_FALLBACKS` | a JSON list of such texts |
    /// | `PERMANENT_SESSION_LIFETIME` | seconds |
    /// | `SESSION_REFRESH_EACH_REQUEST` | `true` or `false` |
    /// | `SESSION_COOKIE_NAME`, `SESSION_COOKIE_DOMAIN`, `SESSION_COOKIE_PATH` | a text |
    /// | `SESSION_COOKIE_SECURE`, `SESSION_COOKIE_HTTPONLY`, `SESSION_COOKIE_PARTITIONED` | `true` or `false` |
    /// | `APPLICATION_ROOT` | the cookie's path where `SESSION_COOKIE_PATH` is not set |
    /// | `SESSION_COOKIE_SAMESITE` | `Strict`, `Lax` or `None`, or `false` to leave it out |
    /// | `MAX_COOKIE_SIZE` | bytes; 0 is no limit |
    /// | `REMEMBER_COOKIE_NAME`, `_DOMAIN`, `_PATH`, `_SECURE`, `_HTTPONLY`, `_SAMESITE` | as those of `SESSION_COOKIE_…`, which count for this cookie too, except the name |
    /// | `REMEMBER_COOKIE_DURATION` | seconds |
    /// | `SESSION_STORE` | `cookie`, or where the server keeps sessions, as [`store_at`](Self::store_at) takes it |
    ///
    /// A variable that is set to the empty text counts as not set, except `SECRET_KEY`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoSecretKey`] without a key, in every build; otherwise what is wrong with which variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        env::from_env(&|name| std::env::var(name))
    }

    /// The settings of [`from_env`](Self::from_env) for a machine of one's own: the cookie is not `Secure`, so that it works
    /// over plain HTTP, and without `SECRET_KEY` and `SECRET_KEY_FILE` a key is made, with a warning in the log. Sessions in
    /// cookies and remembered logins then end with the process, and another process cannot read them; sessions in a store stay.
    ///
    /// # Errors
    ///
    /// What is wrong with which variable.
    pub fn development() -> Result<Self, ConfigError> {
        env::development(&|name| std::env::var(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flasks_settings_are_flasks() {
        let config = SessionConfig::flask(SecretKey::generate());
        assert_eq!(config.digest, Digest::Sha1);
        assert_eq!(config.rules().refresh, Refresh::EachRequest);
        assert_eq!(config.lifetimes().clock_leeway, Duration::ZERO);
        let hour = Duration::from_secs(3600);
        let config = config.permanent_lifetime(hour);
        assert_eq!(config.lifetimes().browser, hour);
    }
}
