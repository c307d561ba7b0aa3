//! Flask-Login's and Flask-WTF's own digests and tokens, as `tests/data/flask/login.json` has recorded them.

use std::time::Duration;

use serde_json::Value;
use session_runtime::flask::{CsrfTokens, RememberSigner, identifier};
use session_runtime::signing::SecretKey;

fn recorded(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("data/flask/login.json")).unwrap();
    let rows = all[part].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    rows
}

/// The bytes that a text in Latin-1 stands for.
fn latin_1(text: &Value) -> Option<Vec<u8>> {
    let bytes = |text: &str| text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    text.as_str().map(bytes)
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// The recorded secret: text as UTF-8, which is how a key of ours holds it, or bytes.
fn secret(row: &Value) -> SecretKey {
    match row["secret"].as_str() {
        Some(text) => SecretKey::dangerous(text),
        None => SecretKey::dangerous(bytes(row["secret_hex"].as_str().unwrap())),
    }
}

#[test]
fn the_identifier_of_a_browser_is_flask_logins() {
    for row in recorded("identifiers") {
        let made = identifier(
            latin_1(&row["x_forwarded_for_latin1"]).as_deref(),
            row["remote_addr"].as_str(),
            latin_1(&row["user_agent_latin1"]).as_deref(),
        );
        assert_eq!(made, row["_id"], "{}", row["what"]);
    }
}

#[test]
fn a_remember_token_is_made_and_read_as_flask_login_does() {
    for row in recorded("remember_cookies") {
        let signer = RememberSigner::new(&secret(&row), &[]);
        if row["encode_raises"].is_string() {
            assert!(signer.is_err(), "{row}");
            continue;
        }
        let signer = signer.unwrap();
        assert_eq!(signer.sign(row["id"].as_str().unwrap()), row["cookie"]);
        for variant in row["variants"].as_array().unwrap() {
            let read = signer.verify(variant["cookie"].as_str().unwrap());
            // Where Flask-Login answers 500 we read nothing.
            assert_eq!(read, variant["decoded"].as_str(), "{variant}");
        }
    }
}

#[test]
fn a_csrf_token_counts_where_flask_wtf_lets_it_count() {
    for row in recorded("csrf_tokens") {
        let what = row["what"].as_str().unwrap();
        let config = &row["config"];
        let own = config["WTF_CSRF_SECRET_KEY"].as_str();
        let key = own.map_or_else(|| secret(&row), SecretKey::dangerous);
        let mut tokens = CsrfTokens::new(key, []);
        if let Some(limit) = config.get("WTF_CSRF_TIME_LIMIT") {
            tokens = tokens.time_limit(limit.as_u64().map(Duration::from_secs));
        }
        let token = row["token"].as_str().unwrap_or_default();
        let now = row["now"].as_u64().unwrap();
        let verdict = tokens.verify(row["session_value"].as_str(), token, now);
        match what {
            // Real signers write no `=`; a strict reader takes none.
            "sloppy base64 in the signature" => assert!(verdict.is_err()),
            _ if row["valid"] == true => assert_eq!(verdict, Ok(()), "{what}"),
            _ => {
                let error = verdict.expect_err(what).to_string();
                // Where Flask-WTF answers 500 there is no message.
                let message = row["message"].as_str().unwrap_or(&error);
                assert_eq!(error, message, "{what}");
            }
        }
    }
}

#[test]
fn a_csrf_token_is_made_as_flask_wtf_makes_it() {
    let rows = recorded("csrf_tokens");
    let row = rows.iter().find(|row| row["what"] == "valid").unwrap();
    let tokens = CsrfTokens::new(secret(row), []);
    let made = tokens.sign(row["session_value"].as_str().unwrap(), 1_700_000_000);
    assert_eq!(made, row["token"]);
}

#[test]
fn a_fallback_key_reads_a_csrf_token_but_never_makes_one() {
    let key = |name: &str| SecretKey::dangerous(name);
    let rotated = CsrfTokens::new(key("k2"), [key("k0"), key("k1")]);
    for old in ["k0", "k1", "k2"] {
        let token = CsrfTokens::new(key(old), []).sign("abc", 0);
        assert_eq!(rotated.verify(Some("abc"), &token, 0), Ok(()), "{old}");
    }
    let alone = CsrfTokens::new(key("k2"), []);
    let token = rotated.sign("abc", 0);
    assert_eq!(alone.verify(Some("abc"), &token, 0), Ok(()));
}
