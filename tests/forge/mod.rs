//! Signatures of the right key over texts that no signer writes: what only a key holder, or a fault in a program, could send.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The key of these tests.
pub const SECRET: &str = "192f1a6d5ee8d0c1b2a4f7e3956c80d1a7b3";

/// When these tests take place, in unix seconds: it is `ZVPxAA` in a token.
pub const NOW: u64 = 1_700_000_000;

/// The text with a signature behind it, in Flask's own setting.
pub fn signed(text: &str) -> String {
    let key = mac(SECRET.as_bytes(), b"cookie-session");
    format!("{text}.{}", base64(&mac(&key, text.as_bytes())))
}

/// A token of this payload as it stands in the cookie, signed now.
pub fn token(payload: &str) -> String {
    signed(&format!("{payload}.ZVPxAA"))
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A zlib stream of these bytes, whether or not it is shorter.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}
