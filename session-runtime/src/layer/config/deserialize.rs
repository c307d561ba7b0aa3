//! The configuration as a part of the application's own, from a file or from wherever serde reads.

use serde::de::{Deserialize, Deserializer, Error};

use crate::session::SessionProtection;
use crate::signing::SecretKey;
use crate::store::Refresh;

use super::section::{Section, SettingError};
use super::setting::Setting;
use super::{Compression, ConfigError, CookieSettings, SessionConfig, key_file, store_address};

/// What stands in a session's configuration.
const SETTINGS: [&str; 26] = [
    "preset",
    "secret_key",
    "secret_key_file",
    "fallbacks",
    "salt",
    "digest",
    "key_derivation",
    "encrypted",
    "permanent_lifetime",
    "browser_lifetime",
    "absolute_lifetime",
    "clock_leeway",
    "refresh",
    "compression",
    "cookie",
    "login_key",
    "login_page",
    "also_read",
    "store",
    "store_timeout",
    "lease",
    "sessions_per_user",
    "purge_interval",
    "remember_cookie",
    "remember_lifetime",
    "flask_login",
];

/// The last day of earlier settings, beside which the rest stands.
const UNTIL: &str = "until";

/// What stands in its `cookie` and its `remember_cookie`.
const COOKIE_SETTINGS: [&str; 8] = [
    "name",
    "domain",
    "path",
    "secure",
    "http_only",
    "same_site",
    "partitioned",
    "max_size",
];

/// The settings are named as the functions of [`SessionConfig`] and of [`CookieSettings`] that set them, and the same values
/// are refused. Only the key is required.
///
/// | setting | takes |
/// | --- | --- |
/// | `secret_key` | a text of at least 16 bytes that nobody can guess |
/// | `secret_key_file` | instead: the path of a file that holds it; one line end after it is left out |
/// | `preset` | `"new"`, from which it starts if nothing is said, or `"flask"` |
/// | `fallbacks` | a list of texts, oldest first |
/// | `salt`, `login_key`, `login_page` | a text |
/// | `digest` | `"sha1"`, `"sha256"` or `"sha512"` |
/// | `key_derivation` | `"hmac"`, `"concat"`, `"django-concat"` or `"none"` |
/// | `encrypted` | `true` or `false`; `true` needs the feature `encrypted` |
/// | `permanent_lifetime`, `browser_lifetime`, `absolute_lifetime`, `remember_lifetime`, `clock_leeway`, `store_timeout`, `lease` | seconds, or a text as `"90s"`, `"15m"`, `"12h"` or `"31d"` |
/// | `refresh` | `"each_request"`, `"after_tenth"` or `"never"` |
/// | `compression` | `"when_too_large"` or `"when_shorter"` |
/// | `cookie.name`, `cookie.domain`, `cookie.path` | a text |
/// | `cookie.secure`, `cookie.http_only`, `cookie.partitioned` | `true` or `false` |
/// | `cookie.same_site` | `"Strict"`, `"Lax"` or `"None"`, or `false` to leave it out |
/// | `cookie.max_size` | bytes; 0 is no limit |
/// | `store` | `"cookie"`, or where the server keeps sessions, as [`store_at`](SessionConfig::store_at) takes it |
/// | `sessions_per_user` | a whole number from 1 on |
/// | `purge_interval` | the same as the lifetimes, or `false` for never |
/// | `remember_cookie` | a table as `cookie` is one; what is not in it is as in `cookie`, except the name |
/// | `flask_login` | `"basic"`, `"strong"` or `"off"`, which is how logins shared with Flask-Login are protected |
/// | `also_read` | a list of earlier settings, each a table of what is in this one and `until`, a day as `"2027-01-31"` |
///
/// Earlier settings without a key of their own have the key and the fallbacks of the present ones.
///
/// Numbers and flags may be texts, and the fallbacks the text of a JSON list, as where the value comes from a variable of the
/// environment. What is null counts as not set.
///
/// # Errors
///
/// A sentence with the setting's name and what it takes. It never quotes a value that may be a key. What the parser adds is
/// not ours: toml quotes the line where the session's settings begin, so begin a table with them, as below; and the
/// `Debug` text of its errors holds the whole file. A key in a file of its own is in neither.
///
/// # Examples
///
/// ```
/// use serde::Deserialize;
/// use session_runtime::{SessionConfig, SessionLayer};
///
/// #[derive(Deserialize)]
/// struct AppConfig {
///     session: SessionConfig,
/// }
///
/// let text = r#"
///     [session]
///     secret_key_file = "/run/secrets/session"
///     permanent_lifetime = "12h"
///     login_page = "/login"
///
///     [session.cookie]
///     domain = "example.com"
///     same_site = "Strict"
/// "#;
/// # let name = format!("session-runtime-{}-documented", std::process::id());
/// # let file = std::env::temp_dir().join(name);
/// # std::fs::write(&file, session_runtime::signing::SecretKey::generate().expose_secret())?;
/// # let text = &text.replace("/run/secrets/session", file.to_str().unwrap());
/// let config: AppConfig = toml::from_str(text)?;
/// let layer = SessionLayer::new(config.session);
/// # std::fs::remove_file(file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<'de> Deserialize<'de> for SessionConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        config(Setting::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn config(setting: Setting) -> Result<SessionConfig, SettingError> {
    let mut section = Section::new("a session's configuration", "", setting, &SETTINGS)?;
    let keys = keys(&mut section)?.ok_or(SettingError::NoSecretKey)?;
    let mut config = with_keys(&mut section, keys.clone())?;
    for setting in section.list("also_read")?.unwrap_or_default() {
        let (earlier, until) = earlier(setting, keys.clone())?;
        config = config.also_read(earlier, &until)?;
    }
    Ok(config)
}

/// What was set before, and the last day on which it counts. What is still earlier stands beside it and not in it.
fn earlier(setting: Setting, keys: Keys) -> Result<(SessionConfig, String), SettingError> {
    let mut known = SETTINGS.to_vec();
    known.retain(|name| *name != "also_read");
    known.push(UNTIL);
    let mut section = Section::new("each of `also_read`", "also_read.", setting, &known)?;
    let until = section.text(UNTIL)?.ok_or(SettingError::NoUntil)?;
    let keys = self::keys(&mut section)?.unwrap_or(keys);
    Ok((with_keys(&mut section, keys)?, until))
}

fn with_keys(section: &mut Section, keys: Keys) -> Result<SessionConfig, SettingError> {
    let mut config = preset(section)?(keys.current).fallbacks(keys.fallbacks);
    config = with(config, section.text("salt")?, SessionConfig::salt);
    let digests = "\"sha1\", \"sha256\" or \"sha512\"";
    config = with(
        config,
        section.parsed("digest", digests)?,
        SessionConfig::digest,
    );
    let derivations = "\"hmac\", \"concat\", \"django-concat\" or \"none\"";
    config = with(
        config,
        section.parsed("key_derivation", derivations)?,
        SessionConfig::key_derivation,
    );
    if section.flag("encrypted")? == Some(true) {
        config = encrypted(config)?;
    }
    config = with(
        config,
        section.duration("permanent_lifetime")?,
        SessionConfig::permanent_lifetime,
    );
    config = with(
        config,
        section.duration("browser_lifetime")?,
        SessionConfig::browser_lifetime,
    );
    config = with(
        config,
        section.duration("absolute_lifetime")?,
        SessionConfig::absolute_lifetime,
    );
    config = with(
        config,
        section.duration("clock_leeway")?,
        SessionConfig::clock_leeway,
    );
    config = with(config, refresh(section)?, SessionConfig::refresh);
    config = with(config, compression(section)?, SessionConfig::compression);
    if let Some(protection) = protection(section)? {
        config = config.flask_login(protection)?;
    }
    if let Some(key) = section.text("login_key")? {
        config = config.login_key(key)?;
    }
    if let Some(address) = section.text("store")? {
        config = store_address::with(config, "`store`", &address)?;
    }
    if let Some(limit) = section.duration("store_timeout")? {
        config = config.store_timeout(limit)?;
    }
    config = with(config, section.duration("lease")?, SessionConfig::lease);
    config = with(
        config,
        section.count("sessions_per_user")?,
        SessionConfig::sessions_per_user,
    );
    if let Some(interval) = section.interval("purge_interval")? {
        config = config.purge_interval(interval);
    }
    if let Some(page) = section.text("login_page")? {
        config = config.login_page(page)?;
    }
    if let Some(setting) = section.take("cookie") {
        let cookie = cookie("`cookie`", "cookie.", setting, config.cookie.clone())?;
        config = config.cookie(cookie)?;
    }
    if let Some(setting) = section.take("remember_cookie") {
        let like = config.cookie.clone().without_name();
        let cookie = cookie("`remember_cookie`", "remember_cookie.", setting, like)?;
        config = config.remember_cookie(cookie)?;
    }
    Ok(with(
        config,
        section.duration("remember_lifetime")?,
        SessionConfig::remember_lifetime,
    ))
}

/// What a configuration starts from.
type Preset = fn(SecretKey) -> SessionConfig;

fn preset(section: &mut Section) -> Result<Preset, SettingError> {
    let words = [
        ("new", SessionConfig::new as Preset),
        ("flask", SessionConfig::flask),
    ];
    let preset = section.one_of("preset", "\"new\" or \"flask\"", &words)?;
    Ok(preset.unwrap_or(SessionConfig::new))
}

/// The keys of a configuration.
#[derive(Clone)]
struct Keys {
    current: SecretKey,
    fallbacks: Vec<SecretKey>,
}

/// Nothing where there is no current key; fallbacks alone are a mistake.
fn keys(section: &mut Section) -> Result<Option<Keys>, SettingError> {
    const FILE: &str = "secret_key_file";
    let current = match (section.secret_key("secret_key")?, section.text(FILE)?) {
        (None, None) => None,
        (Some(key), None) => Some(key),
        (None, Some(path)) => Some(key_file::read(FILE, &path)?),
        (Some(_), Some(_)) => {
            return Err(SettingError::Config(ConfigError::SecretKeyTwice {
                variable: "secret_key",
                file_variable: FILE,
            }));
        }
    };
    match (current, section.secret_keys("fallbacks")?) {
        (Some(current), fallbacks) => Ok(Some(Keys {
            current,
            fallbacks: fallbacks.unwrap_or_default(),
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(SettingError::NoSecretKey),
    }
}

fn refresh(section: &mut Section) -> Result<Option<Refresh>, SettingError> {
    let words = [
        ("each_request", Refresh::EachRequest),
        ("after_tenth", Refresh::AfterTenth),
        ("never", Refresh::Never),
    ];
    section.one_of(
        "refresh",
        "\"each_request\", \"after_tenth\" or \"never\"",
        &words,
    )
}

fn compression(section: &mut Section) -> Result<Option<Compression>, SettingError> {
    let words = [
        ("when_too_large", Compression::WhenTooLarge),
        ("when_shorter", Compression::WhenShorter),
    ];
    section.one_of(
        "compression",
        "\"when_too_large\" or \"when_shorter\"",
        &words,
    )
}

fn protection(section: &mut Section) -> Result<Option<SessionProtection>, SettingError> {
    let words = [
        ("basic", SessionProtection::Basic),
        ("strong", SessionProtection::Strong),
        ("off", SessionProtection::Off),
    ];
    section.one_of("flask_login", "\"basic\", \"strong\" or \"off\"", &words)
}

fn cookie(
    what: &'static str,
    prefix: &'static str,
    setting: Setting,
    mut cookie: CookieSettings,
) -> Result<CookieSettings, SettingError> {
    let mut section = Section::new(what, prefix, setting, &COOKIE_SETTINGS)?;
    cookie = with(cookie, section.text("name")?, CookieSettings::name);
    cookie = with(cookie, section.text("domain")?, CookieSettings::domain);
    cookie = with(cookie, section.text("path")?, CookieSettings::path);
    cookie = with(cookie, section.flag("secure")?, CookieSettings::secure);
    cookie = with(
        cookie,
        section.flag("http_only")?,
        CookieSettings::http_only,
    );
    cookie = with(
        cookie,
        section.same_site("same_site")?,
        CookieSettings::same_site,
    );
    cookie = with(
        cookie,
        section.flag("partitioned")?,
        CookieSettings::partitioned,
    );
    Ok(with(
        cookie,
        section.size("max_size")?,
        CookieSettings::max_size,
    ))
}

#[cfg(feature = "encrypted")]
fn encrypted(config: SessionConfig) -> Result<SessionConfig, SettingError> {
    Ok(config.encrypted())
}

#[cfg(not(feature = "encrypted"))]
fn encrypted(_: SessionConfig) -> Result<SessionConfig, SettingError> {
    Err(SettingError::NoEncryption)
}

/// What was given is set; the rest stays.
fn with<C, T>(config: C, given: Option<T>, set: impl FnOnce(C, T) -> C) -> C {
    match given {
        Some(value) => set(config, value),
        None => config,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Setting {
        let key = SecretKey::generate().expose_secret().to_vec();
        Setting::Text(String::from_utf8(key).unwrap().into())
    }

    fn table<const N: usize>(entries: [(&str, Setting); N]) -> Setting {
        Setting::Table(entries.map(|(name, value)| (name.to_owned(), value)).into())
    }

    #[test]
    fn every_known_setting_is_read() {
        for name in SETTINGS {
            let mut settings = vec![(name.to_owned(), Setting::Other)];
            if name != "secret_key" {
                settings.push(("secret_key".to_owned(), key()));
            }
            let error = config(Setting::Table(settings)).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}`")), "{error}");
        }
        for name in COOKIE_SETTINGS {
            for table_name in ["cookie", "remember_cookie"] {
                let cookie = table([(name, Setting::Other)]);
                let error = config(table([("secret_key", key()), (table_name, cookie)]));
                let error = error.unwrap_err().to_string();
                assert!(
                    error.starts_with(&format!("`{table_name}.{name}`")),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn what_is_null_is_not_set() {
        for name in SETTINGS.into_iter().filter(|name| *name != "secret_key") {
            assert!(
                config(table([("secret_key", key()), (name, Setting::Null)])).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn without_a_preset_the_settings_are_those_of_new() {
        let refresh = |preset| {
            let preset = Setting::Text(String::from(preset).into());
            let config = config(table([("secret_key", key()), ("preset", preset)])).unwrap();
            (config.rules().refresh, config.cookie, config.digest)
        };
        let none = config(table([("secret_key", key())])).unwrap();
        assert_eq!(
            refresh("new"),
            (none.rules().refresh, none.cookie, none.digest)
        );
        let flask = SessionConfig::flask(SecretKey::generate());
        assert_eq!(
            refresh("flask"),
            (flask.rules().refresh, flask.cookie, flask.digest)
        );
    }
}
