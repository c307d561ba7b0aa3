//! What keeps a visitor from altering the session in the cookie: a signature, or encryption, which hides it as well. It
//! takes payloads as bytes, and knows no session.

#[cfg(feature = "encrypted")]
use crate::signing::TokenSealer;
use crate::signing::{TokenError, TokenSigner, Verified};

/// How the tokens in cookies are made.
#[derive(Clone)]
pub(crate) enum Protection {
    Signed(TokenSigner),
    #[cfg(feature = "encrypted")]
    Encrypted(TokenSealer),
}

impl Protection {
    /// The token for `payload`, as of `at` in unix seconds, with `lead` before it and room for `spare` bytes after it.
    pub(crate) fn protect(&self, lead: &str, spare: usize, payload: &[u8], at: u64) -> Vec<u8> {
        match self {
            Self::Signed(signer) => signer.sign_between(lead, spare, payload, at),
            #[cfg(feature = "encrypted")]
            Self::Encrypted(sealer) => sealer.seal_between(lead, spare, payload, at),
        }
    }

    /// What is in a token of ours that nobody has altered.
    pub(crate) fn verify(&self, token: &[u8]) -> Result<Verified, TokenError> {
        match self {
            Self::Signed(signer) => signer.verify_bytes(token),
            #[cfg(feature = "encrypted")]
            Self::Encrypted(sealer) => sealer.open_bytes(token),
        }
    }
}
