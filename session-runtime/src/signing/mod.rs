//! The signed text that a cookie carries, and nothing else: who may have written it, and when.
//!
//! This floor knows no HTTP and no JSON: a payload is bytes, a token is text. What a payload means,
//! and how old it may be, is for the floors above.
//!
//! # The token
//!
//! It is the one that Flask writes, which is `URLSafeTimedSerializer` of
//! [itsdangerous 2.2](https://itsdangerous.palletsprojects.com/en/stable/) without its JSON, so that
//! an application in Python and one in Rust can share a cookie:
//!
//! ```text
//! token     = payload "." time "." signature
//! payload   = b64(bytes)  or  "." b64(zlib(bytes)) where that is shorter
//! time      = b64(seconds since 1970, big-endian, without leading zero bytes)
//! signature = b64(HMAC(signing key, payload "." time))
//! b64       = base64 in the URL-safe alphabet, without padding (RFC 4648, section 5)
//! ```
//!
//! The signing key is derived from the [`SecretKey`] and a salt ([`KeyDerivation`]), so that what was
//! signed for one purpose is worth nothing for another. The signature is checked before anything
//! else is looked at: neither base64 of the payload nor zlib ever see a byte that a stranger chose.
//!
//! A token is signed, not encrypted: whoever holds it can read it. With the feature `encrypted` there is also
//! `TokenSealer`, whose tokens only a key's holder can read; they are no format of Flask's.
//!
//! # Examples
//!
//! ```
//! use session_runtime::signing::{SecretKey, TokenSigner};
//!
//! let signer = TokenSigner::new(SecretKey::dangerous("secret"));
//! let token = signer.sign(br#"{"a":1}"#, 1_700_000_000);
//! assert_eq!(token, "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU"); // as Flask writes it
//!
//! let verified = signer.verify(&token)?;
//! assert_eq!(verified.payload, br#"{"a":1}"#);
//! assert_eq!(verified.signed_at, 1_700_000_000);
//! # Ok::<(), session_runtime::signing::TokenError>(())
//! ```

mod builder;
mod compression;
mod derivation;
mod digest;
mod encoding;
mod error;
mod guessable;
#[cfg(feature = "encrypted")]
mod sealing;
mod secret_key;
mod signer;
mod timed;
mod token;
mod unverified;

pub use builder::TokenSignerBuilder;
pub use derivation::{KeyDerivation, UnknownKeyDerivation};
pub use digest::{Digest, UnknownDigest};
pub use error::TokenError;
#[cfg(feature = "encrypted")]
pub use sealing::{TokenSealer, TokenSealerBuilder};
pub use secret_key::{SecretKey, SecretKeyError};
pub use timed::{AgeError, check_age};
pub use token::{TokenSigner, Verified};
pub use unverified::{Unverified, UnverifiedError, read_unverified};

pub(crate) use encoding::decode_onto;

/// The salt of Flask's session cookie.
const FLASK_SALT: &[u8] = b"cookie-session";
