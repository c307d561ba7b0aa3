//! 1,614 cookies and what real Flask made of each (`tests/data/flask/README.md`), through `sessionctl --flask --json-lines`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics"
)]

mod common;

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use common::{T, Vector, piped, vectors};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
struct Outcome<'a> {
    outcome: &'a str,
    reason: Option<&'a str>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    data_text: Option<String>,
}

#[test]
fn every_cookie_opens_as_it_does_in_flask() {
    let vectors = vectors();
    let lines = lines(&vectors, |vector| {
        json!({
            "cookie": vector.cookie,
            "lifetime": vector.lifetime,
            "now": vector.now,
        })
        .to_string()
    });
    let ended = piped(&["decode", "--flask", "--json-lines"], lines);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let outcomes: Vec<Outcome> = parsed(&ended.out);
    assert_eq!(outcomes.len(), vectors.len());

    let mut reasons = BTreeSet::new();
    for (vector, outcome) in vectors.iter().zip(&outcomes) {
        let name = format!("{} {}: {outcome:?}", vector.kind, vector.cookie);
        match (vector.outcome.as_str(), outcome.outcome) {
            ("session", "session") => match (&vector.data, outcome.data) {
                (Some(expected), Some(data)) => assert_same(expected, data, &name),
                // What JSON cannot say.
                (None, None) => assert!(outcome.data_text.is_some() && vector.strict, "{name}"),
                _ => panic!("{name}"),
            },
            ("session", "empty") => assert!(vector.strict, "{name}"),
            ("empty" | "error", "empty") => {
                assert!(
                    outcome.data.is_none() && outcome.data_text.is_none(),
                    "{name}"
                );
            }
            _ => panic!("{name}"),
        }
        reasons.extend(outcome.reason);
        let expected = match vector.kind.as_str() {
            "unknown-key" => ["bad signature"].as_slice(),
            "age" => &["expired", "signed in the future", "nothing in it"],
            "signed-payload" => &["unreadable payload", "nothing in it"],
            "mutated" => &["bad signature", "malformed"],
            _ => &["nothing in it"],
        };
        assert!(
            outcome
                .reason
                .is_none_or(|reason| expected.contains(&reason)),
            "{name}"
        );
    }
    assert_eq!(reasons.len(), 6, "{reasons:?}");
}

#[test]
fn what_flask_signed_is_given_as_it_was_signed() {
    let vectors = valid();
    let lines = lines(&vectors, |vector| {
        json!({ "cookie": vector.cookie }).to_string()
    });
    let ended = piped(&["decode", "--flask", "--json-lines"], lines);
    let outcomes: Vec<Outcome> = parsed(&ended.out);
    let mut uncompressed = 0;
    for (vector, outcome) in vectors.iter().zip(&outcomes) {
        let (payload, _) = vector.cookie.split_once('.').unwrap();
        if let (Some(data), false) = (outcome.data, payload.is_empty()) {
            let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
            assert_eq!(data.get().as_bytes(), payload, "{}", vector.cookie);
            uncompressed += 1;
        }
    }
    assert!(uncompressed > 10, "{uncompressed}");
}

#[test]
fn every_recorded_session_is_written_as_flask_wrote_it() {
    let vectors = valid();
    let encoded = piped(
        &["encode", "--flask", "--json-lines"],
        lines(&vectors, |vector| {
            let data = vector
                .data
                .as_deref()
                .map_or("{}", RawValue::get)
                .replace('\n', " ");
            // As it stands there, so that no digit is lost.
            format!("{{\"data\":{data},\"now\":{T}}}")
        }),
    );
    let cookies: Vec<String> = encoded
        .objects()
        .iter()
        .map(|answer| match &answer["cookie"] {
            Value::String(cookie) => cookie.clone(),
            _ => panic!("{answer}"),
        })
        .collect();
    assert_eq!(cookies.len(), vectors.len());
    for (vector, cookie) in vectors.iter().zip(&cookies) {
        // Compressed texts differ between zlib libraries.
        if vector.cookie.starts_with('.') || cookie.starts_with('.') {
            let (ours, flasks) = (cookie.len(), vector.cookie.len());
            assert!(
                ours.abs_diff(flasks) <= flasks / 20,
                "{cookie} {}",
                vector.cookie
            );
        } else {
            assert_eq!(*cookie, vector.cookie);
        }
    }

    let mut cookies = cookies.into_iter();
    let lines = lines(&vectors, |_| {
        json!({ "cookie": cookies.next() }).to_string()
    });
    let decoded = piped(&["decode", "--flask", "--json-lines"], lines);
    let outcomes: Vec<Outcome> = parsed(&decoded.out);
    assert_eq!(outcomes.len(), vectors.len());
    for (vector, outcome) in vectors.iter().zip(&outcomes) {
        match (&vector.data, outcome.data) {
            (Some(expected), Some(data)) => assert_same(expected, data, &vector.cookie),
            _ => assert_eq!(outcome.reason, Some("nothing in it"), "{}", vector.cookie),
        }
    }
}

#[test]
fn without_a_key_a_recorded_session_looks_the_same() {
    let vectors = valid();
    let lines: String = vectors
        .iter()
        .map(|vector| json!({ "cookie": vector.cookie }).to_string() + "\n")
        .collect();
    let ended = piped(
        &["decode", "--flask", "--unverified", "--json-lines"],
        lines,
    );
    for (vector, outcome) in vectors.iter().zip(ended.objects()) {
        assert_eq!(outcome["verified"], json!(false), "{}", vector.cookie);
        if outcome["outcome"] == "session" {
            let expected: Value =
                serde_json::from_str(vector.data.as_ref().unwrap().get()).unwrap();
            assert_eq!(outcome["data"], expected);
        }
    }
}

fn valid() -> Vec<Vector> {
    let valid: Vec<_> = vectors()
        .into_iter()
        .filter(|vector| vector.kind == "valid")
        .collect();
    assert_eq!(valid.len(), 150);
    valid
}

/// A line for each, with its settings and what `more` adds.
fn lines(vectors: &[Vector], mut more: impl FnMut(&Vector) -> String) -> String {
    let line = |vector: &Vector| {
        let settings = json!({
            "secret": vector.secret,
            "fallbacks": vector.fallbacks,
            "salt": vector.salt,
            "digest": vector.digest,
            "key_derivation": vector.key_derivation,
        });
        let (settings, more) = (settings.to_string(), more(vector));
        format!("{},{}\n", settings.strip_suffix('}').unwrap(), &more[1..])
    };
    vectors.iter().map(line).collect()
}

fn parsed<'a, T: Deserialize<'a>>(lines: &'a str) -> Vec<T> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// Whether both say the same, the order of keys aside. As a `Value` rounds what is more than 64 bits, digits are compared
/// too.
fn assert_same(expected: &RawValue, data: &RawValue, name: &str) {
    let value = |raw: &RawValue| serde_json::from_str::<Value>(raw.get()).expect(name);
    assert_eq!(value(data), value(expected), "{name}");
    assert_eq!(
        long_numbers(data.get()),
        long_numbers(expected.get()),
        "{name}"
    );
}

fn long_numbers(json: &str) -> Vec<&str> {
    let mut numbers: Vec<_> = json
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() > 15)
        .collect();
    numbers.sort_unstable();
    numbers
}
