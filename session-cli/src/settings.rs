//! What cookies are signed with and how long they live: the options, or one line's own. Makes the library's configuration
//! of it.

use std::time::Duration;

use session_runtime::SessionConfig;
use session_runtime::signing::{Digest, KeyDerivation, SecretKey, SecretKeyError};

use crate::arguments::Common;
use crate::line::Line;

const FALLBACKS: &str = "SECRET_KEY_FALLBACKS";

/// The settings of a cookie; what is `None` is as [`SessionConfig`] has it.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) key: Option<SecretKey>,
    pub(crate) fallbacks: Vec<SecretKey>,
    pub(crate) salt: Option<String>,
    pub(crate) digest: Option<Digest>,
    pub(crate) key_derivation: Option<KeyDerivation>,
    pub(crate) lifetime: Option<u64>,
    pub(crate) is_flask: bool,
    pub(crate) is_encrypted: bool,
}

impl Settings {
    /// What the options say, and the environment where they say nothing.
    pub(crate) fn of(options: &Common) -> Result<Self, SettingsError> {
        let fallbacks = if options.fallback.is_empty() {
            fallbacks_in_environment()?
        } else {
            options.fallback.clone()
        };
        Ok(Self {
            key: options.key.secret_key.clone(),
            fallbacks,
            salt: options.salt.clone(),
            digest: options.digest,
            key_derivation: options.key_derivation,
            lifetime: options.lifetime,
            is_flask: options.flask,
            is_encrypted: options.encrypted,
        })
    }

    /// These, but what the line says instead. `None` if it says nothing.
    pub(crate) fn overridden_by(&self, line: &Line<'_>) -> Option<Self> {
        if !line.has_settings() {
            return None;
        }
        let keys = |texts: &[String]| texts.iter().cloned().map(SecretKey::dangerous).collect();
        Some(Self {
            key: match &line.secret {
                Some(secret) => Some(SecretKey::dangerous(secret.clone())),
                None => self.key.clone(),
            },
            fallbacks: line
                .fallbacks
                .as_deref()
                .map_or_else(|| self.fallbacks.clone(), keys),
            salt: line.salt.clone().or_else(|| self.salt.clone()),
            digest: line.digest.or(self.digest),
            key_derivation: line.key_derivation.or(self.key_derivation),
            lifetime: line.lifetime.or(self.lifetime),
            is_flask: self.is_flask,
            is_encrypted: self.is_encrypted,
        })
    }

    /// Fails where there is no key, and only there.
    pub(crate) fn config(&self) -> Result<SessionConfig, SettingsError> {
        let key = self.key.clone().ok_or(SettingsError::NoKey)?;
        let mut config = if self.is_flask {
            SessionConfig::flask(key)
        } else {
            SessionConfig::new(key)
        };
        config = config.fallbacks(self.fallbacks.iter().cloned());
        if let Some(salt) = &self.salt {
            config = config.salt(salt);
        }
        if let Some(digest) = self.digest {
            config = config.digest(digest);
        }
        if let Some(key_derivation) = self.key_derivation {
            config = config.key_derivation(key_derivation);
        }
        if let Some(seconds) = self.lifetime {
            let lifetime = Duration::from_secs(seconds);
            config = config
                .permanent_lifetime(lifetime)
                .browser_lifetime(lifetime);
        }
        Ok(if self.is_encrypted {
            config.encrypted()
        } else {
            config
        })
    }
}

/// What is to be said against a key that signs, if anything is.
pub(crate) fn weakness(key: &SecretKey) -> Option<SecretKeyError> {
    SecretKey::from_bytes(key.expose_secret()).err()
}

/// Why there are no settings to go on with.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error(
        "there is no key: set SECRET_KEY in the environment or give --secret-key (to look without a key, `decode --unverified`)"
    )]
    NoKey,
    #[error(
        "SECRET_KEY_FALLBACKS is no JSON list of texts: set it like [\"oldest\",\"old\"], or give --fallback"
    )]
    Fallbacks,
}

/// As the library reads them, but any key is accepted. A text that is no list is refused: Python would take it for a list of
/// its letters.
fn fallbacks_in_environment() -> Result<Vec<SecretKey>, SettingsError> {
    let Some(text) = std::env::var_os(FALLBACKS).filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let keys: Vec<String> = text
        .to_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or(SettingsError::Fallbacks)?;
    Ok(keys.into_iter().map(SecretKey::dangerous).collect())
}
