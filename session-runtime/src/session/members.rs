//! Where the members of a session stand in its JSON text. The whole text is checked (RFC 8259), and no value is read.
//!
//! `serde_json` finds the same by its raw values, and the tests hold this to it. It comes to each through a deserializer and a
//! visitor, which takes half as much again, of every request that looks at its session. What a name or a value says is not
//! known here, nor what Python would refuse.

use std::ops::Range;

/// Where one member stands.
pub(super) struct Place {
    /// With its quotes.
    pub(super) key: Range<usize>,
    /// Whether the key's name differs from what stands between the quotes.
    pub(super) has_escape: bool,
    pub(super) value: Range<usize>,
}

/// Shows the members of the object that `json` is, in their order; `null` has none. Nothing if it is neither, or if objects
/// and arrays are nested more than `depth` levels deep; some of the members may have been shown by then.
pub(super) fn members(json: &str, depth: usize, see: impl FnMut(Place)) -> Option<()> {
    let mut scanner = Scanner {
        text: json.as_bytes(),
        at: 0,
    };
    scanner.pass_space();
    match scanner.peek()? {
        b'n' => scanner.pass_word(b"null")?,
        b'{' => scanner.pass_object(depth.checked_sub(1)?, see)?,
        _ => return None,
    }
    scanner.pass_space();
    scanner.peek().is_none().then_some(())
}

/// A text that has been looked at up to a place. What passes over something begins where that begins, ends behind it, and
/// gives nothing if it is not there.
struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn pass(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn pass_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn pass_word(&mut self, word: &[u8]) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        rest.starts_with(word).then(|| self.at += word.len())
    }

    /// An object or an array in it may be nested `depth` levels deep.
    fn pass_object(&mut self, depth: usize, mut see: impl FnMut(Place)) -> Option<()> {
        self.pass(b'{')?;
        self.pass_space();
        if self.pass(b'}').is_some() {
            return Some(());
        }
        loop {
            let start = self.at;
            let has_escape = self.pass_string()?;
            let key = start..self.at;
            self.pass_space();
            self.pass(b':')?;
            self.pass_space();
            let start = self.at;
            self.pass_value(depth)?;
            see(Place {
                key,
                has_escape,
                value: start..self.at,
            });
            self.pass_space();
            if self.pass(b',').is_none() {
                return self.pass(b'}');
            }
            self.pass_space();
        }
    }

    fn pass_array(&mut self, depth: usize) -> Option<()> {
        self.pass(b'[')?;
        self.pass_space();
        if self.pass(b']').is_some() {
            return Some(());
        }
        loop {
            self.pass_value(depth)?;
            self.pass_space();
            if self.pass(b',').is_none() {
                return self.pass(b']');
            }
            self.pass_space();
        }
    }

    fn pass_value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.pass_string().map(drop),
            b'-' | b'0'..=b'9' => self.pass_number(),
            b'{' => self.pass_object(depth.checked_sub(1)?, drop),
            b'[' => self.pass_array(depth.checked_sub(1)?),
            b't' => self.pass_word(b"true"),
            b'f' => self.pass_word(b"false"),
            b'n' => self.pass_word(b"null"),
            _ => None,
        }
    }

    fn pass_number(&mut self) -> Option<()> {
        // Present or not.
        let _ = self.pass(b'-');
        if self.pass(b'0').is_none() {
            self.pass_digits()?;
        }
        if self.pass(b'.').is_some() {
            self.pass_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.pass_digits()?;
        }
        Some(())
    }

    fn pass_digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Says whether there is an escape in it. Half a surrogate pair is one as well.
    fn pass_string(&mut self) -> Option<bool> {
        self.pass(b'"')?;
        self.pass_plain();
        match self.pass(b'"') {
            Some(()) => Some(false),
            None => self.pass_escapes().map(|()| true),
        }
    }

    /// The rest of a string in which the next that comes is an escape. Apart, so that there is little code for most strings.
    #[cold]
    fn pass_escapes(&mut self) -> Option<()> {
        while self.pass(b'\\').is_some() {
            self.pass_escape()?;
            self.pass_plain();
        }
        self.pass(b'"')
    }

    /// What is simply a part of a string: anything but a quote, a backslash or a control character.
    fn pass_plain(&mut self) {
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        while let Some((word, behind)) = rest.split_first_chunk() {
            let special = special(u64::from_le_bytes(*word));
            if special != 0 {
                self.at += special.trailing_zeros() as usize / 8;
                return;
            }
            self.at += word.len();
            rest = behind;
        }
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
        self.at += rest.iter().position(is_special).unwrap_or(rest.len());
    }

    /// What follows a backslash.
    fn pass_escape(&mut self) -> Option<()> {
        let digits = match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
            b'u' => 4,
            _ => return None,
        };
        let end = self.at + 1 + digits;
        let are_hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
        are_hex(self.text.get(self.at + 1..end)?).then(|| self.at = end)
    }
}

/// The highest bit of each of the eight bytes that is special; of those behind the first some that are not, since what is
/// borrowed for it counts there. Bytes above ASCII never are.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | is(b'"') | is(b'\\')) & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use proptest::prelude::*;
    use proptest::sample::select;
    use serde::de::{Deserializer as _, MapAccess, Visitor};
    use serde_json::value::RawValue;

    use super::*;

    /// Each member's key, whether that has an escape, and its value.
    type Found<'t> = Vec<(&'t str, bool, &'t str)>;

    fn found(json: &str) -> Option<Found<'_>> {
        let mut found = Vec::new();
        members(json, usize::MAX, |place| {
            found.push((&json[place.key], place.has_escape, &json[place.value]));
        })?;
        Some(found)
    }

    /// The same by serde_json.
    fn expected(json: &str) -> Option<Found<'_>> {
        struct Raw;

        impl<'de> Visitor<'de> for Raw {
            type Value = Found<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, or null")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }

            fn visit_some<D: serde::Deserializer<'de>>(
                self,
                object: D,
            ) -> Result<Self::Value, D::Error> {
                object.deserialize_map(self)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    found.push((key.get(), key.get().contains('\\'), value.get()));
                }
                Ok(found)
            }
        }

        let mut deserializer = serde_json::Deserializer::from_str(json);
        let found = deserializer.deserialize_option(Raw).ok()?;
        deserializer.end().ok()?;
        Some(found)
    }

    #[test]
    fn members_are_shown_as_they_are_written() {
        assert_eq!(
            found(" {\"a\" : [1, {\"b\":\"}\"}] ,\"\\u0062\":-1.5e+3\n} "),
            Some(vec![
                (r#""a""#, false, r#"[1, {"b":"}"}]"#),
                (r#""\u0062""#, true, "-1.5e+3"),
            ])
        );
        assert_eq!(found("{}"), Some(Vec::new()));
        assert_eq!(found(" null "), Some(Vec::new()));
    }

    #[test]
    fn what_is_nested_deeper_than_asked_for_is_none() {
        let object = r#"{"a":[{"b":[]}]}"#;
        assert!(members(object, 4, drop).is_some());
        assert!(members(object, 3, drop).is_none());
        assert!(members("{}", 0, drop).is_none());
        let bottomless = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert!(members(&bottomless, 320, drop).is_none());
    }

    #[test]
    fn a_string_ends_where_it_ends_wherever_it_begins() {
        for length in 0..40 {
            for end in ["\"", "\\n\"", "\u{1f}\"", "é\"", "\u{7f}\"", ""] {
                let json = format!("{{\"{}{end}:1}}", "ü".repeat(length));
                assert_eq!(found(&json), expected(&json), "{json}");
            }
        }
    }

    /// Parts of JSON, and what is close to being one.
    const PARTS: [&str; 48] = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\"a\"",
        "\"b\":",
        "\"\":",
        "{\"a\":",
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "nul",
        "True",
        "NaN",
        "-",
        "+",
        "0",
        "1",
        "-0",
        "01",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1E+5",
        "1e",
        "-1e-1",
        "12345678901234567890",
        " ",
        "\t",
        "\r\n",
        "\u{b}",
        "\u{a0}",
        "\"\\u00e9\"",
        "\"\\ud800\":",
        "\\u12g4",
        "\\u123",
        "\\x",
        "\\\"",
        "é字🦀",
        "\"more than eight letters\"",
        "/",
    ];

    /// A JSON text, most of the time an object.
    fn json() -> impl Strategy<Value = String> {
        let space = || select(&["", "", "", " ", "\n\t"][..]);
        let string = "\"([a-z é字\u{7f}]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}){0,12}\"";
        let number = "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?";
        let word = select(&["null", "true", "false"][..]).prop_map(str::to_owned);
        let value = prop_oneof![string, number, word].prop_recursive(3, 24, 5, move |value| {
            let spaced =
                (space(), value, space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
            let member = (space(), string, space(), spaced.clone())
                .prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
            prop_oneof![
                prop::collection::vec(spaced, 0..5)
                    .prop_map(|values| format!("[{}]", values.join(","))),
                prop::collection::vec(member, 0..5)
                    .prop_map(|members| format!("{{{}}}", members.join(","))),
            ]
        });
        let member = (string, value.clone()).prop_map(|(key, value)| format!("{key}:{value}"));
        let object = prop::collection::vec(member, 0..6).prop_map(|members| members.join(","));
        prop_oneof![
            4 => (space(), object, space()).prop_map(|(a, members, b)| format!("{a}{{{members}}}{b}")),
            1 => value,
        ]
    }

    proptest! {
        #[test]
        fn serde_json_finds_the_same_in_json(json in json()) {
            let found = found(&json);
            prop_assert_eq!(&found, &expected(&json), "{}", json);
            prop_assert!(found.is_some() || !json.trim_start().starts_with('{'), "{}", json);
        }

        #[test]
        fn serde_json_finds_the_same_in_json_that_was_damaged(
            json in json(),
            at: prop::sample::Index,
            cut in 0..3_usize,
            put in select(&PARTS[..]),
        ) {
            let mut letters: Vec<char> = json.chars().collect();
            let start = at.index(letters.len() + 1);
            let end = (start + cut).min(letters.len());
            letters.splice(start..end, put.chars());
            let damaged: String = letters.into_iter().collect();
            prop_assert_eq!(found(&damaged), expected(&damaged), "{}", damaged);
        }

        #[test]
        fn serde_json_finds_the_same_in_parts_of_json(parts in prop::collection::vec(select(&PARTS[..]), 0..12)) {
            let text = parts.concat();
            for text in [format!("{{\"a\":{text}}}"), text] {
                prop_assert_eq!(found(&text), expected(&text), "{}", text);
            }
        }

        #[test]
        fn serde_json_finds_the_same_in_any_text(text: String, string: String) {
            for text in [text, format!("{{\"{string}\":\"{string}\"}}")] {
                prop_assert_eq!(found(&text), expected(&text), "{}", text);
            }
        }
    }
}
