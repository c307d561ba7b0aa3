//! Base64 as tokens use it: the URL-safe alphabet, no padding (RFC 4648, section 5).
//!
//! Decoding is strict: one text for one value, or none. Python's decoder also takes padding, foreign
//! characters and stray bits at the end, which no signer writes; a signature that can be spelled in
//! several ways only helps whoever wants to get past something that remembers spellings.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Appends the base64 of `bytes` to `text`.
pub(super) fn encode_into(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// The number of characters that `bytes` bytes become.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    // Four characters for three bytes, two or three for what is left. The sum cannot overflow:
    // nothing in memory is longer than `isize::MAX`.
    bytes / 3 * 4 + (bytes % 3 * 4).div_ceil(3)
}

/// Decodes `text`, or nothing if it is not exactly what [`encode_into`] writes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// As [`decode`], but onto `buffer`; nothing also if it does not fit.
pub(super) fn decode_onto<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let length = URL_SAFE_NO_PAD.decode_slice(text, buffer).ok()?;
    buffer.get(..length)
}
