//! What the README shows is what the program does.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics"
)]

mod common;

use common::{piped, sessionctl};

const README: &str = include_str!("../README.md");

#[test]
fn the_example_of_many_at_once_is_answered_as_shown() {
    let (_, example) = README.rsplit_once("$ echo '").unwrap();
    let (line, rest) = example.split_once("' | sessionctl ").unwrap();
    let (arguments, rest) = rest.split_once('\n').unwrap();
    let (answer, _) = rest.split_once('\n').unwrap();
    let arguments: Vec<_> = arguments.split(' ').collect();
    assert_eq!(piped(&arguments, line).quietly(), answer);
}

#[test]
fn the_example_cookie_holds_what_is_shown() {
    let (_, example) = README.split_once("$ sessionctl encode '").unwrap();
    let lines: Vec<_> = example.lines().collect();
    let [_, cookie, decode, json, ..] = lines[..] else {
        panic!("{example}");
    };
    assert!(decode.ends_with(cookie));
    assert_eq!(sessionctl(["decode", "--unverified", cookie]).line(), json);
}

#[test]
fn every_option_and_exit_code_of_the_help_is_there() {
    let help = sessionctl(["decode", "--help"]).out;
    let options = help.lines().filter_map(|line| {
        let option = line.trim_start().strip_prefix("--")?;
        Some(format!("`--{}", option.split(' ').next()?))
    });
    let codes = help.lines().filter_map(|line| {
        let (code, _) = line.strip_prefix("  ")?.split_once("  ")?;
        Some(format!("\n| {} |", code.parse::<u8>().ok()?))
    });
    let shown: Vec<_> = options.chain(codes).collect();
    assert!(shown.len() >= 19, "{shown:?}");
    for part in shown {
        assert!(README.contains(&part), "{part}");
    }
}
