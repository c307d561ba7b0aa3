//! The configuration from the environment, under Flask's names.

use crate::signing::SecretKey;
use crate::store::Refresh;

use super::variable::{Lookup, boolean, flag, list, number, parsed, seconds, text};
use super::{ConfigError, CookieSettings, SameSite, SessionConfig, key_file, store_address};

pub(super) const SECRET_KEY: &str = "SECRET_KEY";
const KEY_FILE: &str = "SECRET_KEY_FILE";
const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";
const STORE: &str = "SESSION_STORE";

pub(super) fn from_env(lookup: Lookup<'_>) -> Result<SessionConfig, ConfigError> {
    let key = key(lookup)?.ok_or(ConfigError::NoSecretKey)?;
    with_key(lookup, key, CookieSettings::new())
}

pub(super) fn development(lookup: Lookup<'_>) -> Result<SessionConfig, ConfigError> {
    let key = key(lookup)?.unwrap_or_else(|| {
        tracing::warn!(
            name: "session.key_generated",
            "SECRET_KEY is not set, so this process signs with a key that it made: sessions in cookies and remembered logins end with the process, and another process cannot read them; set SECRET_KEY to keep them"
        );
        SecretKey::generate()
    });
    with_key(lookup, key, CookieSettings::new().secure(false))
}

/// An empty `SECRET_KEY` beside a file is refused as any other: whoever set it had something in mind.
fn key(lookup: Lookup<'_>) -> Result<Option<SecretKey>, ConfigError> {
    match (text(lookup, SECRET_KEY)?, text(lookup, KEY_FILE)?) {
        (None, None) => Ok(None),
        (Some(key), None) => secret_key(SECRET_KEY, key).map(Some),
        (None, Some(path)) => key_file::read(KEY_FILE, &path).map(Some),
        (Some(_), Some(_)) => Err(ConfigError::SecretKeyTwice {
            variable: SECRET_KEY,
            file_variable: KEY_FILE,
        }),
    }
}

fn with_key(
    lookup: Lookup<'_>,
    key: SecretKey,
    cookie: CookieSettings,
) -> Result<SessionConfig, ConfigError> {
    let mut config = SessionConfig::new(key).cookie(cookie_settings(lookup, cookie)?)?;
    if let Some(fallbacks) = fallbacks(lookup)? {
        config = config.fallbacks(fallbacks);
    }
    if let Some(lifetime) = seconds(lookup, "PERMANENT_SESSION_LIFETIME")? {
        config = config.permanent_lifetime(lifetime);
    }
    if let Some(each_request) = boolean(lookup, "SESSION_REFRESH_EACH_REQUEST")? {
        config = config.refresh(if each_request {
            Refresh::EachRequest
        } else {
            Refresh::Never
        });
    }
    if let Some(address) = text(lookup, STORE)? {
        config = store_address::with(config, STORE, &address)?;
    }
    if let Some(lifetime) = seconds(lookup, "REMEMBER_COOKIE_DURATION")? {
        config = config.remember_lifetime(lifetime);
    }
    let like = config.cookie.clone().without_name();
    let remember = attributes(lookup, &REMEMBER_COOKIE, like.clone())?;
    if remember != like {
        config = config.remember_cookie(remember)?;
    }
    Ok(config)
}

/// What Flask calls the attributes of a cookie.
struct CookieVariables {
    name: &'static str,
    domain: &'static str,
    path: &'static str,
    secure: &'static str,
    http_only: &'static str,
    same_site: &'static str,
}

const SESSION_COOKIE: CookieVariables = CookieVariables {
    name: "SESSION_COOKIE_NAME",
    domain: "SESSION_COOKIE_DOMAIN",
    path: "SESSION_COOKIE_PATH",
    secure: "SESSION_COOKIE_SECURE",
    http_only: "SESSION_COOKIE_HTTPONLY",
    same_site: "SESSION_COOKIE_SAMESITE",
};

const REMEMBER_COOKIE: CookieVariables = CookieVariables {
    name: "REMEMBER_COOKIE_NAME",
    domain: "REMEMBER_COOKIE_DOMAIN",
    path: "REMEMBER_COOKIE_PATH",
    secure: "REMEMBER_COOKIE_SECURE",
    http_only: "REMEMBER_COOKIE_HTTPONLY",
    same_site: "REMEMBER_COOKIE_SAMESITE",
};

fn cookie_settings(
    lookup: Lookup<'_>,
    mut cookie: CookieSettings,
) -> Result<CookieSettings, ConfigError> {
    // As in Flask, a cookie without a path of its own belongs to the whole application.
    if let Some(path) = text(lookup, "APPLICATION_ROOT")? {
        cookie = cookie.path(path);
    }
    cookie = attributes(lookup, &SESSION_COOKIE, cookie)?;
    if let Some(partitioned) = boolean(lookup, "SESSION_COOKIE_PARTITIONED")? {
        cookie = cookie.partitioned(partitioned);
    }
    if let Some(bytes) = number(
        lookup,
        "MAX_COOKIE_SIZE",
        "a whole number of bytes, as in `4096`",
    )? {
        cookie = cookie.max_size(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    Ok(cookie)
}

fn attributes(
    lookup: Lookup<'_>,
    variables: &CookieVariables,
    mut cookie: CookieSettings,
) -> Result<CookieSettings, ConfigError> {
    if let Some(name) = text(lookup, variables.name)? {
        cookie = cookie.name(name);
    }
    if let Some(domain) = text(lookup, variables.domain)? {
        cookie = cookie.domain(domain);
    }
    if let Some(path) = text(lookup, variables.path)? {
        cookie = cookie.path(path);
    }
    if let Some(secure) = boolean(lookup, variables.secure)? {
        cookie = cookie.secure(secure);
    }
    if let Some(http_only) = boolean(lookup, variables.http_only)? {
        cookie = cookie.http_only(http_only);
    }
    if let Some(same_site) = same_site(lookup, variables.same_site)? {
        cookie = cookie.same_site(same_site);
    }
    Ok(cookie)
}

/// Flask leaves the attribute out where its setting is Python's `None`, which the environment cannot say.
fn same_site(
    lookup: Lookup<'_>,
    variable: &'static str,
) -> Result<Option<Option<SameSite>>, ConfigError> {
    if text(lookup, variable)?.is_some_and(|value| flag(&value) == Some(false)) {
        return Ok(Some(None));
    }
    let takes = "`Strict`, `Lax` or `None`, or `false` to leave it out";
    Ok(parsed(lookup, variable, takes)?.map(Some))
}

/// A list, and not a text: Python takes a text as a list of its letters, and then a cookie signed with one letter is
/// good.
fn fallbacks(lookup: Lookup<'_>) -> Result<Option<Vec<SecretKey>>, ConfigError> {
    let Some(text) = text(lookup, FALLBACKS)? else {
        return Ok(None);
    };
    let keys = list(&text).ok_or(ConfigError::FallbacksNotAList)?;
    keys.into_iter()
        .map(|key| secret_key(FALLBACKS, key))
        .collect::<Result<_, _>>()
        .map(Some)
}

pub(super) fn secret_key(variable: &'static str, key: String) -> Result<SecretKey, ConfigError> {
    SecretKey::new(key).map_err(|error| ConfigError::SecretKey { variable, error })
}

#[cfg(test)]
mod tests;
