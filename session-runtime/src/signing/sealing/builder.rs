//! The settings of a sealed token: keys and salt. There is nothing to choose about the cipher.

use std::sync::Arc;

use super::key::SealingKey;
use super::{SecretKey, Shared, TokenSealer};
use crate::signing::FLASK_SALT;

/// Settings of a [`TokenSealer`], made by [`TokenSealer::builder`].
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{SecretKey, TokenSealer};
///
/// let (old, new) = (SecretKey::generate(), SecretKey::generate());
/// let before = TokenSealer::new(old.clone());
/// let after = TokenSealer::builder(new).fallbacks([old]).build();
///
/// // What was sealed before the key was changed is still opened ...
/// assert!(after.open(&before.seal(b"hello", 0)).is_ok());
/// // ... but everything is sealed with the new key.
/// assert!(before.open(&after.seal(b"hello", 0)).is_err());
/// ```
#[derive(Debug, Clone)]
#[must_use = "only `build` makes a sealer of it"]
pub struct TokenSealerBuilder {
    key: SecretKey,
    fallbacks: Vec<SecretKey>,
    salt: Vec<u8>,
}

impl TokenSealerBuilder {
    pub(super) fn new(key: SecretKey) -> Self {
        Self {
            key,
            fallbacks: Vec::new(),
            salt: FLASK_SALT.to_vec(),
        }
    }

    /// Older keys, which open but never seal, oldest first. Replaces those that were given before.
    ///
    /// A token says which key it was sealed with, so that more of them cost nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSealer};
    ///
    /// let (oldest, old) = (SecretKey::generate(), SecretKey::generate());
    /// let sealer = TokenSealer::builder(SecretKey::generate())
    ///     .fallbacks([oldest.clone(), old])
    ///     .build();
    /// assert!(sealer.open(&TokenSealer::new(oldest).seal(b"hello", 0)).is_ok());
    /// ```
    pub fn fallbacks(mut self, keys: impl IntoIterator<Item = SecretKey>) -> Self {
        self.fallbacks = keys.into_iter().collect();
        self
    }

    /// What the tokens are for: those sealed under another salt are refused. `cookie-session` unless set. No secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenError, TokenSealer};
    ///
    /// let key = SecretKey::generate();
    /// let resets = TokenSealer::builder(key.clone()).salt("password-reset").build();
    /// let sessions = TokenSealer::new(key);
    /// let session = sessions.seal(b"user 7", 0);
    /// assert_eq!(resets.open(&session), Err(TokenError::BadSignature));
    /// ```
    pub fn salt(mut self, salt: impl Into<Vec<u8>>) -> Self {
        self.salt = salt.into();
        self
    }

    /// Derives the keys that encrypt; the secret keys themselves are wiped.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSealer};
    ///
    /// let sealer = TokenSealer::builder(SecretKey::generate()).build();
    /// assert!(sealer.open(&sealer.seal(b"hello", 0)).is_ok());
    /// ```
    #[must_use]
    pub fn build(self) -> TokenSealer {
        let derive = |key: &SecretKey| SealingKey::new(key, &self.salt);
        TokenSealer {
            shared: Arc::new(Shared {
                current: derive(&self.key),
                fallbacks: self.fallbacks.iter().rev().map(derive).collect(),
            }),
        }
    }
}
