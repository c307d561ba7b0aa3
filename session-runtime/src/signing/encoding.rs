//! Base64 as tokens use it: the URL-safe alphabet, no padding (RFC 4648, section 5).
//!
//! Decoding is strict: one text for one value, or none. Python's decoder also takes padding, foreign
//! characters and stray bits at the end, which no signer writes; a signature that can be spelled in
//! several ways only helps whoever wants to get past something that remembers spellings.

use base64_simd::{AsOut as _, Base64, URL_SAFE_NO_PAD};

const BASE64: Base64 = URL_SAFE_NO_PAD;

/// Appends the base64 of `bytes` to `text`.
pub(super) fn encode_into(bytes: &[u8], text: &mut Vec<u8>) {
    BASE64.encode_append(bytes, text);
}

/// Writes the base64 of `bytes` onto `buffer`; nothing if it does not fit.
pub(super) fn encode_onto<'b>(bytes: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let room = buffer.get_mut(..encoded_len(bytes.len()))?;
    Some(BASE64.encode(bytes, room.as_out()))
}

/// The base64 of `bytes`.
#[cfg(test)]
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    encode_into(bytes, &mut text);
    String::from_utf8(text).unwrap()
}

/// What a character stands for, if it is one of the alphabet.
pub(super) const fn digit(character: u8) -> Option<u8> {
    Some(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
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
pub(super) fn decode(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    BASE64.decode_to_vec(text).ok()
}

/// As [`decode`], but onto `buffer`; nothing also if it does not fit.
pub(crate) fn decode_onto(text: impl AsRef<[u8]>, buffer: &mut [u8]) -> Option<&[u8]> {
    let text = text.as_ref();
    let room = buffer.get_mut(..decoded_len(text.len()))?;
    let bytes = BASE64.decode(text, room.as_out()).ok()?;
    Some(bytes)
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
