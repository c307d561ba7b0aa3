//! `--json-lines`: one answer a line, in order, whatever the lines hold.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{KEY, T, piped, run, sessionctl};
use serde_json::{Value, json};

const DECODE: [&str; 2] = ["decode", "--json-lines"];
const ENCODE: [&str; 2] = ["encode", "--json-lines"];

fn encoded(arguments: &[&str], data: &str) -> String {
    let ended = sessionctl(
        [
            &["encode", "--secret-key", KEY, "--now", "1700000000"],
            arguments,
            &[data],
        ]
        .concat(),
    );
    ended.line().to_owned()
}

fn answers(arguments: &[&str], lines: &[Value]) -> Vec<Value> {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answers = piped(arguments, input).objects();
    assert_eq!(answers.len(), lines.len());
    answers
}

#[test]
fn a_line_has_its_own_settings_and_else_those_of_the_options() {
    let cookie = encoded(&[], r#"{"a":1}"#);
    let salted = encoded(
        &[
            "--salt",
            "s",
            "--digest",
            "sha512",
            "--key-derivation",
            "none",
        ],
        r#"{"b":2}"#,
    );
    let session = |data: Value| json!({ "outcome": "session", "data": data });
    let empty = |reason: &str| json!({ "outcome": "empty", "reason": reason });
    let own =
        json!({ "cookie": salted, "salt": "s", "digest": "sha512", "key_derivation": "none" });
    let arguments = [
        &DECODE[..],
        &[
            "--secret-key",
            KEY,
            "--lifetime",
            "60",
            "--now",
            "1700000060",
        ],
    ]
    .concat();
    let answers = answers(
        &arguments,
        &[
            json!({ "cookie": cookie }),
            own,
            json!({ "cookie": cookie, "salt": "s" }),
            json!({ "cookie": cookie, "secret": "other" }),
            json!({ "cookie": cookie, "secret": "other", "fallbacks": ["x", KEY] }),
            json!({ "cookie": cookie, "lifetime": 1, "now": T }),
            json!({ "cookie": cookie, "now": T - 31 }),
            json!({ "cookie": "nonsense" }),
            json!({ "cookie": format!("\"{cookie}\""), "id": 7 }),
            json!({ "cookie": cookie, "now": T + 61 }),
        ],
    );
    assert_eq!(
        answers,
        [
            session(json!({ "a": 1 })),
            session(json!({ "b": 2 })),
            empty("bad signature"),
            empty("bad signature"),
            session(json!({ "a": 1 })),
            session(json!({ "a": 1 })),
            empty("signed in the future"),
            empty("malformed"),
            session(json!({ "a": 1 })),
            json!({ "outcome": "empty", "reason": "expired", "since": "2023-11-14T22:14:20Z" }),
        ]
    );
}

#[test]
fn a_line_that_cannot_be_read_is_an_error_and_the_next_one_is_answered() {
    let cookie = encoded(&[], r#"{"a":1}"#);
    let good = json!({ "cookie": cookie, "secret": KEY }).to_string();
    let deep = format!("{{\"cookie\":{}", "[".repeat(100_000));
    let bad: [&[u8]; 14] = [
        b"",
        b"\xff\xfe\x00",
        b"nonsense",
        b"[]",
        b"{}",
        br#"{"cookie":5}"#,
        br#"{"cookie":"\ud800"}"#,
        br#"{"cookie":"x","secret":"k","digest":"md5"}"#,
        br#"{"cookie":"x","secret":"k","now":-1}"#,
        br#"{"cookie":"x","secret":"k","lifetime":1.5}"#,
        br#"{"cookie":"x","secret":"k","fallbacks":"old"}"#,
        br#"{"cookie":"x","secret_key":"k"}"#,
        br#"{"cookie":"x"}"#,
        deep.as_bytes(),
    ];
    let mut input = Vec::new();
    for line in bad {
        input.extend([line, b"\n", good.as_bytes(), b"\r\n"].concat());
    }
    // The last line need not end.
    input.pop();
    let answers = piped(&DECODE, &input).objects();
    assert_eq!(answers.len(), 2 * bad.len());
    for (line, pair) in bad.iter().zip(answers.chunks(2)) {
        let line = String::from_utf8_lossy(line);
        assert!(pair[0]["error"].is_string(), "{line}: {}", pair[0]);
        assert_eq!(pair[1]["outcome"], "session", "{line}: {}", pair[1]);
    }
}

#[test]
fn no_bytes_at_all_end_it() {
    // A linear congruence: the same bytes every time.
    let mut state = 7_u64;
    let bytes: Vec<u8> = (0..1 << 18)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let [byte, kind, ..] = state.to_be_bytes();
            if kind < 64 {
                b"{}[]\",:\\.\n"[usize::from(byte) % 10]
            } else {
                byte
            }
        })
        .collect();
    let lines = bytes
        .strip_suffix(b"\n")
        .unwrap_or(&bytes)
        .split(|byte| *byte == b'\n')
        .count();
    for arguments in [
        [&DECODE[..], &["--secret-key", KEY]].concat(),
        [&DECODE[..], &["--unverified"]].concat(),
        [&ENCODE[..], &["--secret-key", KEY, "--flask"]].concat(),
    ] {
        let answers = piped(&arguments, &bytes).objects();
        assert_eq!(answers.len(), lines);
        assert!(answers.iter().all(|answer| answer["error"].is_string()));
    }
    assert_eq!(piped(&DECODE, "").out, "");
}

#[test]
fn a_payload_that_json_cannot_hold_is_given_as_a_text() {
    let signer = session_runtime::signing::TokenSigner::new(
        session_runtime::signing::SecretKey::dangerous(KEY),
    );
    let decoded = |payload: &str| {
        let cookie = signer.sign(payload.as_bytes(), T);
        let line = json!({ "cookie": cookie, "secret": KEY });
        let ended = piped(&[&DECODE[..], &["--flask"]].concat(), format!("{line}\n"));
        ended.line().to_owned()
    };
    for payload in [
        r#"{"a":NaN}"#,
        r#"{"a":[-Infinity]}"#,
        r#"{"a":"\ud800"}"#,
        "{\"a\":\nNaN}",
    ] {
        let answer: Value = serde_json::from_str(&decoded(payload)).unwrap();
        assert_eq!(
            answer,
            json!({ "outcome": "session", "data_text": payload })
        );
    }
    for payload in [
        r#"{"a":"NaN \\ud800 \ud83d\ude42"}"#,
        r#"{"z":123456789012345678901234567890,"a":{" t":[1e16]},"z":1e400}"#,
    ] {
        assert_eq!(
            decoded(payload),
            format!(r#"{{"outcome":"session","data":{payload}}}"#)
        );
    }
    // One line stays one line.
    assert_eq!(
        decoded("{\"a\":\r\n1}\n"),
        r#"{"outcome":"session","data":{"a":  1}}"#
    );
}

#[test]
fn a_session_with_nothing_in_it_is_empty() {
    for data in ["{}", " { } "] {
        let line = json!({ "cookie": encoded(&[], data), "secret": KEY });
        let expected = json!({ "outcome": "empty", "reason": "nothing in it" });
        assert_eq!(answers(&DECODE, &[line]), [expected]);
    }
}

#[test]
fn what_was_not_verified_says_so_in_every_answer() {
    let forged = format!("{}AAAA", encoded(&[], r#"{"a":1}"#));
    let arguments = [&DECODE[..], &["--unverified"]].concat();
    let answers = answers(
        &arguments,
        &[
            json!({ "cookie": forged, "secret": "not asked" }),
            json!({ "cookie": "x" }),
        ],
    );
    assert_eq!(
        answers,
        [
            json!({ "outcome": "session", "verified": false, "data": { "a": 1 } }),
            json!({ "outcome": "empty", "verified": false, "reason": "malformed" }),
        ]
    );
    let ended = piped(&arguments, "");
    assert!(
        ended.err.starts_with("sessionctl: not verified: "),
        "{}",
        ended.err
    );
}

#[test]
fn data_becomes_a_cookie_signed_as_of_now() {
    let lines = r#"{"data":{"a":1},"secret":"secret","now":1700000000}
{"data":{ "z":100000000000000000001,"a":{" t":[1]} },"secret":"secret","now":1700000000}
{"data":{"a":1},"secret":"secret","digest":"sha512","now":1700000000,"lifetime":1,"cookie":"x"}
{"data":[1],"secret":"secret"}
{"data":null,"secret":"secret"}
{"secret":"secret"}
{"data":{"a":1}}
{"data":{"a":1,},"secret":"secret"}
{"data":{"a":NaN},"secret":"secret"}
"#;
    let ended = piped(&[&ENCODE[..], &["--flask"]].concat(), lines);
    let answers = ended.objects();
    assert_eq!(answers.len(), 9);
    let flasks = "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU";
    assert_eq!(answers[0], json!({ "cookie": flasks }));
    for answer in &answers[1..3] {
        assert!(answer["cookie"].is_string(), "{answer}");
    }
    let big = answers[1]["cookie"].as_str().unwrap();
    assert_eq!(
        sessionctl(["decode", "--flask", "--secret-key", "secret", big]).quietly(),
        r#"{"a":{" t":[1]},"z":100000000000000000001}"#
    );
    for answer in &answers[3..] {
        assert!(answer["error"].is_string(), "{answer}");
    }
    // Told once, not a line each.
    assert!(ended.err.contains("warning"), "{}", ended.err);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
}

#[test]
fn a_key_from_the_environment_serves_every_line() {
    let environment = [("SECRET_KEY", KEY)];
    let ended = run(ENCODE, &environment, b"{\"data\":{\"a\":1}}\n");
    assert_eq!(ended.err, "");
    let cookie = &ended.objects()[0]["cookie"];
    let ended = run(
        DECODE,
        &environment,
        json!({ "cookie": cookie }).to_string().as_bytes(),
    );
    assert_eq!(ended.objects()[0]["data"], json!({ "a": 1 }));
}

#[test]
fn who_asks_line_by_line_is_answered_line_by_line() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sessionctl"))
        .args(DECODE)
        .args(["--secret-key", KEY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let cookie = encoded(&[], r#"{"a":1}"#);
    for _ in 0..3 {
        // The beginning of the next question must not hold the answer back.
        write!(questions, "{{\"cookie\":\"{cookie}\"}}\n{{").unwrap();
        questions.flush().unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert_eq!(answer, r#"{"outcome":"session","data":{"a":1}}"#);
        writeln!(questions, "}}").unwrap();
        assert!(answers.next().unwrap().unwrap().contains("error"));
    }
    drop(questions);
    assert!(answers.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_who_has_seen_enough_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sessionctl"))
        .args(DECODE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // It may end before it has read this.
    let _ = input.write_all(b"{}\n{}\n");
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(
        (ended.status.code(), ended.stderr.as_slice()),
        (Some(1), &b""[..])
    );
}

#[test]
fn encrypted_cookies_come_and_go_by_the_line_as_well() {
    let line = json!({ "data": { "a": 1 }, "secret": KEY });
    let encoded = answers(&[&ENCODE[..], &["--encrypted"]].concat(), &[line]);
    let cookie = &encoded[0]["cookie"];
    let arguments = [&DECODE[..], &["--encrypted", "--secret-key", "other"]].concat();
    let lines = [
        json!({ "cookie": cookie, "secret": KEY }),
        json!({ "cookie": cookie }),
    ];
    assert_eq!(
        answers(&arguments, &lines),
        [
            json!({ "outcome": "session", "data": { "a": 1 } }),
            json!({ "outcome": "empty", "reason": "bad signature" }),
        ]
    );
}

#[test]
fn a_line_without_a_key_is_told_where_one_may_stand() {
    for (arguments, line) in [
        (DECODE, json!({ "cookie": "e30.PA.AAAA" })),
        (ENCODE, json!({ "data": {} })),
    ] {
        let answers = answers(&arguments, &[line]);
        let error = answers[0]["error"].as_str().unwrap();
        assert!(error.contains("`secret`"), "{error}");
    }
}
