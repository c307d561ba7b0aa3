//! `sessionctl encode` and `keygen`: what is written reads back, and a weak key is warned of.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics"
)]

mod common;

use common::{KEY, piped, run, sessionctl};

#[test]
fn a_cookie_is_what_flask_writes() {
    let arguments = [
        "encode",
        "--flask",
        "--secret-key",
        "secret",
        "--now",
        "1700000000",
    ];
    for data in [r#"{"a":1}"#, " { \"a\" : 1 } "] {
        let by_argument = sessionctl(arguments.into_iter().chain([data]));
        assert_eq!(
            by_argument.line(),
            "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU"
        );
        assert_eq!(piped(&arguments, format!("{data}\n")), by_argument);
    }
}

#[test]
fn a_new_key_signs_and_reads_without_a_word() {
    let keys = [(); 2].map(|()| sessionctl(["keygen"]).quietly().to_owned());
    assert_ne!(keys[0], keys[1]);
    for key in &keys {
        assert!(key.len() == 64 && key.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let environment = [("SECRET_KEY", key.as_str())];
        for more in [
            [].as_slice(),
            &["--flask"],
            &["--salt", "s", "--digest", "sha512"],
        ] {
            let data = r#"{"_permanent":true,"n":100000000000000000001,"name":"字"}"#;
            let encoded = run([&["encode", data], more].concat(), &environment, b"");
            let cookie = encoded.quietly();
            let decoded = run(
                [&["decode", "--lifetime", "60", cookie], more].concat(),
                &environment,
                b"",
            );
            let expected = if more == ["--flask"] {
                data.replace("字", "\\u5b57")
            } else {
                data.to_owned()
            };
            assert_eq!(decoded.quietly(), expected);
        }
    }
    let [old, new] = &keys;
    let cookie = sessionctl(["encode", "--secret-key", old, "{}"]);
    let fallbacks = format!("[\"{old}\"]");
    let environment = [
        ("SECRET_KEY", new.as_str()),
        ("SECRET_KEY_FALLBACKS", &fallbacks),
    ];
    assert_eq!(
        run(["decode", cookie.quietly()], &environment, b"").quietly(),
        "{}"
    );
}

#[test]
fn the_option_wins_over_the_environment() {
    let environment = [
        ("SECRET_KEY", "other"),
        ("SECRET_KEY_FALLBACKS", "[\"another\"]"),
    ];
    let encoded = run(["encode", "--secret-key", KEY, "{}"], &environment, b"");
    let cookie = encoded.quietly();
    assert_eq!(
        sessionctl(["decode", "--secret-key", KEY, cookie]).quietly(),
        "{}"
    );
    let decoded = |fallback| {
        run(
            ["decode", "--fallback", fallback, cookie],
            &environment,
            b"",
        )
    };
    assert_eq!(decoded(KEY).quietly(), "{}");
    assert_eq!(decoded("x").code, 3);
}

#[test]
fn fallbacks_that_are_no_list_are_refused() {
    for text in ["oldsecret", "\"oldsecret\"", "{}", "[1]"] {
        let environment = [("SECRET_KEY", KEY), ("SECRET_KEY_FALLBACKS", text)];
        let ended = run(["encode", "{}"], &environment, b"");
        assert!(ended.refused(2).contains("SECRET_KEY_FALLBACKS"), "{text}");
    }
    let environment = [("SECRET_KEY", KEY), ("SECRET_KEY_FALLBACKS", "")];
    assert_eq!(run(["encode", "{}"], &environment, b"").code, 0);
}

#[test]
fn any_key_signs_and_a_weak_one_is_warned_of() {
    for (key, word) in [
        ("", "empty"),
        ("dev", "everybody"),
        ("xJ4#qxJ4#qxJ4#qxJ4#q", "repeats"),
        ("xJ4#q", "5 bytes"),
    ] {
        let encoded = sessionctl(["encode", "--secret-key", key, "{\"a\":1}"]);
        let cookie = encoded.line();
        assert!(
            encoded.err.starts_with("sessionctl: warning: "),
            "{}",
            encoded.err
        );
        assert!(encoded.err.contains(word), "{}", encoded.err);
        assert_eq!(encoded.err.lines().count(), 1);
        // To read is no reason to warn.
        assert_eq!(
            sessionctl(["decode", "--secret-key", key, cookie]).quietly(),
            r#"{"a":1}"#
        );

        let replaced = run(["keygen"], &[("SECRET_KEY", key)], b"");
        assert_eq!(replaced.line().len(), 64);
        assert!(replaced.err.contains(word), "{}", replaced.err);
    }
    sessionctl(["keygen", "--secret-key", KEY]).quietly();
}

#[cfg(unix)]
#[test]
fn a_key_that_is_no_text_is_a_key() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let key = OsStr::from_bytes(b"\xff\xfe-sixteen-bytes-of-it");
    let arguments =
        |command: &'static str, text| [command.as_ref(), "--secret-key".as_ref(), key, text];
    let encoded = sessionctl(arguments("encode", "{}".as_ref()));
    let decoded = sessionctl(arguments("decode", encoded.quietly().as_ref()));
    assert_eq!(decoded.quietly(), "{}");
    // But data and a cookie are text.
    let no_text = OsStr::from_bytes(b"{\"a\":\"\xff\"}");
    assert_eq!(sessionctl(arguments("encode", no_text)).code, 6);
    assert_eq!(sessionctl(arguments("decode", no_text)).code, 5);
}

#[test]
fn an_encrypted_cookie_is_read_with_its_key_alone() {
    let encoded = |more: &[&str]| {
        sessionctl(
            [
                &["encode", "--encrypted", "--secret-key", KEY, r#"{"a":1}"#],
                more,
            ]
            .concat(),
        )
    };
    for more in [[].as_slice(), &["--flask"], &["--salt", "s"]] {
        let encoded = encoded(more);
        let cookie = encoded.quietly();
        let decoded =
            |arguments: &[&str]| sessionctl([&["decode", cookie], arguments, more].concat());
        let read = r#"{"a":1}"#;
        assert_eq!(
            decoded(&["--encrypted", "--secret-key", KEY]).quietly(),
            read
        );
        let as_fallback = ["--encrypted", "--secret-key", "new", "--fallback", KEY];
        assert_eq!(decoded(&as_fallback).quietly(), read);
        decoded(&["--encrypted", "--secret-key", "new"]).refused(3);
        let old = [
            "--encrypted",
            "--secret-key",
            KEY,
            "--lifetime",
            "1",
            "--now",
            "99999999999",
        ];
        decoded(&old).refused(4);

        assert!(
            decoded(&["--secret-key", KEY])
                .refused(5)
                .contains("--encrypted")
        );
        assert!(decoded(&["--unverified"]).refused(5).contains("encrypted"));
        assert_eq!(decoded(&["--unverified", "--encrypted"]).code, 2);
    }
    let signed = sessionctl(["encode", "--secret-key", KEY, "{}"]);
    let decoded = sessionctl([
        "decode",
        "--encrypted",
        "--secret-key",
        KEY,
        signed.quietly(),
    ]);
    assert!(decoded.refused(5).starts_with("malformed: "));
}

#[test]
fn data_that_is_no_session_is_refused() {
    for data in ["", "[1]", "null", "{\"a\":1}x", "{\"a\":NaN}", "{'a':1}"] {
        let ended = piped(&["encode", "--secret-key", KEY], data);
        ended.refused(6);
    }
    let tag = r#"{"a":{" t":5}}"#;
    assert_eq!(sessionctl(["encode", "--secret-key", KEY, tag]).code, 0);
    sessionctl(["encode", "--flask", "--secret-key", KEY, tag]).refused(6);
    // However deep.
    piped(
        &["encode", "--secret-key", KEY],
        format!("{{\"a\":{}", "[".repeat(1 << 20)),
    )
    .refused(6);
}

#[test]
fn a_cookie_that_no_browser_keeps_is_warned_of() {
    let ended = |random_digits: usize| {
        // What does not compress: digits of a linear congruence.
        let mut state = 1_u64;
        let text: String = (0..random_digits)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b' ' + 3 + u8::try_from(state >> 58).unwrap())
            })
            .map(|c| if c == '\\' { '~' } else { c })
            .collect();
        let data = serde_json::json!({ "a": text }).to_string();
        sessionctl(["encode", "--secret-key", KEY, &data])
    };
    ended(1000).quietly();
    let large = ended(5000);
    assert!(large.line().len() > 4096);
    assert!(large.err.contains("browsers keep 4096"), "{}", large.err);
}

#[test]
fn without_a_key_both_ways_to_give_one_are_named() {
    let ended = sessionctl(["encode", "{}"]);
    let sentence = ended.refused(2);
    assert!(
        sentence.contains("SECRET_KEY") && sentence.contains("--secret-key"),
        "{sentence}"
    );
}
