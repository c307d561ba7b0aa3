//! What can be wrong with a configuration: a sentence each, with the mend.

use std::io::ErrorKind;
use std::time::Duration;

use crate::debug_as_display::debug_as_display;
use crate::flask::NotLatin1;
use crate::signing::SecretKeyError;

/// Why a configuration cannot be used. It never contains a key.
///
/// Its `Debug` text is the sentence too, since that is what a `main` prints that returns the error.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Neither `SECRET_KEY` nor `SECRET_KEY_FILE` is set.
    #[error(
        "SECRET_KEY is not set; set it to a key of your own, made with `python3 -c 'import secrets; print(secrets.token_hex())'` or `openssl rand -hex 32`, the same in every process, or SECRET_KEY_FILE to the path of a file that holds it"
    )]
    NoSecretKey,
    /// `SECRET_KEY`, or one of its fallbacks, can be guessed.
    #[error("{variable}: {error}")]
    SecretKey {
        /// The variable, or the setting of a configuration that serde reads.
        variable: &'static str,
        /// What is wrong with the key.
        error: SecretKeyError,
    },
    /// The file that is to hold the key is no good.
    #[error("{variable}: {path} {error}")]
    SecretKeyFile {
        /// The variable, or the setting of a configuration that serde reads.
        variable: &'static str,
        /// The file.
        path: String,
        /// What is wrong with it.
        error: SecretKeyFileError,
    },
    /// Both a key and a file with the key are given.
    #[error(
        "{variable} and {file_variable} are both set, and there is one key only; remove {variable} and keep the file, which fewer programs can read"
    )]
    SecretKeyTwice {
        /// The variable or setting for the key.
        variable: &'static str,
        /// The variable or setting for the file.
        file_variable: &'static str,
    },
    /// `SECRET_KEY_FALLBACKS` is one text. Taken as a list, as Python takes it, it would be many keys of one letter.
    #[error(
        "SECRET_KEY_FALLBACKS is no list; write the keys as a JSON list of strings, as in `[\"older key\", \"old key\"]`"
    )]
    FallbacksNotAList,
    /// A variable of the environment is not what the setting takes.
    #[error("{variable}={value} cannot be read; it takes {takes}")]
    Variable {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A variable of the environment is no text.
    #[error("{variable} is not valid UTF-8; write it as text")]
    NotText {
        /// The variable.
        variable: &'static str,
    },
    /// The date until which earlier settings are read is none.
    #[error(
        "`{date}` is no date; write the last day on which the earlier cookie is read as in 2027-01-31"
    )]
    NoDate {
        /// What was given.
        date: String,
    },
    /// `SameSite=None` without `Secure`.
    #[error(
        "browsers refuse SameSite=None without Secure; set Secure (SESSION_COOKIE_SECURE=true) or SameSite=Lax"
    )]
    SameSiteNoneWithoutSecure,
    /// `Partitioned` without `Secure`.
    #[error(
        "browsers refuse Partitioned without Secure; set Secure (SESSION_COOKIE_SECURE=true) or leave Partitioned off"
    )]
    PartitionedWithoutSecure,
    /// A name with a prefix that promises `Secure`.
    #[error(
        "browsers refuse a cookie named `{name}` without Secure; set Secure (SESSION_COOKIE_SECURE=true) or choose a name without the prefix"
    )]
    PrefixWithoutSecure {
        /// The cookie's name.
        name: String,
    },
    /// `__Host-` with a Domain.
    #[error(
        "browsers refuse a cookie named `{name}` with a Domain; leave the Domain out or name it `__Secure-…`"
    )]
    HostPrefixWithDomain {
        /// The cookie's name.
        name: String,
    },
    /// `__Host-` with another Path than `/`.
    #[error(
        "browsers refuse a cookie named `{name}` with another Path than `/`; set Path=/ or name it `__Secure-…`"
    )]
    HostPrefixWithPath {
        /// The cookie's name.
        name: String,
    },
    /// The name is no token.
    #[error("a cookie cannot be named `{name}`; use letters, digits, `-`, `_` and `.`")]
    CookieName {
        /// The cookie's name.
        name: String,
    },
    /// The Domain is no host name.
    #[error(
        "a cookie's Domain cannot be `{domain}`; write a host name without a scheme, as in `example.com`, and other alphabets as `xn--…`"
    )]
    CookieDomain {
        /// The cookie's Domain.
        domain: String,
    },
    /// The Path is no path.
    #[error("a cookie's Path cannot be `{path}`; it begins with `/`, as in `/app`")]
    CookiePath {
        /// The cookie's Path.
        path: String,
    },
    /// The address names no kind of store.
    #[error(
        "{setting} names no store; it takes `cookie`, `memory`, `sqlite:FILE`, `redis://HOST` or `postgres://USER@HOST/DATABASE`"
    )]
    StoreUnknown {
        /// The variable, or what else held the address. The address is not shown: it may have a password in it.
        setting: &'static str,
    },
    /// The store is one of a feature that is not on.
    #[error(
        "{setting} names a store that this build lacks; add the feature `{feature}` to the dependency on session-runtime, or choose another store"
    )]
    StoreFeature {
        /// The variable, or what else held the address.
        setting: &'static str,
        /// The feature.
        feature: &'static str,
    },
    /// The address is of a kind that there is, and cannot be used.
    #[error("{setting}: {reason}")]
    StoreAddress {
        /// The variable, or what else held the address.
        setting: &'static str,
        /// What is wrong with it. It holds no password.
        reason: String,
    },
    /// The store is given no time for an answer.
    #[error(
        "no store answers within {} s; set `store_timeout` to a millisecond or more, or leave it out for 2 s", limit.as_secs_f32()
    )]
    StoreTimeout {
        /// The time that was set.
        limit: Duration,
    },
    /// Flask-Login could make no remember cookie with the key.
    #[error(transparent)]
    NotLatin1(#[from] NotLatin1),
    /// The session's cookie and the one that remembers a login would be one.
    #[error(
        "the session's cookie and the one that remembers a login are both named `{name}`; give one of them another name"
    )]
    SameName {
        /// The cookies' name.
        name: String,
    },
    /// The login key is one that the session keeps for itself.
    #[error(
        "the login key cannot be `{key}`, which the session keeps for itself; choose another, as `user_id`"
    )]
    LoginKey {
        /// The key.
        key: String,
    },
    /// The login page is not on this site.
    #[error("the login page cannot be `{page}`; write a path on this site, as in `/login`")]
    LoginPage {
        /// The login page.
        page: String,
    },
}

debug_as_display!(ConfigError);

/// What is wrong with a file that is to hold the secret key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretKeyFileError {
    /// It cannot be read.
    #[error("cannot be read ({0}); check the path, and that this process may read it")]
    Unreadable(ErrorKind),
    /// It is far longer than a key.
    #[error("has more than 4096 bytes; name a file that holds the key alone")]
    TooLong,
    /// It is no text.
    #[error("is not UTF-8; write the key as text, as `openssl rand -hex 32` prints it")]
    NotText,
    /// What it holds can be guessed.
    #[error("holds no good key: {0}")]
    Key(SecretKeyError),
}
