//! What a terminal obeys or shows as something else, spelled out: a session may be a stranger's, and is looked at by a person. It
//! knows JSON's escapes, and not what is in the text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The same JSON, in which no control character but the tab and the line feed between values stands as itself, and none that
/// changes the direction of writing or ends a line in some editors.
pub(crate) fn spelled_out(json: &str) -> Cow<'_, str> {
    if !json.contains(is_obeyed) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if c == '\r' {
            // Stands between values, and lets what follows be written over what was.
            text.push(' ');
        } else if is_obeyed(c) {
            // In JSON they stand in texts alone. None is beyond four digits, and writing to memory cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

fn is_obeyed(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_a_person_reads_stays_as_it_is() {
        for json in [r#"{"a":"café 字 🙂 \u009b"}"#, "{\n\t\"a\":1}\n", ""] {
            assert!(matches!(spelled_out(json), Cow::Borrowed(same) if same == json));
        }
    }

    #[test]
    fn what_is_obeyed_is_spelled_out_and_means_the_same() {
        let json = "{\"\u{9b}2J\":\"\u{7f}\u{202e}\u{2066}\u{2028}\u{85}\",\r\"字\":1}";
        let spelled = spelled_out(json);
        assert_eq!(
            spelled,
            r#"{"\u009b2J":"\u007f\u202e\u2066\u2028\u0085", "字":1}"#
        );
        let value = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(value(&spelled), value(json));
    }
}
