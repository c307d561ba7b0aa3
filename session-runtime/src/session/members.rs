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
    let text = Text(json.as_bytes());
    let start = text.behind_space(0);
    let end = match text.byte(start)? {
        b'n' => text.behind_word(start, b"null")?,
        b'{' => text.behind_object(start, depth.checked_sub(1)?, see)?,
        _ => return None,
    };
    (text.behind_space(end) == json.len()).then_some(())
}

/// A text of JSON. Its functions take where something begins and give where it has ended; nothing if it is not there.
#[derive(Clone, Copy)]
struct Text<'t>(&'t [u8]);

impl Text<'_> {
    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn behind(self, at: usize, byte: u8) -> Option<usize> {
        (self.byte(at)? == byte).then_some(at + 1)
    }

    fn behind_space(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte(at) {
            at += 1;
        }
        at
    }

    fn behind_word(self, at: usize, word: &[u8]) -> Option<usize> {
        let end = at + word.len();
        (self.0.get(at..end)? == word).then_some(end)
    }

    /// An object or an array in it may be nested `depth` levels deep.
    fn behind_object(self, at: usize, depth: usize, mut see: impl FnMut(Place)) -> Option<usize> {
        let mut at = self.behind_space(self.behind(at, b'{')?);
        if let Some(end) = self.behind(at, b'}') {
            return Some(end);
        }
        loop {
            let (key_end, has_escape) = match self.behind_plain_string(at)? {
                Ok(end) => (end, false),
                Err(escape) => (self.behind_escapes(escape)?, true),
            };
            let colon = self.behind_space(key_end);
            let start = self.behind_space(self.behind(colon, b':')?);
            let end = self.behind_value(start, depth)?;
            see(Place {
                key: at..key_end,
                has_escape,
                value: start..end,
            });
            let end = self.behind_space(end);
            match self.behind(end, b',') {
                Some(next) => at = self.behind_space(next),
                None => return self.behind(end, b'}'),
            }
        }
    }

    fn behind_array(self, at: usize, depth: usize) -> Option<usize> {
        let mut at = self.behind_space(self.behind(at, b'[')?);
        if let Some(end) = self.behind(at, b']') {
            return Some(end);
        }
        loop {
            let end = self.behind_space(self.behind_value(at, depth)?);
            match self.behind(end, b',') {
                Some(next) => at = self.behind_space(next),
                None => return self.behind(end, b']'),
            }
        }
    }

    fn behind_value(self, at: usize, depth: usize) -> Option<usize> {
        match self.byte(at)? {
            b'"' => match self.behind_plain_string(at)? {
                Ok(end) => Some(end),
                Err(escape) => self.behind_escapes(escape),
            },
            b'-' | b'0'..=b'9' => self.behind_number(at),
            b'{' => self.behind_object(at, depth.checked_sub(1)?, drop),
            b'[' => self.behind_array(at, depth.checked_sub(1)?),
            b't' => self.behind_word(at, b"true"),
            b'f' => self.behind_word(at, b"false"),
            b'n' => self.behind_word(at, b"null"),
            _ => None,
        }
    }

    fn behind_number(self, at: usize) -> Option<usize> {
        let at = self.behind(at, b'-').unwrap_or(at);
        let mut end = match self.behind(at, b'0') {
            Some(end) => end,
            None => self.behind_digits(at)?,
        };
        if let Some(fraction) = self.behind(end, b'.') {
            end = self.behind_digits(fraction)?;
        }
        if let Some(b'e' | b'E') = self.byte(end) {
            let is_signed = matches!(self.byte(end + 1), Some(b'+' | b'-'));
            end = self.behind_digits(end + 1 + usize::from(is_signed))?;
        }
        Some(end)
    }

    fn behind_digits(self, at: usize) -> Option<usize> {
        let mut end = at;
        while let Some(b'0'..=b'9') = self.byte(end) {
            end += 1;
        }
        (end > at).then_some(end)
    }

    /// Where a string has ended, or where the first escape in it begins.
    fn behind_plain_string(self, at: usize) -> Option<Result<usize, usize>> {
        let end = self.behind_plain(self.behind(at, b'"')?);
        match self.byte(end)? {
            b'"' => Some(Ok(end + 1)),
            b'\\' => Some(Err(end)),
            _ => None,
        }
    }

    /// The rest of a string that goes on with an escape. Half a surrogate pair is one as well.
    #[cold]
    fn behind_escapes(self, mut at: usize) -> Option<usize> {
        while let Some(escape) = self.behind(at, b'\\') {
            let digits = match self.byte(escape)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
                b'u' => 4,
                _ => return None,
            };
            let end = escape + 1 + digits;
            let mut digits = self.0.get(escape + 1..end)?.iter();
            digits.all(u8::is_ascii_hexdigit).then_some(())?;
            at = self.behind_plain(end);
        }
        self.behind(at, b'"')
    }

    /// Behind what is simply a part of a string: anything but a quote, a backslash or a control character.
    fn behind_plain(self, mut at: usize) -> usize {
        let mut rest = self.0.get(at..).unwrap_or_default();
        while let Some((word, behind)) = rest.split_first_chunk() {
            let special = special(u64::from_le_bytes(*word));
            if special != 0 {
                return at + special.trailing_zeros() as usize / 8;
            }
            at += word.len();
            rest = behind;
        }
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
        at + rest.iter().position(is_special).unwrap_or(rest.len())
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
