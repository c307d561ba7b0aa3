//! The configuration from the environment, under Flask's names.

use std::env::VarError;
use std::str::FromStr;
use std::time::Duration;

use crate::signing::SecretKey;
use crate::store::Refresh;

use super::{ConfigError, CookieSettings, SameSite, SessionConfig, key_file, store_address};

const SECRET_KEY: &str = "SECRET_KEY";
const KEY_FILE: &str = "SECRET_KEY_FILE";
const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";
const STORE: &str = "SESSION_STORE";

/// Where variables come from.
type Lookup<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

pub(super) fn from_env(lookup: Lookup<'_>) -> Result<SessionConfig, ConfigError> {
    let key = key(lookup)?.ok_or(ConfigError::NoSecretKey)?;
    with_key(lookup, key, CookieSettings::new())
}

pub(super) fn development(lookup: Lookup<'_>) -> Result<SessionConfig, ConfigError> {
    let key = key(lookup)?.unwrap_or_else(|| {
        tracing::warn!(
            name: "session.key_generated",
            "SECRET_KEY is not set, so this process signs with a key that it made: sessions end with the process, and another process cannot read them; set SECRET_KEY to keep them"
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
    if let Some(seconds) = number(
        lookup,
        "PERMANENT_SESSION_LIFETIME",
        "a whole number of seconds, as in `3600`",
    )? {
        config = config.permanent_lifetime(Duration::from_secs(seconds));
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
    Ok(config)
}

fn cookie_settings(
    lookup: Lookup<'_>,
    mut cookie: CookieSettings,
) -> Result<CookieSettings, ConfigError> {
    if let Some(name) = text(lookup, "SESSION_COOKIE_NAME")? {
        cookie = cookie.name(name);
    }
    if let Some(domain) = text(lookup, "SESSION_COOKIE_DOMAIN")? {
        cookie = cookie.domain(domain);
    }
    // As in Flask, a cookie without a path of its own belongs to the whole application.
    let path = match text(lookup, "SESSION_COOKIE_PATH")? {
        Some(path) => Some(path),
        None => text(lookup, "APPLICATION_ROOT")?,
    };
    if let Some(path) = path {
        cookie = cookie.path(path);
    }
    if let Some(secure) = boolean(lookup, "SESSION_COOKIE_SECURE")? {
        cookie = cookie.secure(secure);
    }
    if let Some(http_only) = boolean(lookup, "SESSION_COOKIE_HTTPONLY")? {
        cookie = cookie.http_only(http_only);
    }
    if let Some(partitioned) = boolean(lookup, "SESSION_COOKIE_PARTITIONED")? {
        cookie = cookie.partitioned(partitioned);
    }
    if let Some(same_site) = same_site(lookup)? {
        cookie = cookie.same_site(same_site);
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

/// Flask leaves the attribute out where its setting is Python's `None`, which the environment cannot say.
fn same_site(lookup: Lookup<'_>) -> Result<Option<Option<SameSite>>, ConfigError> {
    const VARIABLE: &str = "SESSION_COOKIE_SAMESITE";
    if text(lookup, VARIABLE)?.is_some_and(|value| flag(&value) == Some(false)) {
        return Ok(Some(None));
    }
    let takes = "`Strict`, `Lax` or `None`, or `false` to leave it out";
    Ok(parsed(lookup, VARIABLE, takes)?.map(Some))
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

/// The texts in a JSON list of texts.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).ok()
}

pub(super) fn secret_key(variable: &'static str, key: String) -> Result<SecretKey, ConfigError> {
    SecretKey::new(key).map_err(|error| ConfigError::SecretKey { variable, error })
}

/// Whole numbers, so that Flask and we mean the same.
fn number(
    lookup: Lookup<'_>,
    variable: &'static str,
    takes: &'static str,
) -> Result<Option<u64>, ConfigError> {
    parsed(lookup, variable, takes)
}

fn boolean(lookup: Lookup<'_>, variable: &'static str) -> Result<Option<bool>, ConfigError> {
    let Some(value) = text(lookup, variable)? else {
        return Ok(None);
    };
    match flag(&value) {
        Some(flag) => Ok(Some(flag)),
        None => Err(ConfigError::Variable {
            variable,
            value,
            takes: "`true` or `false`",
        }),
    }
}

/// The words for true and false in any letter case.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn parsed<T: FromStr>(
    lookup: Lookup<'_>,
    variable: &'static str,
    takes: &'static str,
) -> Result<Option<T>, ConfigError> {
    let Some(value) = text(lookup, variable)? else {
        return Ok(None);
    };
    match value.parse() {
        Ok(parsed) => Ok(Some(parsed)),
        Err(_) => Err(ConfigError::Variable {
            variable,
            value,
            takes,
        }),
    }
}

/// A variable that is set to nothing is not set, as where `docker compose` passes one on; the key is an exception.
fn text(lookup: Lookup<'_>, variable: &'static str) -> Result<Option<String>, ConfigError> {
    match lookup(variable) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty() || variable == SECRET_KEY)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(ConfigError::NotText { variable }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::key_file::tests::TestFile;
    use super::*;
    use crate::signing::TokenSigner;

    const KEY: &str = "e3b0c44298fc1c149afbf4c8996fb924";
    const OLD: &str = "27ae41e4649b934ca495991b7852b855";

    fn read<'a>(
        variables: &'a [(&'a str, &'a str)],
    ) -> impl Fn(&str) -> Result<String, VarError> + 'a {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        move |name| find(name).ok_or(VarError::NotPresent)
    }

    fn config(variables: &[(&str, &str)]) -> Result<SessionConfig, ConfigError> {
        let variables: Vec<_> = [(SECRET_KEY, KEY)]
            .into_iter()
            .chain(variables.iter().copied())
            .collect();
        from_env(&read(&variables))
    }

    fn sentence(variables: &[(&str, &str)]) -> String {
        config(variables).unwrap_err().to_string()
    }

    /// rwf2/Rocket #2721: a key made at start differs in each process.
    #[test]
    fn without_a_key_there_is_no_configuration_except_for_development() {
        assert_eq!(from_env(&read(&[])).unwrap_err(), ConfigError::NoSecretKey);
        assert!(development(&read(&[])).is_ok());
    }

    #[test]
    fn a_key_that_can_be_guessed_is_refused_everywhere() {
        for key in ["", "short", "changeme"] {
            assert!(
                matches!(
                    from_env(&read(&[(SECRET_KEY, key)])),
                    Err(ConfigError::SecretKey { .. })
                ),
                "{key}"
            );
            assert!(
                matches!(
                    development(&read(&[(SECRET_KEY, key)])),
                    Err(ConfigError::SecretKey { .. })
                ),
                "{key}"
            );
        }
    }

    #[test]
    fn the_key_may_be_in_a_file() {
        let file = TestFile::new(format!("{KEY}\n"));
        let variables = [(KEY_FILE, file.path())];
        for configuration in [from_env, development] {
            let config = configuration(&read(&variables)).unwrap();
            let signed = SessionConfig::new(SecretKey::new(KEY).unwrap()).serializer();
            let cookie = signed.encode("{}", 0).unwrap();
            assert!(config.serializer().decode(&cookie).is_ok());
        }
        let missing = [(KEY_FILE, "/no/such/file")];
        for configuration in [from_env, development] {
            let error = configuration(&read(&missing)).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("SECRET_KEY_FILE: /no/such/file cannot be read")
            );
        }
    }

    #[test]
    fn a_key_and_a_file_are_one_too_many() {
        let file = TestFile::new(KEY);
        for key in [KEY, OLD, ""] {
            let variables = [(SECRET_KEY, key), (KEY_FILE, file.path())];
            for configuration in [from_env, development] {
                assert_eq!(
                    configuration(&read(&variables)).unwrap_err().to_string(),
                    "SECRET_KEY and SECRET_KEY_FILE are both set, and there is one key only; remove SECRET_KEY and keep the file, which fewer programs can read"
                );
            }
        }
        assert!(config(&[(KEY_FILE, "")]).is_ok());
    }

    #[test]
    fn a_cookie_without_a_path_of_its_own_has_the_applications() {
        let path = |variables| config(variables).unwrap().cookie.path;
        assert_eq!(path(&[("APPLICATION_ROOT", "/app")]), "/app");
        let both = [
            ("APPLICATION_ROOT", "/app"),
            ("SESSION_COOKIE_PATH", "/app/admin"),
        ];
        assert_eq!(path(&both), "/app/admin");
        assert_eq!(
            path(&[("APPLICATION_ROOT", "/app"), ("SESSION_COOKIE_PATH", "")]),
            "/app"
        );
    }

    #[test]
    fn same_site_can_be_left_out() {
        for no in ["false", "off", "0"] {
            let config = config(&[("SESSION_COOKIE_SAMESITE", no)]).unwrap();
            assert_eq!(config.cookie.same_site, None);
        }
        assert!(config(&[("SESSION_COOKIE_SAMESITE", "true")]).is_err());
    }

    /// pallets/flask #5690: a fallback given as one text became many keys of one letter.
    #[test]
    fn fallbacks_that_are_one_text_are_refused() {
        for text in ["oldsecret", "\"oldsecret\"", "{}", "[1]"] {
            assert_eq!(
                config(&[(FALLBACKS, text)]).unwrap_err(),
                ConfigError::FallbacksNotAList,
                "{text}"
            );
        }
        assert!(sentence(&[(FALLBACKS, "[\"o\"]")]).starts_with("SECRET_KEY_FALLBACKS: "));
        assert!(config(&[(FALLBACKS, "[]")]).is_ok());
    }

    #[test]
    fn fallbacks_verify_and_never_sign() {
        let list = format!("[\"{OLD}\"]");
        let signer = config(&[(FALLBACKS, &list)]).unwrap().signer("salt");
        let only = |key: &str| SessionConfig::new(SecretKey::new(key).unwrap()).signer("salt");
        let verifies = |signer: &TokenSigner, token: &str| signer.verify(token).is_ok();
        assert!(verifies(&signer, &only(OLD).sign(b"{}", 0)));
        assert!(verifies(&only(KEY), &signer.sign(b"{}", 0)));
        assert!(!verifies(&only(OLD), &signer.sign(b"{}", 0)));
    }

    #[test]
    fn every_setting_of_the_cookie_is_read() {
        let config = config(&[
            ("SESSION_COOKIE_NAME", "sid"),
            ("SESSION_COOKIE_DOMAIN", "example.com"),
            ("SESSION_COOKIE_PATH", "/app"),
            ("SESSION_COOKIE_HTTPONLY", "off"),
            ("SESSION_COOKIE_SAMESITE", "none"),
            ("SESSION_COOKIE_PARTITIONED", "1"),
            ("SESSION_COOKIE_SECURE", "True"),
            ("MAX_COOKIE_SIZE", "100"),
        ]);
        let expected = CookieSettings::new()
            .name("sid")
            .domain("example.com")
            .path("/app")
            .http_only(false)
            .same_site(SameSite::None)
            .partitioned(true)
            .max_size(100);
        assert_eq!(config.unwrap().cookie, expected);
    }

    #[test]
    fn lifetime_and_refresh_are_read() {
        let config = config(&[
            ("PERMANENT_SESSION_LIFETIME", "3600"),
            ("SESSION_REFRESH_EACH_REQUEST", "false"),
        ])
        .unwrap();
        assert_eq!(config.lifetimes().permanent, Duration::from_secs(3600));
        assert_eq!(config.rules().refresh, Refresh::Never);
    }

    #[test]
    fn the_store_is_read_and_is_the_cookie_where_nothing_is_said() {
        let has_store = |variables| config(variables).unwrap().server_sessions().is_some();
        assert!(has_store(&[(STORE, "memory")]));
        assert!(!has_store(&[(STORE, "cookie")]));
        assert!(!has_store(&[(STORE, "")]));
        assert!(!has_store(&[]));
        assert!(
            sentence(&[(STORE, "memcached://cache")]).starts_with("SESSION_STORE names no store")
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_with_what_the_variable_takes() {
        assert_eq!(
            sentence(&[("SESSION_COOKIE_SECURE", "ture")]),
            "SESSION_COOKIE_SECURE=ture cannot be read; it takes `true` or `false`"
        );
        assert_eq!(
            sentence(&[("PERMANENT_SESSION_LIFETIME", "1h")]),
            "PERMANENT_SESSION_LIFETIME=1h cannot be read; it takes a whole number of seconds, as in `3600`"
        );
        assert_eq!(
            sentence(&[("SESSION_COOKIE_SAMESITE", "lux")]),
            "SESSION_COOKIE_SAMESITE=lux cannot be read; it takes `Strict`, `Lax` or `None`, or `false` to leave it out"
        );
        assert!(sentence(&[("MAX_COOKIE_SIZE", "-1")]).contains("whole number of bytes"));
        assert!(
            sentence(&[
                ("SESSION_COOKIE_SAMESITE", "None"),
                ("SESSION_COOKIE_SECURE", "0")
            ])
            .contains("SameSite=None without Secure")
        );
    }

    #[test]
    fn development_works_over_plain_http_unless_it_is_told_otherwise() {
        let cookie = development(&read(&[])).unwrap().cookie;
        assert_eq!(
            (cookie.is_secure(), cookie.resolved_name().as_str()),
            (false, "session")
        );
        let cookie = development(&read(&[("SESSION_COOKIE_SECURE", "true")]))
            .unwrap()
            .cookie;
        assert_eq!(
            (cookie.is_secure(), cookie.resolved_name().as_str()),
            (true, "__Host-session")
        );
    }

    #[test]
    fn a_variable_that_is_set_to_nothing_is_not_set() {
        let config = config(&[
            ("SESSION_COOKIE_DOMAIN", ""),
            (FALLBACKS, ""),
            ("MAX_COOKIE_SIZE", ""),
        ]);
        assert_eq!(config.unwrap().cookie, CookieSettings::new());
    }

    #[test]
    fn a_variable_that_is_no_text_is_an_error() {
        let lookup = |name: &str| match name {
            SECRET_KEY => Ok(KEY.to_owned()),
            _ => Err(VarError::NotUnicode("x".into())),
        };
        let error = from_env(&lookup).unwrap_err();
        assert_eq!(
            error.to_string(),
            "SECRET_KEY_FILE is not valid UTF-8; write it as text"
        );
    }
}
