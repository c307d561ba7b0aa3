//! The `Cookie` header: of whatever it holds the layer opens the session that a plain reading of the same lines gives.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use session_runtime::signing::{SecretKey, TokenSigner};

use super::forge::{NOW, SECRET};
use super::visit::visit;

/// How many cookies of the name are looked at.
const MOST_VALUES: usize = 16;

static SIGNER: LazyLock<TokenSigner> =
    LazyLock::new(|| TokenSigner::new(SecretKey::dangerous(SECRET)));

/// Takes each line of the input as one `Cookie` line. A byte from 1 to 4, which no header can hold, stands for a valid token: the
/// sooner the byte, the older the token; 3 and 4 are signed in one second.
pub fn check(data: &[u8]) {
    let tokens = [(1, 3), (2, 2), (3, 1), (4, 1)].map(|(number, age)| {
        let payload = format!("{{\"number\":{number}}}");
        (SIGNER.sign(payload.as_bytes(), NOW - age), number, age)
    });
    let lines: Vec<Vec<u8>> = data
        .split(|&byte| byte == b'\n')
        .map(|line| with_tokens(line, &tokens.each_ref().map(|(token, _, _)| token.as_str())))
        .filter(|line| HeaderValue::from_bytes(line).is_ok())
        .collect();

    let values = lines.iter().flat_map(|line| values(line));
    let valid = values.take(MOST_VALUES).filter_map(|value| {
        let (_, number, age) = tokens.iter().find(|(token, _, _)| *token == value)?;
        Some((age, *number))
    });
    // The youngest, and of those the last: `min_by_key` would give the first.
    let expected = valid.reduce(|a, b| if b.0 <= a.0 { b } else { a });

    let headers: Vec<_> = lines
        .iter()
        .map(|line| HeaderValue::from_bytes(line).unwrap())
        .collect();
    let opened = visit(&headers, |session| session.get::<i64>("number").unwrap());
    assert_eq!(opened.seen, expected.map(|(_, number)| number), "{lines:?}");
    assert_eq!(
        opened.cookie, None,
        "a request that only reads sets nothing"
    );
}

fn with_tokens(line: &[u8], tokens: &[&str]) -> Vec<u8> {
    let put = |&byte: &u8| match byte {
        1..=4 => tokens[usize::from(byte - 1)].as_bytes().to_vec(),
        _ => vec![byte],
    };
    line.iter().flat_map(put).collect()
}

/// The values of the cookies named `session`. One that is no text is none.
fn values(line: &[u8]) -> Vec<String> {
    let mut values = Vec::new();
    for pair in line.split(|&byte| byte == b';') {
        let Some(equals) = pair.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let (name, value) = (&pair[..equals], &pair[equals + 1..]);
        if name.trim_ascii() == b"session" {
            values.extend(String::from_utf8(unquoted(value.trim_ascii())).ok());
        }
    }
    values
}

/// A value without the quotes around it and the escapes in it: `\` and three octal digits, or `\` and what it protects.
fn unquoted(value: &[u8]) -> Vec<u8> {
    if value.len() < 2 || value[0] != b'"' || value[value.len() - 1] != b'"' {
        return value.to_vec();
    }
    let inner = &value[1..value.len() - 1];
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < inner.len() {
        let digits = inner
            .get(at + 1..at + 4)
            .map(|digits| str::from_utf8(digits).unwrap_or(""));
        let octal = digits
            .filter(|digits| digits.bytes().all(|byte| (b'0'..b'8').contains(&byte)))
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if inner[at] != b'\\' || at + 1 == inner.len() {
            bytes.push(inner[at]);
            at += 1;
        } else if let Some(byte) = octal {
            bytes.push(byte);
            at += 4;
        } else {
            bytes.push(inner[at + 1]);
            at += 2;
        }
    }
    bytes
}
