//! The settings of sessions. A configuration is always one that works: what can be wrong is refused where it is set.

mod compression;
mod cookie_settings;
mod date;
mod derived;
mod deserialize;
mod duration;
mod env;
mod error;
mod key_file;
mod presets;
mod remember;
mod section;
mod setting;
mod store_address;
mod variable;

pub use compression::Compression;
pub use cookie_settings::{CookieSettings, SameSite, UnknownSameSite};
pub use error::{ConfigError, SecretKeyFileError};

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::session::{Format, SessionProtection, is_reserved};
use crate::signing::{Digest, KeyDerivation, SecretKey};
use crate::store::{CookieSerializer, DynStore, Patience, Refresh, SessionStore};

use super::local_path::local_path;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Flask's own.
const SALT: &str = "cookie-session";

/// The settings of sessions.
///
/// | setting | Flask's name | [`new`](Self::new) | [`flask`](Self::flask) |
/// | --- | --- | --- | --- |
/// | the key | `SECRET_KEY` (or `SECRET_KEY_FILE`) | to be given | to be given |
/// | [`fallbacks`](Self::fallbacks) | `SECRET_KEY_FALLBACKS` | none | none |
/// | [`permanent_lifetime`](Self::permanent_lifetime) | `PERMANENT_SESSION_LIFETIME` | 31 days | 31 days |
/// | [`browser_lifetime`](Self::browser_lifetime) | (as above) | a day, or less | as above |
/// | [`absolute_lifetime`](Self::absolute_lifetime) | | none | none |
/// | [`refresh`](Self::refresh) | `SESSION_REFRESH_EACH_REQUEST` | after a tenth | each request |
/// | [`clock_leeway`](Self::clock_leeway) | | 30 s | none |
/// | [`compression`](Self::compression) | | when too large | when shorter |
/// | [`digest`](Self::digest) | | SHA-256 | SHA-1 |
/// | [`key_derivation`](Self::key_derivation) | | HMAC | HMAC |
/// | [`salt`](Self::salt) | | `cookie-session`, and the cookie's name if it has one of its own | `cookie-session` |
/// | [`cookie`](Self::cookie) | `SESSION_COOKIE_…`, `APPLICATION_ROOT`, `MAX_COOKIE_SIZE` | [`CookieSettings::new`] | [`CookieSettings::flask`] |
/// | [`login_key`](Self::login_key) | | `user_id` | `user_id` |
/// | [`login_page`](Self::login_page) | | none | none |
/// | [`remember_cookie`](Self::remember_cookie) | `REMEMBER_COOKIE_…` | as the session's | as the session's |
/// | [`remember_lifetime`](Self::remember_lifetime) | `REMEMBER_COOKIE_DURATION` | 365 days | 365 days |
/// | [`flask_login`](Self::flask_login) | | no | no |
/// | [`also_read`](Self::also_read) | | nothing | nothing |
/// | [`store`](Self::store), [`store_at`](Self::store_at) | `SESSION_STORE` | none: the cookie | none: the cookie |
/// | [`store_timeout`](Self::store_timeout), [`lease`](Self::lease), [`sessions_per_user`](Self::sessions_per_user) | | 2 s, 10 s, any number | as there |
/// | [`purge_interval`](Self::purge_interval) | | 5 minutes | 5 minutes |
/// | `encrypted` (feature `encrypted`) | | no | no |
///
/// [`from_env`](Self::from_env) starts from `new` and reads what is in the second column from the environment. With serde a
/// [configuration file](#impl-Deserialize%3C'de%3E-for-SessionConfig) holds what is in the first.
///
/// ```
/// use session_runtime::{SessionConfig, SessionLayer, signing::SecretKey};
/// use std::time::Duration;
///
/// let config = SessionConfig::new(SecretKey::generate())
///     .permanent_lifetime(Duration::from_secs(60 * 60))
///     .login_page("/login")?;
/// let layer = SessionLayer::new(config);
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a configuration does nothing until `SessionLayer::new` takes it"]
pub struct SessionConfig {
    key: SecretKey,
    fallbacks: Vec<SecretKey>,
    /// Follows from the cookie's name, if it is not set.
    salt: Option<String>,
    digest: Digest,
    key_derivation: KeyDerivation,
    #[cfg(feature = "encrypted")]
    encrypted: bool,
    permanent_lifetime: Duration,
    browser_lifetime: BrowserLifetime,
    absolute_lifetime: Option<Duration>,
    clock_leeway: Duration,
    refresh: Refresh,
    compression: Compression,
    pub(super) cookie: CookieSettings,
    keeps_empty: bool,
    format: &'static dyn Format,
    login_key: Cow<'static, str>,
    login_page: Option<String>,
    pub(super) clock: Clock,
    /// Settings whose cookies are still read, each until this second.
    earlier: Vec<(Box<Self>, u64)>,
    store: Option<Store>,
    patience: Patience,
    most_sessions: Option<NonZeroU32>,
    purge_interval: Option<Duration>,
    remember_cookie: Option<CookieSettings>,
    remember_lifetime: Duration,
    flask_login: Option<SessionProtection>,
}

/// A store of any type.
#[derive(Clone)]
struct Store(Arc<dyn DynStore>);

impl fmt::Debug for Store {
    /// Shows nothing: a store's address may have a password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

/// How long a session lives at the most that ends with the browser.
#[derive(Clone, Copy, Debug)]
enum BrowserLifetime {
    /// A day, or as long as a permanent one if that is less.
    DayOrLess,
    /// As long as a permanent one.
    Permanent,
    Own(Duration),
}

impl SessionConfig {
    /// Keys that were used before (Flask: `SECRET_KEY_FALLBACKS`), oldest first. Cookies signed with them are still read;
    /// what we write is signed with the current key.
    pub fn fallbacks(self, keys: impl IntoIterator<Item = SecretKey>) -> Self {
        Self {
            fallbacks: keys.into_iter().collect(),
            ..self
        }
    }

    /// How long a permanent session lives from the last time its cookie was sent (Flask: `PERMANENT_SESSION_LIFETIME`).
    /// Whole seconds count. [`Session::set_lifetime`](crate::Session::set_lifetime) gives one session a time of its own.
    pub fn permanent_lifetime(self, lifetime: Duration) -> Self {
        Self {
            permanent_lifetime: lifetime,
            ..self
        }
    }

    /// How long a session that ends with the browser lives at the most, from the last time its cookie was sent. Whole
    /// seconds count.
    ///
    /// Without this setting it is a day, or the permanent lifetime if that is less; and in [`flask`](Self::flask)'s settings
    /// the permanent one, as in Flask it always is.
    pub fn browser_lifetime(self, lifetime: Duration) -> Self {
        Self {
            browser_lifetime: BrowserLifetime::Own(lifetime),
            ..self
        }
    }

    /// How long a session lives at the most from its beginning, however often it is used. Whole seconds count. Without this
    /// setting it lives on as long as it is used; Flask has no such setting.
    ///
    /// The beginning is the first time that the session is saved, and again after
    /// [`clear`](crate::Session::clear) or when its last value is removed; not at a login, nor with
    /// [`renew`](crate::Session::renew). A session that was saved before this was set begins when it is next saved.
    pub fn absolute_lifetime(self, lifetime: Duration) -> Self {
        Self {
            absolute_lifetime: Some(lifetime),
            ..self
        }
    }

    /// How far in the future a cookie may be signed, as where two hosts' clocks differ.
    pub fn clock_leeway(self, leeway: Duration) -> Self {
        Self {
            clock_leeway: leeway,
            ..self
        }
    }

    /// When a session that did not change is sent again (Flask: `SESSION_REFRESH_EACH_REQUEST`).
    pub fn refresh(self, refresh: Refresh) -> Self {
        Self { refresh, ..self }
    }

    /// When the session is compressed in its cookie (Flask: wherever that makes it shorter).
    pub fn compression(self, compression: Compression) -> Self {
        Self {
            compression,
            ..self
        }
    }

    /// Sets sessions apart from what else is signed with the same key (Flask: the `salt` of its session interface).
    ///
    /// Without this setting it is `cookie-session`, and where the cookie has been given a name of its own, `staff` say,
    /// `cookie-session/staff`: of two layers with one key neither takes the other's cookies for its own, whoever renames them.
    /// In the settings of [`flask`](Self::flask) it is always `cookie-session`.
    pub fn salt(self, salt: impl Into<String>) -> Self {
        Self {
            salt: Some(salt.into()),
            ..self
        }
    }

    /// The hash that cookies are signed with (Flask: the `digest_method` of its session interface).
    pub fn digest(self, digest: Digest) -> Self {
        Self { digest, ..self }
    }

    /// How the signing key is made of the secret key and the salt (Flask: the `key_derivation` of its session interface).
    pub fn key_derivation(self, key_derivation: KeyDerivation) -> Self {
        Self {
            key_derivation,
            ..self
        }
    }

    /// Encrypts sessions, so that whoever holds a cookie cannot read what is in it. Needs the feature `encrypted`.
    ///
    /// Hidden are the names and the values of what is kept, and when the cookie was made; how it is done, and that nobody can
    /// alter it, is said at [`TokenSealer`](crate::signing::TokenSealer). Two things still show: that there is a session, and how
    /// long its content is. A copied cookie still works for whoever has it. To this application nothing changes, and the
    /// [key](Self::new), the [`fallbacks`](Self::fallbacks) and the [`salt`](Self::salt) mean what they meant; [`digest`](Self::digest) and
    /// [`key_derivation`](Self::key_derivation) are for signatures and have no say any more.
    ///
    /// A session of n bytes of JSON becomes a cookie of ⌈(n + 53) × 4 / 3⌉ characters. It is never compressed, because
    /// how well it packs would tell of its content; a signed one has about 19 fewer, and much fewer where its
    /// JSON is long and packs well. The limit of 4096 bytes with the name leaves about 3,000 bytes of JSON.
    ///
    /// Flask cannot read such cookies, in [`flask`](Self::flask)'s settings neither. Cookies that were only signed are not
    /// read any more, unless [`also_read`](Self::also_read) says so: `config.clone().encrypted().also_read(config, …)`.
    ///
    /// ```
    /// use session_runtime::{SessionConfig, signing::SecretKey};
    ///
    /// let config = SessionConfig::new(SecretKey::generate()).encrypted();
    /// let cookie = config.serializer().encode(r#"{"user_id":12345}"#, 1_700_000_000)?;
    /// assert_eq!(cookie.len(), 94);
    /// assert_eq!(config.serializer().decode(&cookie)?.json(), r#"{"user_id":12345}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "encrypted")]
    pub fn encrypted(self) -> Self {
        Self {
            encrypted: true,
            ..self
        }
    }

    /// The cookie's name and attributes (Flask: `SESSION_COOKIE_…`).
    ///
    /// # Errors
    ///
    /// What a browser would refuse, or what a header cannot say, of this cookie and of the one that remembers a login, which is
    /// named after it; and [`ConfigError::SameName`] if both have one name.
    pub fn cookie(self, cookie: CookieSettings) -> Result<Self, ConfigError> {
        Self { cookie, ..self }.checked()
    }

    /// The cookie's settings, to change some of them: `config.cookie(config.cookie_settings().clone().path("/app"))`.
    pub fn cookie_settings(&self) -> &CookieSettings {
        &self.cookie
    }

    /// The key that means that somebody is logged in, if it is there and not null.
    ///
    /// A response that changes its value also tells the browser to forget the pages that it has fetched ahead of time
    /// (`Clear-Site-Data`, W3C): they were made for whoever was logged in before.
    ///
    /// # Errors
    ///
    /// [`ConfigError::LoginKey`] if it is a key that the session keeps for itself: `_permanent` would let everybody in whose
    /// session is permanent.
    pub fn login_key(self, key: impl Into<Cow<'static, str>>) -> Result<Self, ConfigError> {
        let key = key.into();
        if is_reserved(&key) {
            let key = key.into_owned();
            return Err(ConfigError::LoginKey { key });
        }
        Ok(Self {
            login_key: key,
            ..self
        })
    }

    /// Where [`#[login_required]`](macro@crate::login_required) sends a stranger's browser: a path on this site, which may
    /// have a query.
    ///
    /// # Errors
    ///
    /// [`ConfigError::LoginPage`] if it is no path on this site.
    pub fn login_page(self, page: impl Into<String>) -> Result<Self, ConfigError> {
        let page = page.into();
        match local_path(&page) {
            Some(path) if path.is_ascii() => Ok(Self {
                login_page: Some(page),
                ..self
            }),
            _ => Err(ConfigError::LoginPage { page }),
        }
    }

    /// The clock by which sessions age, for tests.
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Goes on reading the cookie of earlier settings, through the end of the day `until` (`2027-01-31`, UTC), so that nobody
    /// is logged out when the cookie's name, Domain, Path, format or keys change.
    ///
    /// The earlier cookie is asked only where the present one opens nothing. Its session is then written as these settings
    /// say, and the earlier cookie is expired in its own scope; so it is with every response that sets or deletes the
    /// session's cookie while the visitor still brings the earlier one. A logout must therefore be at an address that the
    /// earlier cookie is sent to; and where both have one name, a cookie of that name in the earlier scope is expired whoever
    /// set it. The age of what the present settings could not have made is judged by the earlier lifetimes, and by the present
    /// [`absolute_lifetime`](Self::absolute_lifetime). What `earlier` reads of still earlier ones is read as well; of its other
    /// settings nothing counts.
    ///
    /// Until the date whoever can plant the earlier cookie can plant a session: where it had no `__Host-` name, that is
    /// also a neighbouring host. So the date should be near: one lifetime of a permanent session is enough. The
    /// [guide](crate::guide::cookie_changes) walks through the usual changes.
    ///
    /// ```
    /// use session_runtime::{SessionConfig, signing::SecretKey};
    ///
    /// # let (key, flasks_key) = (SecretKey::generate(), SecretKey::generate());
    /// let config = SessionConfig::new(key).also_read(SessionConfig::flask(flasks_key), "2027-01-31")?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoDate`] if `until` is no date.
    pub fn also_read(mut self, earlier: Self, until: &str) -> Result<Self, ConfigError> {
        let until = date::end_of_day(until).ok_or_else(|| ConfigError::NoDate {
            date: until.to_owned(),
        })?;
        let still_earlier = earlier.earlier.clone();
        self.earlier.push((Box::new(earlier), until));
        self.earlier.extend(still_earlier);
        Ok(self)
    }

    /// Keeps sessions in a store on the server. The cookie then holds a session's id and a secret, the handlers stay as they
    /// are, and requests that run at the same time lose nothing of each other's.
    ///
    /// ```
    /// use session_runtime::{SessionConfig, signing::SecretKey, store::MemoryStore};
    ///
    /// let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
    /// ```
    ///
    /// Layers that share a store share its sessions: a visitor of one has the same session in the other, by renaming the cookie.
    /// Where their users are not the same, each needs a store of its own: another file, prefix or schema.
    ///
    /// What the cookie held is taken over with [`also_read`](Self::also_read):
    /// `config.clone().store(store).also_read(config, …)`.
    pub fn store(self, store: impl SessionStore) -> Self {
        Self {
            store: Some(Store(Arc::new(store))),
            ..self
        }
    }

    /// How long the store may take for an answer, 2 s without this setting. A request that needs its session and does not get
    /// it in that time is answered 503.
    ///
    /// `RedisStore` has a limit of its own besides, 1.8 s, that `?timeout=SECONDS` in its address sets, and the shorter one counts:
    /// who waits longer for Redis sets both.
    ///
    /// # Errors
    ///
    /// [`ConfigError::StoreTimeout`] if it is less than a millisecond: no request that needs its session would be answered.
    pub fn store_timeout(mut self, limit: Duration) -> Result<Self, ConfigError> {
        if limit < Duration::from_millis(1) {
            return Err(ConfigError::StoreTimeout { limit });
        }
        self.patience.store = limit;
        Ok(self)
    }

    /// How many sessions one user may have in a store: one login more ends the one that began first. Without this setting, any
    /// number.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    /// # use session_runtime::{SessionConfig, signing::SecretKey, store::MemoryStore};
    ///
    /// let config = SessionConfig::new(SecretKey::generate())
    ///     .store(MemoryStore::new())
    ///     .sessions_per_user(NonZeroU32::MIN);
    /// ```
    pub fn sessions_per_user(mut self, most: NonZeroU32) -> Self {
        self.most_sessions = Some(most);
        self
    }

    /// How long after one purge of a store the next may begin, 5 minutes without this setting. Whole seconds count, and at
    /// least one; `None` purges never.
    ///
    /// A purge removes sessions whose time has passed, which nobody can open any more. It begins after a request that was at
    /// the store, in a task of its own for which no request waits, and asks for 500 sessions at a time. What fails is
    /// logged (`session.purge_failed`) and tried again after the interval. Of several processes on one PostgreSQL database one
    /// purges at a time. Redis forgets by itself, and is not asked.
    ///
    /// An application that purges when it chooses ([`StoredSessions::purge`](crate::StoredSessions::purge)) says `None`.
    ///
    /// ```
    /// use std::time::Duration;
    /// # use session_runtime::{SessionConfig, signing::SecretKey, store::MemoryStore};
    ///
    /// let config = SessionConfig::new(SecretKey::generate())
    ///     .store(MemoryStore::new())
    ///     .purge_interval(Some(Duration::from_secs(60 * 60)));
    /// ```
    pub fn purge_interval(mut self, interval: Option<Duration>) -> Self {
        self.purge_interval = interval;
        self
    }

    /// For how long a handler that updates the session has it for itself in a store, and how long the next one waits for it,
    /// 10 s without this setting. Whole seconds count, and at least one.
    ///
    /// A handler with a `&mut` value, or with `#[session(lock)]`, that takes longer is answered 409 if another has wanted the
    /// session meanwhile; one that has waited for so long is answered 503.
    pub fn lease(mut self, duration: Duration) -> Self {
        let duration = duration.max(Duration::from_secs(1));
        self.patience.lease = duration;
        self.patience.wait = duration;
        self
    }

    /// Reads and writes cookies of these settings outside any request. Those of earlier settings
    /// ([`also_read`](Self::also_read)) it does not read.
    #[must_use]
    pub fn serializer(&self) -> CookieSerializer {
        CookieSerializer::new(self.protection(), self.format, self.lifetimes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_in_the_debug_text() {
        let key = SecretKey::generate();
        let text = String::from_utf8(key.expose_secret().to_vec()).unwrap();
        let config = SessionConfig::new(key.clone()).fallbacks([key]);
        assert!(!format!("{config:?}").contains(&text));
    }

    #[test]
    fn the_login_page_is_on_this_site() {
        let config = || SessionConfig::new(SecretKey::generate());
        assert!(config().login_page("/login?theme=dark").is_ok());
        for page in [
            "",
            "login",
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "/a b",
            "/a\n",
        ] {
            assert_eq!(
                config().login_page(page).unwrap_err(),
                ConfigError::LoginPage {
                    page: page.to_owned()
                }
            );
        }
    }
}
