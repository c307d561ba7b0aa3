//! The configuration.

use std::time::Duration;

use crate::clock::Clock;
use crate::session::Settings;
use crate::signing::{SecretKey, TokenSigner};
use crate::store::{Refresh, Rules};

use super::cookie::SetCookie;

/// The configuration.
#[derive(Clone)]
pub struct SessionConfig {
    key: SecretKey,
    clock: Clock,
    login_page: Option<String>,
}

/// Cookie.
pub struct CookieSettings;
/// Error.
pub struct ConfigError;

impl SessionConfig {
    /// New.
    pub fn new(key: SecretKey) -> Self {
        Self {
            key,
            clock: Clock::system(),
            login_page: None,
        }
    }
    /// Login page.
    pub fn login_page(mut self, page: &str) -> Result<Self, ConfigError> {
        self.login_page = Some(page.to_owned());
        Ok(self)
    }
    pub(crate) fn set_cookie(&self) -> SetCookie {
        SetCookie::new("session")
    }
    pub(crate) fn signer(&self) -> TokenSigner {
        TokenSigner::new(self.key.clone())
    }
    pub(crate) fn rules(&self) -> Rules {
        Rules {
            permanent_lifetime: Duration::from_secs(31 * 24 * 3600),
            browser_lifetime: Duration::from_secs(24 * 3600),
            clock_leeway: Duration::from_secs(30),
            refresh: Refresh::AfterTenth,
            max_size: 4096,
            name_length: 7,
        }
    }
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }
    pub(crate) fn session_settings(&self) -> Settings {
        Settings {
            login_key: "user_id".into(),
            login_page: self.login_page.clone(),
        }
    }
}
