//! Flask-WTF's CSRF token, for forms that Flask shows and we receive, or the other way round. Our own answer to forged
//! requests needs no token: it is the cookie's `SameSite`.

use std::time::Duration;

use super::identifier::hex;
use crate::session::{Key, Result, Session};
use crate::signing::{AgeError, Digest, KeyDerivation, SecretKey, TokenSigner, check_age};

/// Where Flask-WTF keeps what a session's tokens are made of.
const CSRF_TOKEN: Key<String> = Key::new("csrf_token");

/// Makes and checks Flask-WTF's CSRF tokens (1.3.0): what is under `csrf_token` in the session, signed by itsdangerous'
/// `URLSafeTimedSerializer` with the salt `wtf-csrf-token`.
///
/// Flask-WTF itself reads the current key's tokens only. Here those of the fallback keys are read too, so that a new key
/// spoils no form that is open; what is made is always made with the current key, so that Flask reads it.
///
/// ```
/// use session_runtime::{flask::CsrfTokens, signing::SecretKey, testing};
///
/// let tokens = CsrfTokens::new(SecretKey::generate(), []);
/// let session = testing::session();
/// let token = tokens.generate(&session)?; // for the form's hidden field `csrf_token`
/// assert!(tokens.validate(&session, &token)?.is_ok());
/// assert!(tokens.validate(&testing::session(), &token)?.is_err());
/// # Ok::<(), session_runtime::SessionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CsrfTokens {
    signer: TokenSigner,
    time_limit: Option<Duration>,
}

impl CsrfTokens {
    /// Tokens signed with this key (Flask: `WTF_CSRF_SECRET_KEY`, else `SECRET_KEY`), which count for an hour. Those of the
    /// `fallbacks`, oldest first, are read as well.
    #[must_use]
    pub fn new(key: SecretKey, fallbacks: impl IntoIterator<Item = SecretKey>) -> Self {
        let signer = TokenSigner::builder(key)
            .fallbacks(fallbacks)
            .salt("wtf-csrf-token")
            .digest(Digest::Sha1)
            .key_derivation(KeyDerivation::DjangoConcat);
        Self {
            signer: signer.build(),
            time_limit: Some(Duration::from_secs(3600)),
        }
    }

    /// How long a token counts (Flask: `WTF_CSRF_TIME_LIMIT`), in whole seconds; `None` is as long as the session.
    #[must_use]
    pub fn time_limit(self, limit: Option<Duration>) -> Self {
        Self {
            time_limit: limit,
            ..self
        }
    }

    /// A token for this session's forms. The first one of a session writes to it.
    ///
    /// # Errors
    ///
    /// Those of [`Session::set_default`].
    #[expect(
        clippy::expect_used,
        reason = "without random bytes there is no token, and no caller could do better"
    )]
    pub fn generate(&self, session: &Session) -> Result<String> {
        let secret = match session.get(CSRF_TOKEN)? {
            Some(secret) => secret,
            None => {
                let mut random = [0; 20];
                getrandom::fill(&mut random).expect("the operating system gives no random bytes");
                let secret = hex(&random);
                session.set(CSRF_TOKEN, secret.clone())?;
                secret
            }
        };
        Ok(self.sign(&secret, session.settings().clock.now()))
    }

    /// Whether a token that came with a form was made for this session.
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`](crate::SessionError::WrongType) if what is under `csrf_token` is no text.
    pub fn validate(
        &self,
        session: &Session,
        token: &str,
    ) -> Result<std::result::Result<(), CsrfError>> {
        let secret = session.get(CSRF_TOKEN)?;
        Ok(self.verify(secret.as_deref(), token, session.settings().clock.now()))
    }

    /// A token for a session that has this text under `csrf_token`, made at this unix second.
    #[must_use]
    pub fn sign(&self, secret: &str, now: u64) -> String {
        // As Python writes it: Flask-WTF's own texts are hex digits.
        let json = serde_json::Value::from(secret).to_string();
        self.signer.sign(json.as_bytes(), now)
    }

    /// Whether a token counts at this unix second for a session that has this text under `csrf_token`.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn verify(
        &self,
        secret: Option<&str>,
        token: &str,
        now: u64,
    ) -> std::result::Result<(), CsrfError> {
        if token.is_empty() {
            return Err(CsrfError::Missing);
        }
        let secret = secret.ok_or(CsrfError::NoSession)?;
        let verified = self.signer.verify(token).map_err(|_| CsrfError::Invalid)?;
        if let Some(limit) = self.time_limit {
            check_age(verified.signed_at, now, limit, Duration::ZERO)?;
        }
        let made_of: String =
            serde_json::from_slice(&verified.payload).map_err(|_| CsrfError::Invalid)?;
        // Both texts are signed, so that comparing them tells a forger nothing.
        if made_of == secret {
            Ok(())
        } else {
            Err(CsrfError::Mismatch)
        }
    }
}

/// Why a CSRF token does not count, in Flask-WTF's words. Its answer to each is 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsrfError {
    /// The form has none.
    #[error("The CSRF token is missing.")]
    Missing,
    /// The session has none, as where the cookie was not sent or has expired.
    #[error("The CSRF session token is missing.")]
    NoSession,
    /// No key of ours has made it.
    #[error("The CSRF token is invalid.")]
    Invalid,
    /// It was made too long ago, or in the future.
    #[error("The CSRF token has expired.")]
    Expired,
    /// It was made for another session.
    #[error("The CSRF tokens do not match.")]
    Mismatch,
}

impl From<AgeError> for CsrfError {
    fn from(_: AgeError) -> Self {
        Self::Expired
    }
}
