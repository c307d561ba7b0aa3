//! Base64 as Python writes it, and as its `b64decode` reads it: what is not in the alphabet is passed over, and what stands
//! behind the padding is not read.

use ::base64::Engine;
use ::base64::prelude::BASE64_STANDARD;

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// The bytes, or nothing where Python raises an error.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut in_quad, mut pads, mut left) = (0, 0, 0);
    for byte in text.bytes() {
        if byte == b'=' {
            pads += 1;
            if in_quad >= 2 && in_quad + pads >= 4 {
                return Some(bytes);
            }
            continue;
        }
        let Some(bits) = sextet(byte) else { continue };
        pads = 0;
        match in_quad {
            0 => left = bits,
            1 => {
                bytes.push(left << 2 | bits >> 4);
                left = bits & 0xf;
            }
            2 => {
                bytes.push(left << 4 | bits >> 2);
                left = bits & 0x3;
            }
            _ => bytes.push(left << 6 | bits),
        }
        in_quad = (in_quad + 1) % 4;
    }
    (in_quad == 0).then_some(bytes)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sloppy_spellings_read_as_in_python() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("Q!U*I=", b"AB"),
            ("__-_", b""),
            ("QQ====", b"A"),
            ("QQ==QQ==", b"A"),
            ("=QUI=", b"AB"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        for text in ["A", "QUI", "QQ=", "ü"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
