//! JSON as Python writes it. Python's `json` also writes `NaN`, `Infinity` and `-Infinity`, which JSON does not have, and
//! refuses some JSON that others accept: integers of more than 4,300 digits and very deep nesting. Real Flask
//! applications write the first, and answer every request with 500 on the second.

use std::borrow::Cow;

/// Python refuses to convert longer integers (`sys.int_info.default_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// Flask's reader of tagged JSON runs out of stack at about 325 levels; a little less is certain to be read.
pub(super) const MAX_DEPTH: usize = 320;

/// The words that JSON does not have, each with a number of the same length to stand in for it.
const WORDS: [(&str, &str); 2] = [("NaN", "1e0"), ("Infinity", "10000000")];

/// The text with Python's words replaced by numbers of the same length, so that offsets into the one are offsets into
/// the other.
pub(super) fn without_words(text: &str) -> Cow<'_, str> {
    if WORDS.iter().all(|(word, _)| !text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, put) = if first == '"' {
            let end = string_end(rest);
            (end, &rest[..end])
        } else if let Some((word, number)) =
            WORDS.iter().find(|(word, _)| is_value(&out, word, rest))
        {
            (word.len(), *number)
        } else {
            (first.len_utf8(), &rest[..first.len_utf8()])
        };
        out.push_str(put);
        rest = &rest[piece..];
    }
    Cow::Owned(out)
}

/// Whether the word begins `rest`, with nothing beside it that would make a number of what stands in for it: `1NaN` is no
/// value in Python either.
fn is_value(before: &str, word: &str, rest: &str) -> bool {
    let Some(behind) = rest.strip_prefix(word) else {
        return false;
    };
    let before = match before.strip_suffix('-') {
        Some(before) if word == "Infinity" => before,
        _ => before,
    };
    let ends = |c: char| {
        matches!(
            c,
            ' ' | '\t' | '\n' | '\r' | ',' | ':' | '[' | ']' | '{' | '}'
        )
    };
    (before.is_empty() || before.ends_with(ends)) && (behind.is_empty() || behind.starts_with(ends))
}

/// Whether Python would refuse a session of this text although it is JSON.
pub(super) fn refuses(json: &str) -> bool {
    is_beyond(MAX_DEPTH, json)
}

/// Whether Python would refuse a session with this value in it. The session is one level of its own.
pub(super) fn refuses_value(json: &str) -> bool {
    is_beyond(MAX_DEPTH - 1, json)
}

fn is_beyond(max_depth: usize, json: &str) -> bool {
    may_be_too_deep(max_depth, json) && depth(json) > max_depth
        || json.len() > MAX_DIGITS && longest_number(json) > MAX_DIGITS
}

/// Whether it has brackets enough. Counting them is quick, telling those in strings from the others is not.
fn may_be_too_deep(max_depth: usize, json: &str) -> bool {
    let opening = || memchr::memchr2_iter(b'[', b'{', json.as_bytes()).count();
    // A level takes two bytes.
    json.len() >= 2 * max_depth && opening() > max_depth
}

/// How deep arrays and objects are nested; a plain value has depth 0.
pub(super) fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    outside_strings(json, |byte| match byte {
        b'[' | b'{' => {
            depth += 1;
            deepest = deepest.max(depth);
        }
        b']' | b'}' => depth = depth.saturating_sub(1),
        _ => {}
    });
    deepest
}

fn longest_number(json: &str) -> usize {
    let (mut length, mut longest) = (0, 0);
    outside_strings(json, |byte| {
        length = if byte.is_ascii_digit() { length + 1 } else { 0 };
        longest = longest.max(length);
    });
    longest
}

fn outside_strings(json: &str, mut see: impl FnMut(u8)) {
    let mut at = 0;
    while let Some(&byte) = json.as_bytes().get(at) {
        see(byte);
        at += if byte == b'"' {
            string_end(&json[at..])
        } else {
            1
        };
    }
}

/// Where the string that begins `text` ends, behind its closing quote; the end of the text where there is none.
pub(super) fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_words_are_replaced_outside_strings_only() {
        let text = r#"{"NaN":NaN,"a":[-Infinity,"é\"Infinity"],"b":Infinity}"#;
        let json = without_words(text);
        assert_eq!(
            json,
            r#"{"NaN":1e0,"a":[-10000000,"é\"Infinity"],"b":10000000}"#
        );
        assert_eq!(json.len(), text.len());
    }

    #[test]
    fn a_word_beside_a_number_is_none_of_pythons() {
        for text in [
            "[1NaN]",
            "[NaN5]",
            "[-NaN]",
            "[1e-Infinity]",
            "[Infinity0]",
            "[NaNNaN]",
            "[Infinity.5]",
        ] {
            let json = without_words(text);
            assert!(serde_json::from_str::<Vec<f64>>(&json).is_err(), "{json}");
        }
        for text in ["NaN", "[ NaN ,-Infinity\n]", "{\"a\":Infinity}"] {
            let json = without_words(text);
            assert!(
                serde_json::from_str::<serde_json::Value>(&json).is_ok(),
                "{json}"
            );
        }
    }

    #[test]
    fn depth_counts_what_is_open_at_once() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth(r#"{"a":[[],[]],"b[[[":{}}"#), 3);
    }

    #[test]
    fn python_refuses_long_integers_and_deep_nesting() {
        assert!(refuses(&format!("[{}]", "1".repeat(4301))));
        assert!(!refuses(&format!("[{}]", "1".repeat(4300))));
        assert!(refuses(&format!("{}{}", "[".repeat(321), "]".repeat(321))));
        assert!(!refuses(&format!("{}{}", "[".repeat(320), "]".repeat(320))));
        assert!(refuses_value(&format!(
            "{}{}",
            "[".repeat(320),
            "]".repeat(320)
        )));
    }
}
