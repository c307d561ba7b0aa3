//! The name of a member, as its key in JSON spells it.

use std::borrow::Cow;

/// What a key says, which stands in its quotes. Rust has no text for half a surrogate pair, which Python has; it is named by
/// its one spelling, `\ud800`, however the key spells it.
pub(super) fn name_of(key: &str) -> Cow<'_, str> {
    let inner = key.get(1..key.len().saturating_sub(1)).unwrap_or(key);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    Cow::Owned(serde_json::from_str(key).unwrap_or_else(|_| with_halves(inner)))
}

fn with_halves(inner: &str) -> String {
    let mut name = String::with_capacity(inner.len());
    for unit in char::decode_utf16(Units {
        rest: inner,
        low: None,
    }) {
        match unit {
            Ok(c) => name.push(c),
            Err(half) => name.push_str(&format!("\\u{:x}", half.unpaired_surrogate())),
        }
    }
    name
}

/// The UTF-16 that a JSON string stands for.
struct Units<'a> {
    rest: &'a str,
    /// The second half of the pair that the last character is.
    low: Option<u16>,
}

impl Iterator for Units<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if let Some(low) = self.low.take() {
            return Some(low);
        }
        let c = self.take()?;
        if c != '\\' {
            let mut pair = [0; 2];
            c.encode_utf16(&mut pair);
            self.low = Some(pair[1]).filter(|_| c.len_utf16() == 2);
            return Some(pair[0]);
        }
        Some(match self.take()? {
            'b' => 8,
            't' => 9,
            'n' => 10,
            'f' => 12,
            'r' => 13,
            'u' => {
                let (digits, rest) = self.rest.split_at_checked(4)?;
                self.rest = rest;
                u16::from_str_radix(digits, 16).ok()?
            }
            itself => u16::try_from(u32::from(itself)).ok()?,
        })
    }
}

impl Units<'_> {
    fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let first = characters.next();
        self.rest = characters.as_str();
        first
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_surrogate_pair_has_one_name() {
        for (key, name) in [
            (r#""a""#, "a"),
            (r#""\u5b57\ud83d\ude42""#, "字🙂"),
            (r#""\uD800""#, r"\ud800"),
            (r#""\n\ud83d🙂\\\ude42""#, "\n\\ud83d🙂\\\\ude42"),
        ] {
            assert_eq!(name_of(key), name, "{key}");
        }
    }

    proptest! {
        #[test]
        fn a_text_is_its_own_name_beside_half_a_pair(name: String) {
            let mut key = serde_json::Value::from(&*name).to_string();
            prop_assert_eq!(name_of(&key), &*name);
            key.insert_str(key.len() - 1, r"\ud800");
            prop_assert_eq!(name_of(&key), format!(r"{name}\ud800"));
        }

        #[test]
        fn no_key_is_a_panic(key in r#""?([a\\u08dD"é🙂])*"?"#) {
            name_of(&key);
        }
    }
}
