//! How a signing key comes from a secret key and a salt.
//!
//! Knows the four ways of itsdangerous' `Signer.derive_key`; which one, and which salt, is told.

use std::fmt;
use std::str::FromStr;

use super::SecretKey;
use super::digest::{Digest, Mac};

/// How the signing key is made of the secret key and the salt (itsdangerous: `key_derivation`).
///
/// Flask's own is [`Hmac`](Self::Hmac); the others are for applications that changed
/// `SecureCookieSessionInterface.key_derivation`, or that read tokens of a bare itsdangerous, whose
/// default is [`DjangoConcat`](Self::DjangoConcat). None of them makes a strong key of a short
/// password.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::KeyDerivation;
///
/// let derivation: KeyDerivation = "django-concat".parse()?;
/// assert_eq!(derivation, KeyDerivation::DjangoConcat);
/// assert_eq!(derivation.to_string(), "django-concat");
/// # Ok::<(), session_runtime::signing::UnknownKeyDerivation>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyDerivation {
    /// `HMAC(secret, salt)`. Flask's default, and the one to take.
    Hmac,
    /// `digest(salt + secret)`.
    Concat,
    /// `digest(salt + "signer" + secret)`, as Django once did.
    DjangoConcat,
    /// The secret key itself: the salt has no say, so tokens signed for another purpose with the
    /// same secret key are accepted here.
    None,
}

impl KeyDerivation {
    /// The name under which itsdangerous knows it.
    const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "hmac",
            Self::Concat => "concat",
            Self::DjangoConcat => "django-concat",
            Self::None => "none",
        }
    }

    /// Derives the signing key, and makes HMAC ready with it.
    pub(super) fn derive(self, digest: Digest, secret: &SecretKey, salt: &[u8]) -> Mac {
        let secret = secret.expose_secret();
        let derived = match self {
            Self::Hmac => Mac::new(digest, secret).sign(salt),
            Self::Concat => digest.hash(&[salt, secret]),
            Self::DjangoConcat => digest.hash(&[salt, b"signer", secret]),
            Self::None => return Mac::new(digest, secret),
        };
        Mac::new(digest, derived.as_bytes())
    }
}

impl fmt::Display for KeyDerivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyDerivation {
    type Err = UnknownKeyDerivation;

    /// Reads itsdangerous' name: `hmac`, `concat`, `django-concat` or `none`.
    fn from_str(name: &str) -> Result<Self, UnknownKeyDerivation> {
        [Self::Hmac, Self::Concat, Self::DjangoConcat, Self::None]
            .into_iter()
            .find(|derivation| derivation.name() == name)
            .ok_or_else(|| UnknownKeyDerivation(name.to_owned()))
    }
}

/// A name that is no [`KeyDerivation`]'s.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::KeyDerivation;
///
/// let error = "pbkdf2".parse::<KeyDerivation>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"pbkdf2\" is no key derivation: use hmac, concat, django-concat or none",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key derivation: use hmac, concat, django-concat or none")]
pub struct UnknownKeyDerivation(String);
