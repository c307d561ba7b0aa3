//! What `decode` answers to a line: one JSON object on one line, whatever the cookie holds.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;
use session_runtime::Decoded;

use crate::json_lines::append;
use crate::obeyed::spelled_out;
use crate::rejection::Rejection;

#[derive(Default, Serialize)]
struct Outcome<'a> {
    outcome: &'static str,
    /// Only where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// When it expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a RawValue>,
    /// The payload as a text, where it is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    data_text: Option<&'a str>,
}

/// Appends the object to `answer`.
pub(crate) fn write(opened: Result<&Decoded, &Rejection>, is_verified: bool, answer: &mut Vec<u8>) {
    let payload = &*opened.map_or(Cow::Borrowed(""), |session| spelled_out(session.json()));
    let line = on_one_line(payload);
    let mut outcome = Outcome {
        outcome: "empty",
        verified: (!is_verified).then_some(false),
        ..Outcome::default()
    };
    match opened {
        Err(rejection) => {
            outcome.reason = Some(rejection.reason());
            outcome.since = rejection.since().map(|since| since.to_string());
        }
        Ok(_) if is_empty(payload) => outcome.reason = Some("nothing in it"),
        Ok(_) => {
            let data = json(&line);
            outcome.outcome = "session";
            outcome.data = data;
            outcome.data_text = data.is_none().then_some(payload);
        }
    }
    append(&outcome, answer);
}

/// The payload, if every reader of JSON reads it. Python also writes what is none.
fn json(payload: &str) -> Option<&RawValue> {
    let data = serde_json::from_str(payload).ok()?;
    (!has_lone_surrogate(payload)).then_some(data)
}

/// Between values a line may end; what nobody signs with line ends in it is the rule.
fn on_one_line(payload: &str) -> Cow<'_, str> {
    if payload.contains(['\n', '\r']) {
        Cow::Owned(payload.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(payload)
    }
}

/// Whether the session has no member.
fn is_empty(payload: &str) -> bool {
    let told = || payload.bytes().filter(|byte| !byte.is_ascii_whitespace());
    told().eq(*b"{}") || told().eq(*b"null")
}

/// Whether half a UTF-16 pair is escaped somewhere. Half a pair is no character, so many readers refuse the whole text.
fn has_lone_surrogate(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at..];
        let length = match code_unit(escape) {
            Some(0xDC00..=0xDFFF) => return true,
            Some(0xD800..=0xDBFF) => match escape.get(6..).and_then(code_unit) {
                Some(0xDC00..=0xDFFF) => 12,
                _ => return true,
            },
            // Behind the backslash stands one byte, which may be another one.
            _ => 2,
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    false
}

/// The code unit that the text begins with as `\uXXXX`.
fn code_unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_what_only_python_writes() {
        for text in [
            r#"{"a":1}"#,
            r#"{"a":"\ud83d\ude42"}"#,
            r#"{"a":"\\ud800"}"#,
            r#"{"a":"\u5b57\n"}"#,
            r#"{"a":100000000000000000000000000000,"b":1e400}"#,
        ] {
            assert_eq!(json(text).map(RawValue::get), Some(text));
        }
        for text in [
            r#"{"a":NaN}"#,
            r#"{"a":-Infinity}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\ud83d\u0041"}"#,
            r#"{"a":"\\\uDC00"}"#,
            r#"{"\ude42\ud83d":1}"#,
        ] {
            assert!(json(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_session_of_nothing_is_empty_however_it_is_spaced() {
        for text in ["{}", "null", " { \n} ", "null\n"] {
            assert!(is_empty(text), "{text:?}");
        }
        for text in [r#"{"a":null}"#, r#"{"":0}"#] {
            assert!(!is_empty(text), "{text:?}");
        }
    }
}
