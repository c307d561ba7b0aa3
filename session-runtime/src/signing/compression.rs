//! When a payload is deflated, and how far one is inflated.
//!
//! Knows bytes only: base64 and the mark in front of a compressed payload belong to the token.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::bufread::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// The level of Python's `zlib.compress`, hence of Flask.
const LEVEL: u32 = 6;

/// `bytes` as a zlib stream (RFC 1950), if that is worth its mark: shorter by two bytes or more, as
/// itsdangerous has it.
pub(super) fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    if !may_pay(bytes) {
        return None;
    }
    let longest = bytes.len().checked_sub(2)?;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(bytes).ok()?;
    let compressed = encoder.finish().ok()?;
    (compressed.len() <= longest).then_some(compressed)
}

/// The bytes in a zlib stream, if they are no more than `limit`.
///
/// What follows the end of the stream is ignored, and a stream without an end is refused, both as
/// Python's `zlib.decompress` does it.
pub(super) fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut bytes = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    ZlibDecoder::new(compressed)
        .take(one_more)
        .read_to_end(&mut bytes)
        .map_err(|_| InflateError::Damaged)?;
    if bytes.len() > limit {
        return Err(InflateError::TooLarge);
    }
    Ok(bytes)
}

/// Whether deflating is worth the trial, which costs microseconds where this costs nanoseconds.
///
/// Deflate saves in two ways. *Repetitions*, under the fixed code: a match of `n` bytes takes at
/// least 12 bits instead of `8 n`, and has to make up for 58 bits of frame and 16 of gain. That bound
/// is exact in the direction that matters: below it, no stream pays. *Short codes* of its own for few
/// distinct bytes, whose table has to be sent first: that bound is measured. Of 130,000 payloads
/// (Flask's, random JSON, long runs of digits or hexadecimal) it passes over ten that would have
/// paid, by two bytes at the most.
fn may_pay(bytes: &[u8]) -> bool {
    const FRAME_AND_GAIN: u32 = 74;
    const FIRST_OF_MATCH: u32 = 12;
    const NEXT_OF_MATCH: u32 = 8;

    // Two sequences that share a bit look like a repetition: a needless trial, never a missed one.
    let mut seen = [0_u64; 64];
    let mut saved = 0;
    let mut in_match = false;
    for sequence in bytes.windows(3) {
        let hash = sequence
            .iter()
            .fold(0_u32, |hash, &byte| hash << 8 | u32::from(byte))
            .wrapping_mul(0x9E37_79B1)
            >> 20;
        let (word, bit) = ((hash / 64) as usize, 1 << (hash % 64));
        if seen[word] & bit == 0 {
            seen[word] |= bit;
            in_match = false;
        } else {
            saved += if in_match {
                NEXT_OF_MATCH
            } else {
                FIRST_OF_MATCH
            };
            in_match = true;
            if saved >= FRAME_AND_GAIN {
                return true;
            }
        }
    }

    let mut present = [0_u64; 4];
    for &byte in bytes {
        present[usize::from(byte / 64)] |= 1 << (byte % 64);
    }
    let distinct: u32 = present.iter().map(|word| word.count_ones()).sum();
    bytes.len() >= 2 * distinct as usize + 25
}

/// Why a compressed payload cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateError {
    /// It is no zlib stream, or only a part of one.
    Damaged,
    /// It holds more than was allowed.
    TooLarge,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1 << 16;

    fn always(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_gains_one_byte_only_is_left_as_it_is() {
        // Python: len(zlib.compress(J)) for J of 17 and 18 bytes is 16.
        assert_eq!(deflate(br#"{"aaaaaaaaaaa":1}"#), None);
        assert!(deflate(br#"{"aaaaaaaaaaaa":1}"#).is_some());
    }

    #[test]
    fn a_common_session_is_not_even_tried() {
        for json in [
            "{}",
            r#"{"user_id":12345}"#,
            r#"{"_permanent":true,"cart":[17,4,99],"user_id":12345}"#,
            r#"{"csrf_token":"c4bd5d8dfe1b2c3d6a0f","visits":7}"#,
        ] {
            assert!(!may_pay(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn few_distinct_bytes_are_tried_without_a_repetition() {
        let digits = br#"{"n":"3141592653589793238462643383279502884197169399375105820974944"}"#;
        assert!(may_pay(digits));
        assert!(deflate(digits).is_some());
    }

    #[test]
    fn what_follows_the_stream_is_ignored_as_python_does() {
        let mut stream = always(b"hello");
        stream.extend_from_slice(b"junk");
        assert_eq!(inflate(&stream, LIMIT).unwrap(), b"hello");
    }

    #[test]
    fn a_stream_without_its_end_is_refused() {
        let stream = always(b"hello");
        for end in 0..stream.len() {
            assert_eq!(
                inflate(&stream[..end], LIMIT),
                Err(InflateError::Damaged),
                "{end}"
            );
        }
    }

    #[test]
    fn a_wrong_check_sum_is_refused() {
        let mut stream = always(b"hello");
        *stream.last_mut().unwrap() ^= 1;
        assert_eq!(inflate(&stream, LIMIT), Err(InflateError::Damaged));
    }

    #[test]
    fn inflating_stops_at_the_limit() {
        let stream = always(&[b'a'; 1000]);
        assert_eq!(inflate(&stream, 999), Err(InflateError::TooLarge));
        assert_eq!(inflate(&stream, 1000).unwrap().len(), 1000);
    }

    #[test]
    fn a_stream_of_nothing_is_nothing() {
        assert_eq!(inflate(&always(b""), 0).unwrap(), b"");
    }

    proptest! {
        #[test]
        fn what_is_deflated_inflates_to_itself(text in "(ab|[a-z]{1,3}|,){0,200}") {
            if let Some(stream) = deflate(text.as_bytes()) {
                prop_assert!(stream.len() + 2 <= text.len());
                prop_assert_eq!(inflate(&stream, LIMIT).unwrap(), text.as_bytes());
            }
        }

        #[test]
        fn a_trial_that_was_saved_would_not_have_paid(
            json in r#"\{("[a-z_]{1,12}":("[a-z ]{0,12}"|[0-9]{1,8}|true|null),){0,3}"[a-z_]{1,8}":[0-9]{1,6}\}"#
        ) {
            // Two bytes at the most are given away, near the bound that is measured.
            if !may_pay(json.as_bytes()) {
                prop_assert!(always(json.as_bytes()).len() + 5 > json.len(), "{}", json);
            }
        }

        #[test]
        fn no_stream_makes_inflating_panic(bytes: Vec<u8>) {
            let _ = inflate(&bytes, LIMIT);
        }
    }
}
