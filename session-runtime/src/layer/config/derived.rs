//! What the layer makes of the settings.

use std::borrow::Cow;
use std::sync::Arc;

use crate::layer::cookie::SetCookie;
use crate::layer::earlier::Earlier;
use crate::session::Settings;
#[cfg(feature = "encrypted")]
use crate::signing::TokenSealer;
use crate::signing::TokenSigner;
use crate::store::{Lifetimes, Protection, Rules, ServerSessions};

use super::{BrowserLifetime, Compression, CookieSettings, DAY, SALT, SessionConfig};

impl SessionConfig {
    pub(in crate::layer) fn rules(&self) -> Rules {
        Rules {
            refresh: self.refresh,
            max_size: match self.cookie.max_size {
                0 => usize::MAX,
                limit => limit,
            },
            keeps_empty: self.keeps_empty,
        }
    }

    pub(in crate::layer) fn server_sessions(&self) -> Option<ServerSessions> {
        let store = self.store.clone()?;
        let sessions = ServerSessions::new(
            store.0,
            self.lifetimes(),
            self.refresh,
            self.patience,
            self.most_sessions,
            self.purge_interval,
        );
        Some(sessions)
    }

    pub(in crate::layer) fn earlier(&self) -> Vec<Earlier> {
        self.earlier
            .iter()
            .map(|(config, until)| Earlier::new(config, *until))
            .collect()
    }

    pub(in crate::layer) fn set_cookie(&self) -> SetCookie {
        SetCookie::new(&self.cookie)
    }

    pub(in crate::layer) fn session_settings(&self) -> Settings {
        Settings {
            login_key: self.login_key.clone(),
            login_page: self.login_page.clone(),
            format: self.format,
            clock: self.clock.clone(),
            users: None,
            recall: Some(Arc::new(self.remember())),
            flask_login: self.flask_login,
        }
    }

    pub(super) fn protection(&self) -> Protection {
        self.protection_of(&self.resolved_salt())
    }

    /// What is signed with it is another layer's, if that has the same key: their cookies differ in name.
    pub(super) fn resolved_salt(&self) -> Cow<'_, str> {
        match (&self.salt, self.cookie.own_name()) {
            (Some(salt), _) => salt.into(),
            (None, Some(name)) if !CookieSettings::is_usual(name) => {
                format!("{SALT}/{name}").into()
            }
            (None, _) => SALT.into(),
        }
    }

    /// What is signed, or encrypted, with another salt.
    pub(super) fn protection_of(&self, salt: &str) -> Protection {
        #[cfg(feature = "encrypted")]
        if self.encrypted {
            return Protection::Encrypted(self.sealer(salt));
        }
        Protection::Signed(self.signer(salt))
    }

    #[cfg(feature = "encrypted")]
    fn sealer(&self, salt: &str) -> TokenSealer {
        TokenSealer::builder(self.key.clone())
            .fallbacks(self.fallbacks.iter().cloned())
            .salt(salt.as_bytes())
            .build()
    }

    pub(super) fn signer(&self, salt: &str) -> TokenSigner {
        TokenSigner::builder(self.key.clone())
            .fallbacks(self.fallbacks.iter().cloned())
            .salt(salt.as_bytes())
            .digest(self.digest)
            .key_derivation(self.key_derivation)
            .compressed_from(match self.compression {
                Compression::WhenShorter => 0,
                Compression::WhenTooLarge => self.longest_payload().saturating_add(1),
            })
            .build()
    }

    /// How many bytes of a payload the cookie has room for, if they are not compressed.
    fn longest_payload(&self) -> usize {
        let name_length = self.cookie.resolved_name().len();
        TokenSigner::longest_payload(
            self.digest,
            self.rules().max_size.saturating_sub(name_length),
        )
    }

    pub(super) fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            permanent: self.permanent_lifetime,
            browser: match self.browser_lifetime {
                BrowserLifetime::DayOrLess => DAY.min(self.permanent_lifetime),
                BrowserLifetime::Permanent => self.permanent_lifetime,
                BrowserLifetime::Own(lifetime) => lifetime,
            },
            absolute: self.absolute_lifetime,
            clock_leeway: self.clock_leeway,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::layer::config::CookieSettings;
    use crate::signing::SecretKey;

    #[test]
    fn a_browser_session_does_not_outlive_a_permanent_one() {
        let config = SessionConfig::new(SecretKey::generate());
        assert_eq!(config.lifetimes().browser, DAY);
        let hour = Duration::from_secs(3600);
        assert_eq!(
            config.clone().permanent_lifetime(hour).lifetimes().browser,
            hour
        );
        assert_eq!(
            config.browser_lifetime(2 * DAY).lifetimes().browser,
            2 * DAY
        );
    }

    #[test]
    fn a_cookie_size_of_0_is_no_limit() {
        let cookie = CookieSettings::new().max_size(0);
        let config = SessionConfig::new(SecretKey::generate())
            .cookie(cookie)
            .unwrap();
        assert_eq!(config.rules().max_size, usize::MAX);
    }
}
