//! Looking into a cookie without its key.
//!
//! What nobody has checked is signed once more, with a key of no worth, and then read like any other cookie: so both
//! ways agree on what a session is.

use session_runtime::signing::{Digest, KeyDerivation, SecretKey, TokenSigner, read_unverified};

use crate::rejection::Rejection;
use crate::settings::Settings;

const SALT: &str = "cookie-session";
const DIGEST: Digest = Digest::Sha1;
const KEY_DERIVATION: KeyDerivation = KeyDerivation::None;

/// Signs anew whatever can be read.
pub(crate) struct Resigner {
    signer: TokenSigner,
}

impl Resigner {
    pub(crate) fn new() -> Self {
        let signer = TokenSigner::builder(key())
            .salt(SALT)
            .digest(DIGEST)
            .key_derivation(KEY_DERIVATION)
            .build();
        Self { signer }
    }

    /// The settings under which what this signs is read.
    pub(crate) fn settings(of: &Settings) -> Settings {
        Settings {
            key: Some(key()),
            fallbacks: Vec::new(),
            salt: Some(SALT.to_owned()),
            digest: Some(DIGEST),
            key_derivation: Some(KEY_DERIVATION),
            lifetime: of.lifetime,
            is_flask: of.is_flask,
            is_encrypted: false,
        }
    }

    pub(crate) fn resign(&self, cookie: &str) -> Result<String, Rejection> {
        let seen = read_unverified(cookie)?;
        Ok(self.signer.sign(&seen.payload, seen.signed_at))
    }
}

fn key() -> SecretKey {
    SecretKey::dangerous("")
}
