//! A store named by a text, as a variable of the environment, a configuration file or a command line names it. Which kinds
//! there are depends on the features.

use crate::store::MemoryStore;

use super::{ConfigError, SessionConfig};

impl SessionConfig {
    /// Keeps sessions in the store that this text names:
    ///
    /// | text | store | feature |
    /// | --- | --- | --- |
    /// | `cookie` | none: the cookie holds the session | |
    /// | `memory` | `MemoryStore`, which ends with the process | |
    /// | `sqlite:FILE`, `sqlite:/FOLDER/FILE` | `SqliteStore` in that file | `sqlite` |
    /// | `redis://HOST` and other addresses of Redis and Valkey | `RedisStore` | `redis` |
    /// | `redis+cluster://HOST,HOST`, for a cluster | `RedisStore` | `redis` |
    /// | `rediss://HOST` and `rediss+cluster://HOST,HOST`, through TLS | `RedisStore` | `redis-tls` |
    /// | `postgres://USER@HOST/DATABASE` and other addresses of PostgreSQL | `PostgresStore` | `postgres`, and `postgres-tls` for an `sslmode` that encrypts |
    ///
    /// It is what `SESSION_STORE` means to [`from_env`](Self::from_env). Nothing is connected yet;
    /// [`StoredSessions::prepare`](crate::StoredSessions::prepare) tries it.
    ///
    /// ```
    /// use session_runtime::{SessionConfig, signing::SecretKey};
    ///
    /// let config = SessionConfig::new(SecretKey::generate()).store_at("memory")?;
    /// # Ok::<(), session_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError::StoreUnknown`], [`ConfigError::StoreFeature`] or [`ConfigError::StoreAddress`]. None shows the text,
    /// which may have a password in it.
    pub fn store_at(self, address: &str) -> Result<Self, ConfigError> {
        with(self, "the store's address", address)
    }
}

/// The same, for an address that stood in this setting.
pub(super) fn with(
    config: SessionConfig,
    setting: &'static str,
    address: &str,
) -> Result<SessionConfig, ConfigError> {
    match address {
        "cookie" => {
            return Ok(SessionConfig {
                store: None,
                ..config
            });
        }
        "memory" => return Ok(config.store(MemoryStore::new())),
        _ => {}
    }
    let unknown = ConfigError::StoreUnknown { setting };
    let (scheme, rest) = address.split_once(':').ok_or(unknown.clone())?;
    match scheme {
        "sqlite" => match no_file(rest) {
            Some(reason) => Err(ConfigError::StoreAddress {
                setting,
                reason: reason.to_owned(),
            }),
            None => sqlite(config, setting, rest),
        },
        "redis" | "redis+cluster" | "redis+unix" | "redis-cluster" | "valkey"
        | "valkey+cluster" | "valkey+unix" | "valkey-cluster" => redis(config, setting, address),
        "rediss" | "rediss+cluster" | "rediss-cluster" | "valkeys" | "valkeys+cluster"
        | "valkeys-cluster" => {
            if cfg!(not(feature = "redis-tls")) {
                return Err(lacks(setting, "redis-tls"));
            }
            redis(config, setting, address)
        }
        "postgres" | "postgresql" => postgres(config, setting, address),
        _ => Err(unknown),
    }
}

/// Why this is no file's path. Other libraries write addresses of SQLite's otherwise, and not all alike; what is meant there would
/// be a file somewhere else.
fn no_file(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        Some("a store of SQLite's needs a file; write `sqlite:sessions.db`")
    } else if path == ":memory:" {
        Some("SQLite's memory is each connection's own; write `memory`")
    } else if path.starts_with("//") {
        Some(
            "a file follows `sqlite:` without `//`; write `sqlite:sessions.db`, or `sqlite:/var/lib/app/sessions.db` for one elsewhere",
        )
    } else if path.contains('?') {
        Some("a store of SQLite's has no options; write `sqlite:sessions.db`, which makes the file")
    } else {
        None
    }
}

#[cfg(feature = "sqlite")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "without the feature there is an error"
)]
fn sqlite(
    config: SessionConfig,
    _: &'static str,
    file: &str,
) -> Result<SessionConfig, ConfigError> {
    Ok(config.store(crate::store::SqliteStore::new(file)))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: SessionConfig, setting: &'static str, _: &str) -> Result<SessionConfig, ConfigError> {
    Err(lacks(setting, "sqlite"))
}

#[cfg(feature = "redis")]
fn redis(
    config: SessionConfig,
    setting: &'static str,
    address: &str,
) -> Result<SessionConfig, ConfigError> {
    let store = crate::store::RedisStore::new(address).map_err(|error| refused(setting, &error))?;
    Ok(config.store(store))
}

#[cfg(not(feature = "redis"))]
fn redis(_: SessionConfig, setting: &'static str, _: &str) -> Result<SessionConfig, ConfigError> {
    Err(lacks(setting, "redis"))
}

#[cfg(feature = "postgres")]
fn postgres(
    config: SessionConfig,
    setting: &'static str,
    address: &str,
) -> Result<SessionConfig, ConfigError> {
    let store =
        crate::store::PostgresStore::new(address).map_err(|error| refused(setting, &error))?;
    Ok(config.store(store))
}

#[cfg(not(feature = "postgres"))]
fn postgres(
    _: SessionConfig,
    setting: &'static str,
    _: &str,
) -> Result<SessionConfig, ConfigError> {
    Err(lacks(setting, "postgres"))
}

#[cfg(any(feature = "redis", feature = "postgres"))]
fn refused(setting: &'static str, error: &dyn std::error::Error) -> ConfigError {
    ConfigError::StoreAddress {
        setting,
        reason: error.to_string(),
    }
}

fn lacks(setting: &'static str, feature: &'static str) -> ConfigError {
    ConfigError::StoreFeature { setting, feature }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SecretKey;

    fn at(address: &str) -> Result<bool, ConfigError> {
        let config = SessionConfig::new(SecretKey::generate()).store_at(address)?;
        Ok(config.server_sessions().is_some())
    }

    #[test]
    fn the_cookie_is_no_store_and_takes_a_store_back() {
        assert_eq!(at("cookie"), Ok(false));
        assert_eq!(at("memory"), Ok(true));
        let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
        let config = config.store_at("cookie").unwrap();
        assert!(config.server_sessions().is_none());
    }

    #[test]
    fn what_names_no_store_is_refused_without_being_shown() {
        for address in ["", "Memory", "sessions.db", "mysql://app:hunter22@db/app"] {
            let error = at(address).unwrap_err();
            let setting = "the store's address";
            assert_eq!(error, ConfigError::StoreUnknown { setting }, "{address}");
            assert!(!error.to_string().contains("hunter22"));
        }
    }

    /// `sqlite://sessions.db` would be a file in the root of the file system.
    #[test]
    fn what_other_libraries_call_a_file_of_sqlites_is_told_how() {
        for (address, words) in [
            ("sqlite:", "needs a file"),
            ("sqlite://sessions.db", "without `//`"),
            ("sqlite:///var/sessions.db", "without `//`"),
            ("sqlite:sessions.db?mode=rwc", "has no options"),
            ("sqlite::memory:", "write `memory`"),
        ] {
            let error = at(address).unwrap_err();
            assert!(matches!(error, ConfigError::StoreAddress { .. }), "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
        for address in [
            "sqlite:sessions.db",
            "sqlite:/var/sessions.db",
            "sqlite:./a/b.db",
        ] {
            let error = at(address).err();
            let is_taken = !matches!(error, Some(ConfigError::StoreAddress { .. }));
            assert!(is_taken, "{address}: {error:?}");
        }
    }

    #[test]
    fn each_kind_is_there_or_its_feature_is_named() {
        for (address, feature, is_on) in [
            ("sqlite:sessions.db", "sqlite", cfg!(feature = "sqlite")),
            ("redis://localhost", "redis", cfg!(feature = "redis")),
            ("redis+cluster://one,two", "redis", cfg!(feature = "redis")),
            (
                "rediss://localhost",
                "redis-tls",
                cfg!(feature = "redis-tls"),
            ),
            (
                "rediss+cluster://one,two",
                "redis-tls",
                cfg!(feature = "redis-tls"),
            ),
            (
                "postgres://app@localhost/app",
                "postgres",
                cfg!(feature = "postgres"),
            ),
        ] {
            let setting = "the store's address";
            let expected = if is_on {
                Ok(true)
            } else {
                Err(ConfigError::StoreFeature { setting, feature })
            };
            assert_eq!(at(address), expected, "{address}");
        }
    }

    #[cfg(feature = "redis")]
    #[test]
    fn a_cluster_that_is_said_otherwise_is_told_how() {
        for address in ["redis-cluster://one", "redis://one,two"] {
            let error = at(address).unwrap_err().to_string();
            assert!(error.contains("write redis+cluster://"), "{error}");
        }
    }

    #[cfg(all(feature = "redis", feature = "postgres"))]
    #[test]
    fn no_password_is_in_what_is_said_of_a_bad_address() {
        for address in [
            "redis://app:hunter22@host:port",
            "redis+cluster://app:hunter22@host,host:port",
            "redis://app:hunter22@host,host",
            "postgres://app:hunter22@host:port/app",
        ] {
            let error = at(address).unwrap_err();
            assert!(matches!(error, ConfigError::StoreAddress { .. }), "{error}");
            assert!(!error.to_string().contains("hunter22"), "{error}");
        }
    }
}
