//! What can be wrong with a configuration: a sentence each, with the mend.

use std::fmt;

use crate::signing::SecretKeyError;

/// Why a configuration cannot be used. It never contains a key.
///
/// Its `Debug` text is the sentence too, since that is what a `main` prints that returns the error.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `SECRET_KEY` is not set.
    #[error(
        "SECRET_KEY is not set; set it to a key of your own, made with `python3 -c 'import secrets; print(secrets.token_hex())'` or `openssl rand -hex 32`, the same in every process"
    )]
    NoSecretKey,
    /// `SECRET_KEY`, or one of its fallbacks, can be guessed.
    #[error("{variable}: {error}")]
    SecretKey {
        /// The variable.
        variable: &'static str,
        /// What is wrong with the key.
        error: SecretKeyError,
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
    /// The login page is not on this site.
    #[error("the login page cannot be `{page}`; write a path on this site, as in `/login`")]
    LoginPage {
        /// The login page.
        page: String,
    },
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
