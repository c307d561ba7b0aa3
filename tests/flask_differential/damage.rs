//! Damage to cookies: what happens on the way, what a stranger tries, and what only the holder of a key could sign.

use fastrand::Rng;

use super::forge;
use super::odd_json;

/// A cookie's value after something happened to it that needs no key. `other` is another cookie.
pub fn altered(random: &mut Rng, cookie: &str, other: &str) -> Vec<u8> {
    let mut value = cookie.as_bytes().to_vec();
    match random.u8(..10) {
        0 => {
            let at = random.usize(..value.len());
            value[at] ^= 1 << random.u8(..7);
        }
        1 => value.truncate(random.usize(..value.len())),
        2 => drop(value.drain(..random.usize(1..value.len()))),
        3 => {
            let (start, end) = range(random, value.len());
            let part = value[start..end].to_vec();
            value.splice(end..end, part);
        }
        4 => {
            let (start, end) = range(random, value.len());
            value.drain(start..end);
        }
        5 => value = parts_mixed(random, cookie, other).into_bytes(),
        6 => {
            let at = random.usize(..=value.len());
            let foreign = *random.choice(FOREIGN.iter()).unwrap();
            value.splice(at..at, foreign.bytes());
        }
        7 => value.extend(
            random
                .choice(["=", "==", "A", ".", "*", "\t", " ", "\u{e9}"].iter())
                .unwrap()
                .bytes(),
        ),
        8 => {
            // Bits at the end of base64 that say nothing.
            let dots: Vec<_> = (0..value.len())
                .filter(|&at| value[at] == b'.' && at > 0)
                .collect();
            let end = *random
                .choice(&[dots[dots.len() - 1], dots[dots.len() - 2], value.len()])
                .unwrap();
            value[end - 1] = *random.choice(BASE64.as_bytes()).unwrap();
        }
        _ => value = quoted(random, cookie),
    }
    value
}

/// A cookie with a right signature over what no signer writes. `valid` is a cookie of a signer.
pub fn oddly_signed(random: &mut Rng, valid: &str) -> String {
    let (signed, _) = valid.rsplit_once('.').unwrap();
    let (payload, time) = signed.rsplit_once('.').unwrap();
    match random.u8(..12) {
        0..=5 => {
            let json = odd_json::session(random);
            sign_json(random, json.as_bytes())
        }
        6 | 7 => {
            let mut json = odd_json::session(random).into_bytes();
            bytes_changed(random, &mut json);
            sign_json(random, &json)
        }
        8 => forge::token(&text_changed(random, payload)),
        9 => forge::signed(&format!("{payload}.{}", odd_time(random, time))),
        10 => forge::signed(&text_changed(random, signed)),
        _ => {
            let repeated = odd_json::session(random).repeat(4);
            let mut zlib = forge::deflated(repeated.as_bytes());
            bytes_changed(random, &mut zlib);
            forge::token(&format!(".{}", forge::base64(&zlib)))
        }
    }
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What stands in no cookie of a signer.
const FOREIGN: [&str; 18] = [
    ".", "..", "=", "==", "-", "_", "+", "/", "*", "%2E", " ", "\t", ",", ";", "\"", "\\",
    "\u{e9}", "session=",
];

fn sign_json(random: &mut Rng, json: &[u8]) -> String {
    if random.u8(..4) == 0 {
        forge::token(&format!(".{}", forge::base64(&forge::deflated(json))))
    } else {
        forge::token(&forge::base64(json))
    }
}

fn odd_time(random: &mut Rng, time: &str) -> String {
    match random.u8(..4) {
        0 => text_changed(random, time),
        1 => forge::base64(&(forge::NOW - random.u64(..5_000_000)).to_be_bytes()),
        2 => forge::base64(&(forge::NOW + random.u64(..3)).to_be_bytes()[random.usize(..5)..]),
        _ => {
            let bytes: Vec<u8> = (0..random.usize(..10)).map(|_| random.u8(..)).collect();
            forge::base64(&bytes)
        }
    }
}

fn bytes_changed(random: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..random.u8(1..4) {
        let (start, end) = range(random, bytes.len());
        match random.u8(..4) {
            0 if start < bytes.len() => bytes[start] ^= 1 << random.u8(..8),
            1 => drop(bytes.drain(start..end.min(start + 3))),
            2 => {
                let part = bytes[start..end].to_vec();
                bytes.splice(start..start, part);
            }
            _ => bytes.insert(start, random.u8(..)),
        }
    }
}

fn text_changed(random: &mut Rng, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..random.u8(1..3) {
        let (start, end) = range(random, text.len());
        match random.u8(..4) {
            0 => text.replace_range(start..end.min(start + 2), ""),
            1 => text.insert_str(start, random.choice(FOREIGN.iter()).unwrap()),
            2 => text.insert(
                start,
                char::from(*random.choice(BASE64.as_bytes()).unwrap()),
            ),
            _ => text.push_str(random.choice(["=", "==", "A", "\n"].iter()).unwrap()),
        }
        // What follows cuts at any place.
        text.retain(|c| c.is_ascii());
    }
    text
}

/// The parts of two cookies, in an order that may be wrong, with separators that may be.
fn parts_mixed(random: &mut Rng, cookie: &str, other: &str) -> String {
    let mut parts: Vec<&str> = cookie
        .rsplitn(3, '.')
        .chain(other.rsplitn(3, '.'))
        .collect();
    parts.truncate(random.usize(3..6));
    if random.bool() {
        random.shuffle(&mut parts);
    } else {
        parts.reverse();
    }
    let separator = *random
        .choice([".", ".", "", "..", ":", "-", "%2E"].iter())
        .unwrap();
    parts.join(separator)
}

/// As Python's cookies write what they take for special, of which a token has nothing: the same value.
fn quoted(random: &mut Rng, cookie: &str) -> Vec<u8> {
    let escaped = cookie.bytes().map(|byte| match random.u8(..8) {
        0 => format!("\\{byte:03o}"),
        // Before a digit it would be the beginning of an octal number.
        1 if !byte.is_ascii_digit() => format!("\\{}", char::from(byte)),
        _ => char::from(byte).to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>()).into_bytes()
}

fn range(random: &mut Rng, length: usize) -> (usize, usize) {
    let start = random.usize(..=length);
    (start, random.usize(start..=length))
}
