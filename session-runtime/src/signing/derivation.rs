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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_derivation_signs_as_itsdangerous_does() {
        // itsdangerous.Signer("secret", salt="salt", key_derivation=…, digest_method=…).sign("text")
        for (derivation, digest, signature) in [
            (
                KeyDerivation::Hmac,
                Digest::Sha1,
                "MZX-qlLu6WpTCuOh-Bd64tD8kEc",
            ),
            (
                KeyDerivation::Hmac,
                Digest::Sha256,
                "qxHrdpjybsU5-wwpOj16ku5IpoT4fxdEqg_CixE_cas",
            ),
            (
                KeyDerivation::Hmac,
                Digest::Sha512,
                "gRUaSsFkH91JsnUaWhPWoUHh_udlzCALhFko4GnJ3uQIhjAXQ3JvQUOZJwpsF9zmpkwXYDax53Hv_SuUyHHhkQ",
            ),
            (
                KeyDerivation::Concat,
                Digest::Sha1,
                "6dtkmKjqjwXkw_n1PZrTz2ex8Fs",
            ),
            (
                KeyDerivation::Concat,
                Digest::Sha256,
                "i_RYokj71_JXF00kb6HW2MLU3HCya7ed59rxoJ8x118",
            ),
            (
                KeyDerivation::Concat,
                Digest::Sha512,
                "V9frjHqHNAi3aMX23KiIJHpWsukcey0Y0Y1m2YdArXv22ykcAbUpgwVvdkGzTd-JLUZd0oyp9mCdcGh4s4bqNg",
            ),
            (
                KeyDerivation::DjangoConcat,
                Digest::Sha1,
                "kJSr9j2WoiAtEX-Cg41dswXUFyg",
            ),
            (
                KeyDerivation::DjangoConcat,
                Digest::Sha256,
                "H3M-Jz9-i4xqxKT7Cy2ty5zx7aXyE8ImTJBtVn7XsZg",
            ),
            (
                KeyDerivation::DjangoConcat,
                Digest::Sha512,
                "FIg1-0p5rU1G7t-yBW0lvytBjiLXN5LPyJwGlZXMF1hg2O4_Lf_UoXCz3E6jEJv3LPwFTCWOBlxHwdsgevxcJw",
            ),
            (
                KeyDerivation::None,
                Digest::Sha1,
                "uDksI2kMz4cfN-wnC-FYLexXpQM",
            ),
            (
                KeyDerivation::None,
                Digest::Sha256,
                "L0Q2hVkpAOYZ8vOyNQw8ilc44ueia8miRNM5PDzWq9Y",
            ),
            (
                KeyDerivation::None,
                Digest::Sha512,
                "YIK-e9ZqRtUigHZBrSvik7DN7fzPP1QgAqqIylNYx4HcMstzf1nzEzANkfHOi6p3XyYfEwZ8rJpc_LKJrggz8Q",
            ),
        ] {
            let mac = derivation.derive(digest, &SecretKey::dangerous("secret"), b"salt");
            let text = crate::signing::encoding::encode(mac.sign(b"text").as_bytes());
            assert_eq!(text, signature, "{derivation} with {digest}");
        }
    }

    #[test]
    fn without_a_derivation_the_salt_has_no_say() {
        let key = SecretKey::dangerous("secret");
        let sign = |derivation: KeyDerivation, salt: &[u8]| {
            let mac = derivation.derive(Digest::Sha256, &key, salt);
            mac.sign(b"text").as_bytes().to_vec()
        };
        let none = KeyDerivation::None;
        assert_eq!(sign(none, b"one"), sign(none, b"another"));
        for derivation in [
            KeyDerivation::Hmac,
            KeyDerivation::Concat,
            KeyDerivation::DjangoConcat,
        ] {
            assert_ne!(sign(derivation, b"one"), sign(derivation, b"another"));
        }
    }

    #[test]
    fn every_derivation_is_read_back_from_its_name() {
        for derivation in [
            KeyDerivation::Hmac,
            KeyDerivation::Concat,
            KeyDerivation::DjangoConcat,
            KeyDerivation::None,
        ] {
            assert_eq!(derivation.to_string().parse(), Ok(derivation));
        }
        assert!("HMAC".parse::<KeyDerivation>().is_err());
    }
}
