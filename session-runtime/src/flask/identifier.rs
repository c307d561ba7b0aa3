//! Flask-Login's `_id`: a digest of what a visitor's browser and address look like, by which it notices that a session's
//! cookie has come to another browser.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha512};

/// What Flask-Login 0.6.3 keeps under `_id`: SHA-512, in hex, of the visitor's address and `User-Agent`.
///
/// Header values are bytes as they came. The address is the first one of `X-Forwarded-For`, whoever has sent that, and else
/// the peer's.
///
/// ```
/// use session_runtime::flask::identifier;
///
/// let id = identifier(None, Some("127.0.0.1"), Some(b"Mozilla/5.0 (X11)"));
/// assert!(id.starts_with("4f74b47226a97d06"));
/// ```
#[must_use]
pub fn identifier(
    forwarded_for: Option<&[u8]>,
    peer: Option<&str>,
    user_agent: Option<&[u8]>,
) -> String {
    let address = match forwarded_for {
        Some(list) => Some(first(&as_python_sends_on(list)).to_vec()),
        None => peer.map(|peer| first(peer.as_bytes()).to_vec()),
    };
    let user_agent = user_agent.map(as_python_sends_on);
    let text = format!(
        "{}|{}",
        bytes_repr(address.as_deref()),
        bytes_repr(user_agent.as_deref())
    );
    hex(&Sha512::digest(text.as_bytes()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to memory cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// WSGI hands a header over as Latin-1, and Flask-Login writes that text as UTF-8: a byte above 0x7f becomes two.
fn as_python_sends_on(header: &[u8]) -> Vec<u8> {
    let text: String = header.iter().copied().map(char::from).collect();
    text.into_bytes()
}

/// The first of a list, without the white space of Python's `bytes.strip`, which counts the vertical tab.
fn first(list: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'\x0b';
    let first = list.split(|byte| *byte == b',').next().unwrap_or_default();
    let Some(start) = first.iter().position(|byte| !is_space(byte)) else {
        return &[];
    };
    let end = first.iter().rposition(|byte| !is_space(byte));
    end.map_or(&[], |end| &first[start..=end])
}

/// Python's `repr` of bytes, or of `None`.
fn bytes_repr(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else {
        return "None".to_owned();
    };
    let quote = match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        true => b'"',
        false => b'\'',
    };
    let mut text = format!("b{}", char::from(quote));
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            byte if *byte == quote => {
                text.push('\\');
                text.push(char::from(quote));
            }
            b' '..=b'~' => text.push(char::from(*byte)),
            byte => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push(char::from(quote));
    text
}
