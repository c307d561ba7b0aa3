//! What Flask reads and we do not: each is something that no signer writes, so that only a fault, or somebody who tries
//! things, could send it. The names are those of `tests/python/share_sessions.py`.

use super::forge::{NOW, base64, deflated, signed, token};

pub struct Stricter {
    pub oddity: &'static str,
    pub reason: &'static str,
    /// A cookie that has it, signed with the right key.
    pub example: fn() -> String,
}

pub const STRICTER: &[Stricter] = &[
    Stricter {
        oddity: "sloppy base64",
        reason: "a cookie has one spelling, so that nobody gets past what remembers spellings",
        example: || format!("{}=", of(r#"{"a":1}"#)),
    },
    Stricter {
        oddity: "root that is no object",
        reason: "Python makes a dictionary of a list of pairs; nobody stores a session as one",
        example: || of(r#"[["a",1]]"#),
    },
    Stricter {
        oddity: "root that is a tag",
        reason: "the same pairs, in a tuple",
        example: || of(r#"{" t":[["a",1]]}"#),
    },
    Stricter {
        oddity: "bytes of what is no text",
        reason: "Python decodes bytes too; Flask writes a text",
        example: || of(r#"{"a":{" b":{" b":""}}}"#),
    },
    Stricter {
        oddity: "markup of what is no text",
        reason: "of a list, an object or a float Python makes a text in its own spelling; nobody means that",
        example: || of(r#"{"a":{" m":[1]}}"#),
    },
    Stricter {
        oddity: "UUID with a sign, a blank or an underscore",
        reason: "Python's `int` passes over them; they stand in no UUID",
        example: || of(r#"{"a":{" u":"0123456789abcdef_123456789abcdef"}}"#),
    },
    Stricter {
        oddity: "half a surrogate pair in a tag",
        reason: "the name of an escaped dictionary, or a text that a tuple is made of: Rust has no text for it, and Flask writes neither",
        example: || of(r#"{"a":{" di":{"\ud800__":1}}}"#),
    },
    Stricter {
        oddity: "date of what is no text",
        reason: "Python reads only what it calls false as no date, and fails on the rest",
        example: || of(r#"{"a":{" d":0}}"#),
    },
    Stricter {
        oddity: "date beyond ASCII",
        reason: "Python knows digits and blanks of other scripts; no date has them",
        example: || of(r#"{"a":{" d":"14 N\u00f6v 2023 22:13:20 GMT"}}"#),
    },
    Stricter {
        oddity: "date that Flask cannot write",
        reason: "its offset moves it out of the years that Python has, so that any change of the session is a 500",
        example: || of(r#"{"a":{" d":"31 Dec 9999 23:59:59 -0100"}}"#),
    },
    Stricter {
        oddity: "more than 4300 digits in a row",
        reason: "Python fails on such an integer and reads such a float; they are not told apart",
        example: || of(&format!(r#"{{"a":0.{}}}"#, "1".repeat(4301))),
    },
    Stricter {
        oddity: "nested more than 320 levels deep",
        reason: "how deep Python's stack reaches depends on who calls; we stay below",
        example: || {
            of(&format!(
                r#"{{"a":{}{}}}"#,
                "[".repeat(320),
                "]".repeat(320)
            ))
        },
    },
    Stricter {
        oddity: "more than one MiB of text",
        reason: "a cookie of 4 KB can inflate to 4 MB, at each request",
        example: || {
            let json = format!(r#"{{"a":1{}}}"#, " ".repeat(1 << 20));
            token(&format!(".{}", base64(&deflated(json.as_bytes()))))
        },
    },
    Stricter {
        oddity: "lifetime of its own",
        reason: "a number under `_permanent` is what `set_lifetime` writes, and to Flask only true",
        example: || {
            let time = (NOW - 61).to_be_bytes();
            signed(&format!(
                "{}.{}",
                base64(br#"{"_permanent":60}"#),
                base64(&time)
            ))
        },
    },
];

fn of(json: &str) -> String {
    token(&base64(json.as_bytes()))
}
