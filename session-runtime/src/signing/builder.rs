//! The settings of a token: keys, salt, digest, key derivation and how far to inflate.
//!
//! Knows Flask's defaults, and nothing of where another setting comes from.

use super::signer::Signer;
use super::{Digest, FLASK_SALT, KeyDerivation, SecretKey, TokenSigner};

/// How many bytes a payload may inflate to, unless told otherwise.
///
/// A browser keeps a cookie of 4096 bytes, and deflate packs at most 1032 to one, so that a cookie
/// that a key holder made on purpose could unpack to 3 MiB. One MiB is far above what JSON of a
/// session packs to, and little enough for every request at once.
pub(super) const MAX_INFLATED: usize = 1 << 20;

/// Settings of a [`TokenSigner`], made by [`TokenSigner::builder`].
///
/// # Examples
///
/// ```
/// use session_runtime::signing::{KeyDerivation, SecretKey, TokenSigner};
///
/// let (old, new) = (SecretKey::generate(), SecretKey::generate());
/// let before = TokenSigner::new(old.clone());
/// let after = TokenSigner::builder(new).fallbacks([old]).build();
///
/// // What was signed before the key was changed is still accepted ...
/// assert!(after.verify(&before.sign(b"hello", 0)).is_ok());
/// // ... but everything is signed with the new key.
/// assert!(before.verify(&after.sign(b"hello", 0)).is_err());
/// ```
#[derive(Debug, Clone)]
#[must_use = "only `build` makes a signer of it"]
pub struct TokenSignerBuilder {
    key: SecretKey,
    fallbacks: Vec<SecretKey>,
    salt: Vec<u8>,
    digest: Digest,
    key_derivation: KeyDerivation,
    compressed_from: usize,
    max_inflated: usize,
}

impl TokenSignerBuilder {
    pub(super) fn new(key: SecretKey) -> Self {
        Self {
            key,
            fallbacks: Vec::new(),
            salt: FLASK_SALT.to_vec(),
            digest: Digest::Sha1,
            key_derivation: KeyDerivation::Hmac,
            compressed_from: 0,
            max_inflated: MAX_INFLATED,
        }
    }

    /// Older keys, which verify but never sign (Flask: `SECRET_KEY_FALLBACKS`), oldest first.
    ///
    /// Replaces those that were given before. Each costs one HMAC for a token that is not signed
    /// with the current key; the last is tried first.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSigner};
    ///
    /// let (oldest, old) = (SecretKey::generate(), SecretKey::generate());
    /// let signer = TokenSigner::builder(SecretKey::generate())
    ///     .fallbacks([oldest.clone(), old])
    ///     .build();
    /// assert!(signer.verify(&TokenSigner::new(oldest).sign(b"hello", 0)).is_ok());
    /// ```
    pub fn fallbacks(mut self, keys: impl IntoIterator<Item = SecretKey>) -> Self {
        self.fallbacks = keys.into_iter().collect();
        self
    }

    /// What the tokens are for: those signed under another salt are refused. `cookie-session` unless
    /// set, as in Flask (`SecureCookieSessionInterface.salt`). No secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenError, TokenSigner};
    ///
    /// let key = SecretKey::generate();
    /// let resets = TokenSigner::builder(key.clone()).salt("password-reset").build();
    /// let sessions = TokenSigner::new(key);
    /// let session = sessions.sign(b"user 7", 0);
    /// assert_eq!(resets.verify(&session), Err(TokenError::BadSignature));
    /// ```
    pub fn salt(mut self, salt: impl Into<Vec<u8>>) -> Self {
        self.salt = salt.into();
        self
    }

    /// The hash function; [`Digest::Sha1`] unless set, as in Flask.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{Digest, SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::builder(SecretKey::generate()).digest(Digest::Sha512).build();
    /// assert_eq!(signer.sign(b"", 0).len(), 2 + 86);
    /// ```
    pub fn digest(mut self, digest: Digest) -> Self {
        self.digest = digest;
        self
    }

    /// How signing keys are made; [`KeyDerivation::Hmac`] unless set, as in Flask.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{KeyDerivation, SecretKey, TokenSigner};
    ///
    /// let key = SecretKey::dangerous("secret");
    /// let signer = TokenSigner::builder(key.clone())
    ///     .key_derivation(KeyDerivation::DjangoConcat)
    ///     .build();
    /// assert_ne!(signer.sign(b"hello", 0), TokenSigner::new(key).sign(b"hello", 0));
    /// ```
    pub fn key_derivation(mut self, key_derivation: KeyDerivation) -> Self {
        self.key_derivation = key_derivation;
        self
    }

    /// How many bytes a compressed payload may hold; one MiB unless set.
    ///
    /// What was not compressed is as long as its token says and is not measured.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenError, TokenSigner};
    ///
    /// let key = SecretKey::generate();
    /// let signer = TokenSigner::builder(key.clone()).max_inflated(4096).build();
    /// let token = TokenSigner::new(key).sign(&[b'a'; 5000], 0);
    /// assert_eq!(
    ///     signer.verify(&token),
    ///     Err(TokenError::TooLarge { signed_at: 0, limit: 4096 }),
    /// );
    /// ```
    pub fn max_inflated(mut self, bytes: usize) -> Self {
        self.max_inflated = bytes;
        self
    }

    /// How many bytes a payload has at least that is compressed where that makes it shorter; 0 unless set, as in Flask.
    /// Compressing takes tens of microseconds. What others have compressed is read whatever its length.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::builder(SecretKey::generate()).compressed_from(1000).build();
    /// assert!(!signer.sign(&[b'a'; 999], 0).starts_with('.'));
    /// assert!(signer.sign(&[b'a'; 1000], 0).starts_with('.'));
    /// ```
    pub fn compressed_from(mut self, bytes: usize) -> Self {
        self.compressed_from = bytes;
        self
    }

    /// Derives the signing keys; the secret keys themselves are wiped.
    ///
    /// # Examples
    ///
    /// ```
    /// use session_runtime::signing::{SecretKey, TokenSigner};
    ///
    /// let signer = TokenSigner::builder(SecretKey::generate()).build();
    /// assert!(signer.verify(&signer.sign(b"hello", 0)).is_ok());
    /// ```
    #[must_use]
    pub fn build(self) -> TokenSigner {
        let derive = |key: &SecretKey| self.key_derivation.derive(self.digest, key, &self.salt);
        let signer = Signer::new(derive(&self.key), self.fallbacks.iter().map(derive));
        TokenSigner::with(signer, self.compressed_from..=self.max_inflated)
    }
}
