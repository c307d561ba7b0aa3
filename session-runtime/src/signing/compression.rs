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

/// Why a compressed payload cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateError {
    /// It is no zlib stream, or only a part of one.
    Damaged,
    /// It holds more than was allowed.
    TooLarge,
}
