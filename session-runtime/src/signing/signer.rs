//! Signing text and checking signatures, with one key that signs and others that only verify.
//!
//! This is itsdangerous' `Signer`. It knows nothing of what the text says, nor that a time is in it.

use super::digest::{Mac, Tag};
use super::encoding;

/// Stands between the parts of a token; base64 never contains it.
pub(super) const SEPARATOR: u8 = b'.';

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

    /// Appends the separator and the signature of what stands in `text` from `start` on.
    pub(super) fn sign(&self, text: &mut Vec<u8>, start: usize) {
        let buffer = &mut [0; encoding::encoded_len(Tag::MAX)];
        let message = text.get(start..).unwrap_or_default();
        let signature = self
            .current
            .show_signature(message, |tag| encoding::encode_onto(tag, buffer));
        text.push(SEPARATOR);
        text.extend_from_slice(signature.unwrap_or_default());
    }

    /// How many characters a signature has.
    pub(super) fn tag_len(&self) -> usize {
        encoding::encoded_len(self.current.tag_len())
    }

    /// What was signed, without its signature.
    ///
    /// The signature begins after the last separator, so the text may contain more of them.
    pub(super) fn unsign<'t>(&self, signed: &'t [u8]) -> Result<&'t [u8], UnsignError> {
        let (text, signature) = rsplit(signed).ok_or(UnsignError::NoSignature)?;
        let mut buffer = [0; Tag::MAX];
        let tag = encoding::decode_onto(signature, &mut buffer).ok_or(UnsignError::Mismatch)?;
        let verifies = |mac: &Mac| mac.verify(text, tag);
        if verifies(&self.current) || self.fallbacks.iter().any(verifies) {
            Ok(text)
        } else {
            Err(UnsignError::Mismatch)
        }
    }
}

/// What stands before the last separator, and what after it.
pub(super) fn rsplit(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(SEPARATOR, text)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Why a text is not accepted as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnsignError {
    /// There is no separator, hence no signature.
    NoSignature,
    /// There is one, but no key of ours made it.
    Mismatch,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::Digest;

    fn mac(key: &str) -> Mac {
        Mac::new(Digest::Sha1, key.as_bytes())
    }

    fn signed(key: &str, text: &str) -> String {
        let mut text = text.as_bytes().to_vec();
        Signer::new(mac(key), std::iter::empty()).sign(&mut text, 0);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_fallback_key_verifies_but_never_signs() {
        let signer = Signer::new(mac("new"), [mac("oldest"), mac("old")].into_iter());
        for key in ["new", "old", "oldest"] {
            assert_eq!(
                signer.unsign(signed(key, "text").as_bytes()),
                Ok(&b"text"[..]),
                "{key}"
            );
        }
        let mut text = b"text".to_vec();
        signer.sign(&mut text, 0);
        assert_eq!(text, signed("new", "text").as_bytes());
    }

    #[test]
    fn fallbacks_are_tried_from_the_last_to_the_first() {
        let signer = Signer::new(mac("new"), [mac("oldest"), mac("old")].into_iter());
        let tags: Vec<_> = signer.fallbacks.iter().map(|key| key.sign(b"x")).collect();
        assert_eq!(tags[0].as_bytes(), mac("old").sign(b"x").as_bytes());
        assert_eq!(tags[1].as_bytes(), mac("oldest").sign(b"x").as_bytes());
    }

    #[test]
    fn the_signature_begins_after_the_last_separator() {
        let signer = Signer::new(mac("key"), std::iter::empty());
        assert_eq!(
            signer.unsign(signed("key", "a.b.c").as_bytes()),
            Ok(&b"a.b.c"[..])
        );
        assert_eq!(signer.unsign(signed("key", "").as_bytes()), Ok(&b""[..]));
    }

    #[test]
    fn no_separator_is_no_signature_and_an_empty_signature_is_a_wrong_one() {
        let signer = Signer::new(mac("key"), std::iter::empty());
        assert_eq!(signer.unsign(b"text"), Err(UnsignError::NoSignature));
        assert_eq!(signer.unsign(b""), Err(UnsignError::NoSignature));
        assert_eq!(signer.unsign(b"text."), Err(UnsignError::Mismatch));
        assert_eq!(signer.unsign(b"."), Err(UnsignError::Mismatch));
    }

    #[test]
    fn a_signature_has_one_spelling() {
        let signer = Signer::new(mac("key"), std::iter::empty());
        let right = signed("key", "text");
        for wrong in [
            format!("{right}="),
            format!("{right}A"),
            right[..right.len() - 1].to_owned(),
            right[..right.len() - 4].to_owned(),
            format!("{right}\n"),
        ] {
            assert_eq!(
                signer.unsign(wrong.as_bytes()),
                Err(UnsignError::Mismatch),
                "{wrong:?}"
            );
        }
    }
}
