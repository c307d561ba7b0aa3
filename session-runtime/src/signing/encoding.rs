//! Base64 as tokens use it: the URL-safe alphabet, no padding (RFC 4648, section 5).
//!
//! Decoding is strict: one text for one value, or none. Python's decoder also takes padding, foreign
//! characters and stray bits at the end, which no signer writes; a signature that can be spelled in
//! several ways only helps whoever wants to get past something that remembers spellings.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::NO_PAD;

use engine::UrlSafe;

/// What the processor does best is found out once.
static BASE64: LazyLock<UrlSafe> = LazyLock::new(|| engine::url_safe(NO_PAD));

/// Appends the base64 of `bytes` to `text`.
pub(super) fn encode_into(bytes: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + encoded_len(bytes.len()), 0);
    let written = BASE64.encode_slice(bytes, &mut text[start..]);
    text.truncate(start + written.unwrap_or(0));
}

/// The base64 of `bytes`.
#[cfg(test)]
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    encode_into(bytes, &mut text);
    String::from_utf8(text).unwrap()
}

/// The number of characters that `bytes` bytes become.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    // Four characters for three bytes, two or three for what is left. The sum cannot overflow:
    // nothing in memory is longer than `isize::MAX`.
    bytes / 3 * 4 + (bytes % 3 * 4).div_ceil(3)
}

/// The number of bytes that at the most become `characters` characters.
pub(super) const fn decoded_len(characters: usize) -> usize {
    characters / 4 * 3 + characters % 4 * 3 / 4
}

/// Decodes `text`, or nothing if it is not exactly what [`encode_into`] writes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    // Memory that comes as zeros takes an allocator longer than memory that is then filled with them.
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    BASE64.decode_vec(text, &mut bytes).ok()?;
    Some(bytes)
}

/// As [`decode`], but onto `buffer`; nothing also if it does not fit.
pub(super) fn decode_onto<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let length = BASE64.decode_slice(text, buffer).ok()?;
    buffer.get(..length)
}

#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
))]
mod engine {
    use base64::engine::{GeneralPurposeConfig, Simd};

    pub(super) type UrlSafe = Simd;

    pub(super) fn url_safe(config: GeneralPurposeConfig) -> UrlSafe {
        Simd::url_safe(config)
    }
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
)))]
mod engine {
    use base64::alphabet::URL_SAFE;
    use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

    pub(super) type UrlSafe = GeneralPurpose;

    pub(super) fn url_safe(config: GeneralPurposeConfig) -> UrlSafe {
        GeneralPurpose::new(&URL_SAFE, config)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_alphabet_is_the_url_safe_one_without_padding() {
        assert_eq!(encode(&[0xFB, 0xEF, 0xFF, 0xFE]), "--___g");
        assert_eq!(encode(b""), "");
    }

    #[test]
    fn only_the_one_right_spelling_is_decoded() {
        assert_eq!(decode("Zm8").unwrap(), b"fo");
        for wrong in [
            "Zm8=",
            "Zm9",
            "Zm8\n",
            " Zm8",
            "Zm8*",
            "Zm8.",
            "Z",
            "+/+/",
            "Zm\u{e4}8",
        ] {
            assert_eq!(decode(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_does_not_fit_the_buffer_is_not_decoded() {
        assert_eq!(decode_onto("Zm9v", &mut [0; 2]), None);
        assert_eq!(decode_onto("Zm9v", &mut [0; 3]), Some(&b"foo"[..]));
    }

    proptest! {
        #[test]
        fn bytes_are_decoded_to_themselves(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), encoded_len(bytes.len()));
            prop_assert_eq!(decoded_len(text.len()), bytes.len());
            prop_assert_eq!(decode(&text).unwrap(), bytes);
        }

        #[test]
        fn what_is_decoded_is_encoded_to_itself(text in "[A-Za-z0-9_=+-]{0,12}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
