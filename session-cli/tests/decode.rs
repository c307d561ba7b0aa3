//! `sessionctl decode` for one cookie: what is on standard output, and the line and the exit code that say what was wrong.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics"
)]

mod common;

#[cfg(unix)]
use std::{env, path::Path, process::Command};

use common::{KEY, T, piped, run, sessionctl, vectors};

/// `{"a":1}`, by Flask with the key `secret` at `T`.
const FLASKS: &str = "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU";

fn flask<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["decode", "--flask", "--secret-key", "secret"], arguments].concat()
}

/// A cookie of our own with this payload, whatever it is, signed with [`KEY`] at `T`.
fn signed(payload: &str) -> String {
    use session_runtime::signing::{Digest, SecretKey, TokenSigner};

    TokenSigner::builder(SecretKey::dangerous(KEY))
        .digest(Digest::Sha256)
        .build()
        .sign(payload.as_bytes(), T)
}

#[test]
fn a_cookie_is_read_from_its_argument_and_from_standard_input() {
    assert_eq!(sessionctl(flask(&[FLASKS])).quietly(), r#"{"a":1}"#);
    for input in [
        FLASKS.to_owned(),
        format!("{FLASKS}\n"),
        format!("{FLASKS}\r\n"),
    ] {
        assert_eq!(piped(&flask(&[]), &input).quietly(), r#"{"a":1}"#);
        assert_eq!(piped(&flask(&["-"]), &input).quietly(), r#"{"a":1}"#);
    }
}

#[test]
fn a_cookie_is_found_in_what_was_copied_from_a_header() {
    for text in [
        format!("\"{FLASKS}\""),
        format!("session={FLASKS}"),
        format!("session={FLASKS}; HttpOnly; Path=/"),
        format!("__Host-session=\"{FLASKS}\"; Secure"),
        format!("Cookie: theme=dark; session={FLASKS}"),
    ] {
        assert_eq!(
            sessionctl(flask(&[&text])).quietly(),
            r#"{"a":1}"#,
            "{text}"
        );
        assert_eq!(piped(&flask(&[]), text).quietly(), r#"{"a":1}"#);
    }
}

/// pallets/flask #4117: the leading dot of a compressed cookie was taken for a fault in base64.
#[test]
fn a_leading_dot_is_part_of_what_was_signed() {
    let read = |secret: &str, cookie: &str| {
        sessionctl(["decode", "--flask", "--secret-key", secret, cookie])
    };
    let recorded = vectors().into_iter().filter(|vector| {
        let is_default = vector.digest == "sha1"
            && vector.key_derivation == "hmac"
            && vector.salt == "cookie-session";
        vector.kind == "valid" && is_default
    });
    let (compressed, plain): (Vec<_>, Vec<_>) =
        recorded.partition(|vector| vector.cookie.starts_with('.'));
    let (compressed, plain) = (&compressed[0], &plain[0]);
    assert!(
        read(&compressed.secret, &compressed.cookie)
            .quietly()
            .starts_with('{')
    );
    assert!(
        read(&plain.secret, &plain.cookie)
            .quietly()
            .starts_with('{')
    );

    let without = compressed.cookie.strip_prefix('.').unwrap();
    let with = format!(".{}", plain.cookie);
    for (secret, cookie) in [(&compressed.secret, without), (&plain.secret, &with)] {
        let sentence = read(secret, cookie);
        assert!(
            sentence.refused(3).starts_with("bad signature: "),
            "{cookie}"
        );
    }
    let quoted = format!("\"{}\"", compressed.cookie);
    assert_eq!(
        read(&compressed.secret, &quoted),
        read(&compressed.secret, &compressed.cookie)
    );
}

#[test]
fn another_key_salt_digest_or_derivation_is_a_bad_signature() {
    for wrong in [
        ["--secret-key", "other"].as_slice(),
        &["--secret-key", "secret", "--salt", "other"],
        &["--secret-key", "secret", "--digest", "sha256"],
        &["--secret-key", "secret", "--key-derivation", "concat"],
    ] {
        let ended = sessionctl([&["decode", "--flask", FLASKS], wrong].concat());
        assert!(ended.refused(3).starts_with("bad signature: "), "{wrong:?}");
    }
    // Without Flask's settings the digest differs.
    let ended = sessionctl(["decode", "--secret-key", "secret", FLASKS]);
    assert!(ended.refused(3).contains("--flask"));
    let ended = sessionctl([
        "decode",
        "--secret-key",
        "secret",
        "--digest",
        "sha1",
        FLASKS,
    ]);
    assert_eq!(ended.quietly(), r#"{"a":1}"#);
}

#[test]
fn a_cookie_under_any_fallback_is_read() {
    let fallbacks = [
        "--fallback",
        "oldest",
        "--fallback",
        "secret",
        "--fallback",
        "-old",
    ];
    let arguments = [
        &["decode", "--flask", "--secret-key", "new", FLASKS],
        &fallbacks[..],
    ];
    assert_eq!(sessionctl(arguments.concat()).quietly(), r#"{"a":1}"#);
}

#[test]
fn an_expired_cookie_says_since_when() {
    let at = |now: &str| sessionctl(flask(&["--lifetime", "60", "--now", now, FLASKS]));
    assert_eq!(at("1700000060").quietly(), r#"{"a":1}"#);
    assert_eq!(
        at("1700000061").refused(4),
        "expired since 2023-11-14T22:14:20Z: it was signed at 2023-11-14T22:13:20Z and lives for 60 s"
    );
    // By the system's clock as well.
    assert!(
        sessionctl(flask(&["--lifetime", "60", FLASKS]))
            .refused(4)
            .starts_with("expired since 2023-")
    );
}

#[test]
fn without_a_lifetime_the_age_is_not_judged() {
    for now in ["0", "1700000000", "99999999999999"] {
        assert_eq!(
            sessionctl(flask(&["--now", now, FLASKS])).quietly(),
            r#"{"a":1}"#
        );
    }
}

#[test]
fn a_permanent_session_has_the_same_lifetime() {
    let cookie = signed(r#"{"_permanent":true}"#);
    let at = |now: &str| {
        sessionctl([
            "decode",
            "--secret-key",
            KEY,
            "--lifetime",
            "60",
            "--now",
            now,
            &cookie,
        ])
    };
    assert_eq!(at("1700000060").code, 0);
    assert_eq!(at("1700000061").code, 4);
}

#[test]
fn a_cookie_from_the_future_is_read_within_the_leeway_that_flask_does_not_have() {
    let at = |more: &[&str], now: &str, cookie: &str| {
        let fixed = ["decode", "--lifetime", "60", "--now", now, cookie];
        sessionctl([&fixed, more].concat())
    };
    let flask = ["--flask", "--secret-key", "secret"];
    assert!(
        at(&flask, "1699999999", FLASKS)
            .refused(7)
            .starts_with("signed in the future: ")
    );
    let cookie = signed("{}");
    assert_eq!(
        at(&["--secret-key", KEY], "1699999970", &cookie).quietly(),
        "{}"
    );
    assert_eq!(at(&["--secret-key", KEY], "1699999969", &cookie).code, 7);
}

#[test]
fn what_is_no_token_is_malformed() {
    for text in ["", "nonsense", "e30", "\u{e9}"] {
        let ended = piped(&flask(&[]), text);
        assert!(ended.refused(5).starts_with("malformed: "), "{text}");
    }
    assert!(
        piped(&flask(&[]), b"\xff\xfe.\x00.\x80")
            .refused(5)
            .starts_with("malformed: ")
    );
    assert!(
        piped(&["decode", "--unverified"], "!.!.!")
            .refused(5)
            .starts_with("malformed: ")
    );
}

/// No key has made it, and whoever compares keys looks in the wrong place.
#[test]
fn of_a_session_in_a_store_it_is_said_where_its_content_is() {
    let id = session_runtime::store::SessionId::from_bytes([7; 16]);
    let cookie = format!("__Host-session={id}.{}", "A".repeat(43));
    for options in [&[][..], &["--encrypted"], &["--flask"], &["--unverified"]] {
        let ended = sessionctl([&["decode", "--secret-key", KEY, &cookie], options].concat());
        assert!(!ended.err.contains("AAAA"), "the secret is shown");
        let said = ended.refused(5);
        assert!(said.contains("a session in a store"), "{said}");
        assert!(said.ends_with(&format!("under the id {id}")), "{said}");
    }
}

#[test]
fn what_is_signed_and_no_session_is_an_unreadable_payload() {
    for payload in ["[1]", "", "{\"a\":1}x", "5", "\u{feff}{}"] {
        let ended = sessionctl(["decode", "--secret-key", KEY, &signed(payload)]);
        assert!(
            ended.refused(6).starts_with("unreadable payload: "),
            "{payload}"
        );
    }
    // Flask's format has rules of its own.
    let cookie = signed(r#"{"a":{" b":"not base64"}}"#);
    let arguments = ["decode", "--secret-key", KEY, "--digest", "sha256", &cookie];
    assert_eq!(sessionctl(arguments).code, 0);
    assert_eq!(sessionctl(arguments.into_iter().chain(["--flask"])).code, 6);
}

#[test]
fn the_payload_is_given_byte_for_byte() {
    for payload in [
        r#"{ "b" : 100000000000000000001, "a":[1e5, "\u5b57 字"] }"#,
        r#"{"a":{" t":[1,{" b":"YQ=="}]},"a":NaN}"#,
        "null",
        "{\n\"a\":1}",
    ] {
        let ended = sessionctl(["decode", "--secret-key", KEY, &signed(payload)]);
        assert_eq!((ended.code, ended.out), (0, format!("{payload}\n")));
    }
}

#[test]
fn nothing_in_a_session_is_obeyed_by_the_terminal_that_shows_it() {
    let cookie = signed("{\"\u{9b}2J\":\"\u{7f}\u{202e}\",\"é\":1}");
    let shown = r#"{"\u009b2J":"\u007f\u202e","é":1}"#;
    let ended = sessionctl(["decode", "--secret-key", KEY, &cookie]);
    assert_eq!(ended.quietly(), shown);
    let line = format!(r#"{{"cookie":"{cookie}"}}"#);
    for flags in [&["--secret-key", KEY][..], &["--unverified"]] {
        let ended = piped(&[&["decode", "--json-lines"], flags].concat(), &line);
        assert!(
            ended.line().contains(&format!(r#""data":{shown}"#)),
            "{ended:?}"
        );
    }
}

#[test]
fn nothing_in_a_refused_command_line_is_obeyed_by_the_terminal_either() {
    let cookie = "--\u{1b}]0;x\u{7}\u{202e}";
    for arguments in [&["decode", cookie][..], &["decode", "a", cookie], &[cookie]] {
        let ended = sessionctl(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""));
        let shown = r"--\u001b]0;x\u0007\u202e";
        assert!(ended.err.contains(shown), "{ended:?}");
        let is_obeyed = |c: char| c != '\n' && c.is_control() || c == '\u{202e}';
        assert!(!ended.err.contains(is_obeyed), "{ended:?}");
    }
}

#[test]
fn without_a_key_both_ways_to_give_one_are_named() {
    let ended = sessionctl(["decode", FLASKS]);
    let sentence = ended.refused(2);
    assert!(
        sentence.contains("SECRET_KEY") && sentence.contains("--secret-key"),
        "{sentence}"
    );
}

#[test]
fn unverified_looks_without_a_key_and_says_so() {
    let forged = FLASKS.replace("eyJhIjoxfQ", "eyJhIjoyfQ");
    for arguments in [
        ["decode", "--unverified"].as_slice(),
        &["decode", "--unverified", "--flask"],
    ] {
        let ended = piped(arguments, &forged);
        assert_eq!(ended.line(), r#"{"a":2}"#);
        assert!(
            ended.err.starts_with("sessionctl: not verified: "),
            "{}",
            ended.err
        );
        assert!(ended.err.contains("2023-11-14T22:13:20Z"), "{}", ended.err);
        assert_eq!(ended.err.lines().count(), 1);
    }
    // A key that is at hand is not asked.
    let ended = run(
        ["decode", "--unverified", &forged],
        &[("SECRET_KEY", "secret")],
        b"",
    );
    assert_eq!(ended.line(), r#"{"a":2}"#);
}

#[test]
fn unverified_judges_payload_and_age_as_ever() {
    assert!(
        sessionctl(["decode", "--unverified", "W10.ZVPxAA.AAAA"])
            .refused(6)
            .starts_with("unreadable payload: ")
    );
    let old = [
        "decode",
        "--unverified",
        "--lifetime",
        "60",
        "--now",
        "1700000061",
        FLASKS,
    ];
    assert!(sessionctl(old).refused(4).starts_with("expired since "));
}

#[test]
fn a_mistake_on_the_command_line_is_exit_code_2() {
    for wrong in [
        ["decode", "--digest", "md5", FLASKS].as_slice(),
        &["decode", "--key-derivation", "pbkdf2", FLASKS],
        &["decode", "--now", "-5", FLASKS],
        &["decode", "--lifetime", "1h", FLASKS],
        &["decode", FLASKS, FLASKS],
        &["decode", "--json-lines", FLASKS],
        &["unlock"],
        &[],
    ] {
        let ended = sessionctl(wrong);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{wrong:?}");
    }
    for (option, value, mend) in [
        ("--digest", "md5", "sha256"),
        ("--lifetime", "1h", "whole seconds, as in 3600"),
        ("--now", "today", "`date +%s`"),
    ] {
        let said = sessionctl(["decode", option, value, FLASKS]).err;
        assert!(said.contains(mend), "{said}");
    }
}

#[test]
fn a_cookie_that_begins_with_a_dash_is_no_option_and_a_mistyped_option_is_no_cookie() {
    for cookie in ["-eJyrVkpUsjKsBQALugKD.ZVPxAA.AAAA", "-x"] {
        let ended = sessionctl(flask(&[cookie]));
        assert!([3, 5].contains(&ended.code), "{ended:?}");
        assert_eq!(ended, piped(&flask(&[]), cookie));
    }
    for arguments in [
        ["--unverifed"].as_slice(),
        &["--secert-key", "k"],
        &["--flsk", FLASKS],
    ] {
        let ended = piped(&flask(arguments), FLASKS);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
        assert!(ended.err.contains(arguments[0]), "{}", ended.err);
        assert!(ended.err.contains("similar"), "{}", ended.err);
    }
}

#[test]
fn a_key_is_shown_neither_by_the_help_nor_by_an_error() {
    let environment = [
        ("SECRET_KEY", "hunter2"),
        ("SECRET_KEY_FALLBACKS", "[\"hunter1\""),
    ];
    for arguments in [
        ["decode", "--help"].as_slice(),
        &["decode", "-h"],
        &["encode", "--help"],
        &["keygen", "--help"],
        &["decode", FLASKS],
        &["decode", "--secret-key", "hunter3", "--lifetime", "x"],
        &["keygen", "--fallback", "x"],
    ] {
        let ended = run(arguments, &environment, b"");
        assert!(!format!("{ended:?}").contains("hunter"), "{ended:?}");
    }
}

/// As somebody types them, one after the other.
#[cfg(unix)]
#[test]
fn the_examples_of_the_help_do_what_they_say() {
    let help = sessionctl(["--help"]).out;
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let (examples, _) = examples.split_once("\n\n").unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_sessionctl"));
    let path = env::var_os("PATH").unwrap();
    let own = program.parent().unwrap().to_owned();
    let folders = std::iter::once(own).chain(env::split_paths(&path));
    let ended = Command::new("sh")
        .args(["-ec", examples])
        .env("PATH", env::join_paths(folders).unwrap())
        .output()
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let session = "{\"user_id\":12345}\n";
    assert_eq!(String::from_utf8_lossy(&ended.stdout), session.repeat(2));
}

#[test]
fn the_help_lists_the_exit_codes() {
    for arguments in [
        ["--help"].as_slice(),
        &["decode", "--help"],
        &["help", "encode"],
    ] {
        let help = sessionctl(arguments);
        assert_eq!((help.code, help.err.as_str()), (0, ""));
        assert!(help.out.contains("\n  4  expired\n"), "{arguments:?}");
    }
}
