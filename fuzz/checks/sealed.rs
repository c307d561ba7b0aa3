//! Sealed tokens: whatever the text, opening gives an answer; only what was sealed is opened, to the last character.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use session_runtime::signing::{SecretKey, TokenSealer, TokenSigner};
use session_runtime::{CookieSerializer, SessionConfig};

use super::forge::{self, NOW, SECRET};

static SEALER: LazyLock<TokenSealer> =
    LazyLock::new(|| TokenSealer::new(SecretKey::dangerous(SECRET)));
static SIGNER: LazyLock<TokenSigner> =
    LazyLock::new(|| TokenSigner::new(SecretKey::dangerous(SECRET)));
static SEALED: LazyLock<CookieSerializer> = LazyLock::new(|| config().encrypted().serializer());
static SIGNED: LazyLock<CookieSerializer> = LazyLock::new(|| config().serializer());

/// Takes the input as a token, as the bytes of one, as what follows a right key id, and as a payload.
pub fn check(data: &[u8]) {
    let empty = BASE64_URL_SAFE_NO_PAD
        .decode(SEALER.seal(b"", NOW))
        .unwrap();
    let (header, rest) = empty.split_at(5);
    let text = str::from_utf8(data).unwrap_or_default();
    is_refused(text);
    is_refused(&forge::base64(data));
    is_refused(&forge::base64(&[header, data].concat()));
    if !data.is_empty() {
        is_refused(&forge::base64(&[header, data, rest].concat()));
    }

    let token = SEALER.seal(data, NOW);
    let opened = SEALER.open(&token).unwrap();
    assert_eq!((&*opened.payload, opened.signed_at), (data, NOW));
    is_refused(&altered(&token, data));

    // A session is the same, whichever way it is kept.
    let sealed = SEALED
        .decode(&token)
        .map(|session| session.json().to_owned());
    let signed = SIGNED
        .decode(&SIGNER.sign(data, NOW))
        .map(|session| session.json().to_owned());
    assert_eq!(sealed, signed);
}

/// Nobody can seal without the key.
fn is_refused(token: &str) {
    let error = SEALER.open(token).unwrap_err();
    assert!(!error.is_authentic(), "{error}");
    assert!(SEALED.decode(token).is_err());
}

/// The token with a character of the input in place of one of its own, or one more.
fn altered(token: &str, data: &[u8]) -> String {
    let at = data
        .first()
        .map_or(0, |&byte| usize::from(byte) % token.len());
    let character = data.get(1).map_or('=', |&byte| char::from(byte % 128));
    let mut altered = token.to_owned();
    if token[at..].starts_with(character) {
        altered.insert(at, character);
    } else {
        altered.replace_range(at..=at, &character.to_string());
    }
    altered
}

fn config() -> SessionConfig {
    SessionConfig::flask(SecretKey::dangerous(SECRET))
}
