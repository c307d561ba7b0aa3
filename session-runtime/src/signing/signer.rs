//! Signing text and checking signatures, with one key that signs and others that only verify.
//!
//! This is itsdangerous' `Signer`. It knows nothing of what the text says, nor that a time is in it.

use super::digest::{Mac, Tag};
use super::encoding;

/// Stands between the parts of a token; base64 never contains it.
pub(super) const SEPARATOR: char = '.';

/// The signing keys, ready to use.
pub(super) struct Signer {
    current: Mac,
    /// In the order in which they are tried.
    fallbacks: Vec<Mac>,
}

impl Signer {
    /// `fallbacks` are in Flask's order, oldest first, and tried from the last to the first.
    pub(super) fn new(current: Mac, fallbacks: impl DoubleEndedIterator<Item = Mac>) -> Self {
        Self {
            current,
            fallbacks: fallbacks.rev().collect(),
        }
    }

    /// Appends the separator and the signature of `text` to it.
    pub(super) fn sign(&self, text: &mut String) {
        let tag = self.current.sign(text.as_bytes());
        text.push(SEPARATOR);
        encoding::encode_into(tag.as_bytes(), text);
    }

    /// What was signed, without its signature.
    ///
    /// The signature begins after the last separator, so the text may contain more of them.
    pub(super) fn unsign<'t>(&self, signed: &'t str) -> Result<&'t str, UnsignError> {
        let (text, signature) = signed
            .rsplit_once(SEPARATOR)
            .ok_or(UnsignError::NoSignature)?;
        let mut buffer = [0; Tag::MAX];
        let tag = encoding::decode_onto(signature, &mut buffer).ok_or(UnsignError::Mismatch)?;
        let verifies = |mac: &Mac| mac.verify(text.as_bytes(), tag);
        if verifies(&self.current) || self.fallbacks.iter().any(verifies) {
            Ok(text)
        } else {
            Err(UnsignError::Mismatch)
        }
    }
}

/// Why a text is not accepted as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnsignError {
    /// There is no separator, hence no signature.
    NoSignature,
    /// There is one, but no key of ours made it.
    Mismatch,
}
