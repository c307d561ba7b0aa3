//! The hash functions and, from them, the keyed hash that signs.
//!
//! One [`Digest`] serves both the derivation of a signing key and the signature, as in itsdangerous.
//! Nothing here knows what is signed.

use std::fmt;
use std::str::FromStr;

use hmac::digest::OutputSizeUser as _;
use hmac::{Hmac, KeyInit as _};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

/// The hash function that signs and derives keys (itsdangerous: `digest_method`).
///
/// Flask's own is [`Sha1`](Self::Sha1). SHA-1's collisions do not break HMAC (RFC 6194, section
/// 3.3), so that setting is safe to share with a Flask application; a new application has no reason
/// not to take [`Sha256`](Self::Sha256).
///
/// # Examples
///
/// ```
/// use session_runtime::signing::Digest;
///
/// let digest: Digest = "sha256".parse()?;
/// assert_eq!(digest, Digest::Sha256);
/// assert_eq!(digest.to_string(), "sha256");
/// # Ok::<(), session_runtime::signing::UnknownDigest>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-1: 20 bytes, 27 characters of signature. Flask's default.
    Sha1,
    /// SHA-256: 32 bytes, 43 characters of signature.
    Sha256,
    /// SHA-512: 64 bytes, 86 characters of signature.
    Sha512,
}

impl Digest {
    /// The name under which Python's `hashlib` knows it.
    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// How many bytes it gives.
    pub(crate) fn output_size(self) -> usize {
        match self {
            Self::Sha1 => Sha1::output_size(),
            Self::Sha256 => Sha256::output_size(),
            Self::Sha512 => Sha512::output_size(),
        }
    }

    /// The plain hash of `parts`, one after the other.
    pub(super) fn hash(self, parts: &[&[u8]]) -> Tag {
        fn run<D: sha2::Digest>(parts: &[&[u8]]) -> Tag {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            Tag::take(&mut hash.finalize())
        }
        match self {
            Self::Sha1 => run::<Sha1>(parts),
            Self::Sha256 => run::<Sha256>(parts),
            Self::Sha512 => run::<Sha512>(parts),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Digest {
    type Err = UnknownDigest;

    /// Reads the name that Python's `hashlib` uses: `sha1`, `sha256` or `sha512`.
    fn from_str(name: &str) -> Result<Self, UnknownDigest> {
        [Self::Sha1, Self::Sha256, Self::Sha512]
            .into_iter()
            .find(|digest| digest.name() == name)
            .ok_or_else(|| UnknownDigest(name.to_owned()))
    }
}

/// A name that is no [`Digest`]'s.
///
/// # Examples
///
/// ```
/// use session_runtime::signing::Digest;
///
/// let error = "md5".parse::<Digest>().unwrap_err();
/// assert_eq!(error.to_string(), "\"md5\" is no digest that signs: use sha1, sha256 or sha512");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no digest that signs: use sha1, sha256 or sha512")]
pub struct UnknownDigest(String);

/// HMAC (RFC 2104) with its key already taken in: a signature costs a copy of this state, the
/// message and two more blocks, but not the key again. Wipes itself when dropped.
#[derive(Clone)]
pub(super) enum Mac {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Mac {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes a key of any length: RFC 2104, section 3"
    )]
    pub(super) fn new(digest: Digest, key: &[u8]) -> Self {
        const ANY_LENGTH: &str = "HMAC takes a key of any length";
        match digest {
            Digest::Sha1 => Self::Sha1(Hmac::new_from_slice(key).expect(ANY_LENGTH)),
            Digest::Sha256 => Self::Sha256(Hmac::new_from_slice(key).expect(ANY_LENGTH)),
            Digest::Sha512 => Self::Sha512(Hmac::new_from_slice(key).expect(ANY_LENGTH)),
        }
    }

    /// The signature of `message`, which may be a key.
    pub(super) fn sign(&self, message: &[u8]) -> Tag {
        self.show_signature(message, Tag::take)
    }

    /// Shows the signature of `message` where it was made.
    pub(super) fn show_signature<R>(&self, message: &[u8], see: impl FnOnce(&mut [u8]) -> R) -> R {
        fn run<M: hmac::Mac + Clone, R>(
            mac: &M,
            message: &[u8],
            see: impl FnOnce(&mut [u8]) -> R,
        ) -> R {
            let mut mac = mac.clone();
            mac.update(message);
            see(&mut mac.finalize().into_bytes())
        }
        match self {
            Self::Sha1(mac) => run(mac, message, see),
            Self::Sha256(mac) => run(mac, message, see),
            Self::Sha512(mac) => run(mac, message, see),
        }
    }

    /// How many bytes a signature has.
    pub(super) fn tag_len(&self) -> usize {
        match self {
            Self::Sha1(_) => Digest::Sha1,
            Self::Sha256(_) => Digest::Sha256,
            Self::Sha512(_) => Digest::Sha512,
        }
        .output_size()
    }

    /// Whether `tag` is the whole signature of `message`, in a time that does not tell how much of
    /// it is right.
    pub(super) fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        fn run<M: hmac::Mac + Clone>(mac: &M, message: &[u8], tag: &[u8]) -> bool {
            let mut mac = mac.clone();
            mac.update(message);
            mac.verify_slice(tag).is_ok()
        }
        match self {
            Self::Sha1(mac) => run(mac, message, tag),
            Self::Sha256(mac) => run(mac, message, tag),
            Self::Sha512(mac) => run(mac, message, tag),
        }
    }
}

/// The output of a digest, on the stack and wiped when dropped, since it may be a key.
pub(super) struct Tag {
    bytes: Zeroizing<[u8; Self::MAX]>,
    length: usize,
}

impl Tag {
    /// The longest: SHA-512's.
    pub(super) const MAX: usize = 64;

    /// Moves `output` here, leaving zeros there.
    fn take(output: &mut [u8]) -> Self {
        let mut bytes = Zeroizing::new([0; Self::MAX]);
        let length = output.len().min(Self::MAX);
        bytes[..length].copy_from_slice(&output[..length]);
        output.zeroize();
        Self { bytes, length }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn hashes_are_those_of_fips_180() {
        for (digest, expected) in [
            (Digest::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                Digest::Sha256,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                Digest::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ] {
            assert_eq!(hex(digest.hash(&[b"a", b"", b"bc"]).as_bytes()), expected);
        }
    }

    #[test]
    fn macs_are_those_of_rfc_2202_and_4231() {
        let message = b"what do ya want for nothing?";
        for (digest, expected) in [
            (Digest::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                Digest::Sha256,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                Digest::Sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                 9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            let mac = Mac::new(digest, b"Jefe");
            let tag = mac.sign(message);
            assert_eq!(hex(tag.as_bytes()), expected);
            assert!(mac.verify(message, tag.as_bytes()));
        }
    }

    #[test]
    fn a_part_of_a_tag_is_no_tag() {
        let mac = Mac::new(Digest::Sha256, b"key");
        let tag = mac.sign(b"message");
        assert!(!mac.verify(b"message", &tag.as_bytes()[..31]));
        assert!(!mac.verify(b"message", &[]));
        assert!(!mac.verify(b"massage", tag.as_bytes()));
    }

    #[test]
    fn a_keyed_state_is_used_many_times() {
        let mac = Mac::new(Digest::Sha1, b"key");
        let first = mac.sign(b"message");
        mac.sign(b"another");
        assert_eq!(first.as_bytes(), mac.sign(b"message").as_bytes());
    }

    #[test]
    fn every_digest_is_read_back_from_its_name() {
        for digest in [Digest::Sha1, Digest::Sha256, Digest::Sha512] {
            assert_eq!(digest.to_string().parse(), Ok(digest));
        }
        assert!("SHA256".parse::<Digest>().is_err());
    }
}
