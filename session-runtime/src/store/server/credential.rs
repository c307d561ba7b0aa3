//! What names a session that is kept in a store, and what proves that a visitor may have it: the cookie is `sid.secret`,
//! of which the store keeps the id and the secret's hash. Whoever reads the store can log in as nobody.

use std::fmt;

use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::signing::decode_onto;

/// The name of a session in a store: 128 random bits. It proves nothing, so it may be logged and shown.
///
/// ```
/// use session_runtime::store::SessionId;
///
/// let id = SessionId::from_bytes([7; 16]);
/// assert_eq!(id.to_string(), "BwcHBwcHBwcHBwcHBwcHBw");
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId([u8; 16]);

/// The text names no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a session's id is 22 letters of URL-safe base64 without padding")]
pub struct NoSessionId;

impl SessionId {
    /// The id of these bytes, as a store has kept them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(super) fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(random()?))
    }
}

impl std::str::FromStr for SessionId {
    type Err = NoSessionId;

    fn from_str(text: &str) -> Result<Self, NoSessionId> {
        let mut id = Self([0; 16]);
        fill(&mut id.0, text).ok_or(NoSessionId)?;
        Ok(id)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 22];
        f.write_str(URL_SAFE_NO_PAD.encode_as_str(&self.0, text[..].as_out()))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

/// The SHA-256 of a session's secret, which is what a store keeps and compares. The secret has 256 random bits, so it
/// needs no salt and no slow hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of these bytes, as a store has kept them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    /// Shows nothing: a log needs none of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// The name of one lease, random, so that whoever gives it back is whoever has it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseId([u8; 16]);

impl LeaseId {
    /// The lease of these bytes, as a store has kept them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(super) fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(random()?))
    }
}

impl fmt::Debug for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeaseId({})", URL_SAFE_NO_PAD.encode_to_string(self.0))
    }
}

/// What the visitor's cookie holds.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) id: SessionId,
    secret: Zeroizing<[u8; 32]>,
}

impl Credential {
    /// The one for a new session.
    pub(super) fn generate() -> Result<Self, NoRandomness> {
        Self::renewed(SessionId::generate()?)
    }

    /// The one for a session that gets a new secret.
    pub(super) fn renewed(id: SessionId) -> Result<Self, NoRandomness> {
        let secret = Zeroizing::new(random()?);
        Ok(Self { id, secret })
    }

    /// Reads a cookie's value. Whether there is such a session only the store knows.
    pub(super) fn read(value: &str) -> Option<Self> {
        let (id, secret) = value.split_once('.')?;
        let mut read = Self {
            id: id.parse().ok()?,
            secret: Zeroizing::new([0; 32]),
        };
        fill(&mut *read.secret, secret)?;
        Some(read)
    }

    /// What stands in the cookie.
    pub(super) fn write(&self) -> String {
        let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode_to_string(*self.secret));
        format!("{}.{}", self.id, &*secret)
    }

    pub(super) fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(*self.secret).into())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub(super) struct NoRandomness(getrandom::Error);

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// Decodes what fills the buffer, so that nothing of a secret is left anywhere else.
fn fill(buffer: &mut [u8], text: &str) -> Option<()> {
    let length = buffer.len();
    (decode_onto(text, buffer)?.len() == length).then_some(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let credential = Credential::generate().unwrap();
        let text = credential.write();
        assert_eq!(text.len(), 22 + 1 + 43);
        let read = Credential::read(&text).unwrap();
        assert_eq!((read.id, read.hash()), (credential.id, credential.hash()));
    }

    #[test]
    fn what_nobody_has_issued_reads_as_nothing() {
        let text = Credential::generate().unwrap().write();
        let (id, secret) = text.split_once('.').unwrap();
        for value in [
            "",
            ".",
            id,
            secret,
            &format!("{id}."),
            &format!(".{secret}"),
            &format!("{secret}.{id}"),
            &format!("{text}="),
            &format!("{text}A"),
            &format!("{text} "),
            &text.replacen('.', "..", 1),
            &format!("{text}.{secret}"),
            "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU",
        ] {
            assert!(Credential::read(value).is_none(), "{value}");
        }
    }

    #[test]
    fn each_credential_has_one_spelling() {
        let id = SessionId([0; 16]);
        let secret = Zeroizing::new([0; 32]);
        let text = Credential { id, secret }.write();
        assert!(Credential::read(&text).is_some());
        let (id, secret) = text.split_once('.').unwrap();
        for part in [id, secret] {
            // A last letter whose surplus bits are not zero.
            let other = text.replace(part, &format!("{}B", &part[1..]));
            assert_eq!(other.len(), text.len());
            assert!(Credential::read(&other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_renewed_session_has_another_secret_and_its_old_id() {
        let old = Credential::generate().unwrap();
        let new = Credential::renewed(old.id).unwrap();
        assert_eq!(old.id, new.id);
        assert_ne!(old.hash(), new.hash());
    }

    #[test]
    fn ten_thousand_ids_have_no_duplicate() {
        let ids: HashSet<_> = (0..10_000)
            .map(|_| SessionId::generate().unwrap())
            .collect();
        assert_eq!(ids.len(), 10_000);
    }

    #[test]
    fn no_secret_is_in_a_debug_text() {
        let credential = Credential::generate().unwrap();
        let text = format!("{credential:?} {:?}", credential.hash());
        let (_, secret) = credential
            .write()
            .split_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert!(!text.contains(&secret));
        assert!(text.ends_with("SecretHash(..)"));
    }
}
