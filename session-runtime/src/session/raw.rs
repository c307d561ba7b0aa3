//! Values as JSON text: writing them, and telling whether two texts say the same.

use std::any::type_name;
use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::format::Format;
use super::python;
use super::text::Text;
use super::{AsKey, Result, SessionError};

/// The value that a text says, or that the key's migration makes of it.
pub(super) fn read<T: DeserializeOwned>(
    key: &impl AsKey<T>,
    text: &str,
    format: &dyn Format,
) -> Result<T> {
    let text = &*format.read(text);
    // serde's own message may quote the value, which has no place in a log.
    let migrated = || key.migration().and_then(|migrate| migrate(parsed(text)?));
    serde_json::from_str(text)
        .ok()
        .or_else(migrated)
        .ok_or_else(|| SessionError::WrongType {
            key: key.name().to_owned(),
            reason: format!("{} where `{}` is expected", kind(text), type_name::<T>()),
        })
}

/// The text of a value.
pub(super) fn write<T: Serialize>(key: &str, value: &T, format: &dyn Format) -> Result<Text> {
    let mut text = Text::of(value).map_err(|error| unserializable(key, &error))?;
    keep(key, &mut text, format)?;
    Ok(text)
}

pub(crate) fn unserializable(key: &str, error: &serde_json::Error) -> SessionError {
    SessionError::Unserializable {
        key: key.to_owned(),
        reason: error.to_string(),
    }
}

/// Makes of the plain JSON of a value what is kept of it. In its place: to move a text that was just written takes longer than
/// to look at it.
pub(super) fn keep(key: &str, text: &mut Text, format: &dyn Format) -> Result<()> {
    check(key, text)?;
    if let Cow::Owned(kept) = format.write(text) {
        // It may be some levels deeper.
        check(key, &kept)?;
        *text = kept.into();
    }
    Ok(())
}

/// Whether whoever reads the session can read this text.
pub(super) fn check(key: &str, text: &str) -> Result<()> {
    if python::refuses_value(text) {
        return Err(SessionError::Unserializable {
            key: key.to_owned(),
            reason: format!(
                "it is nested more than {} levels deep or has a number of more than 4,300 digits, which Flask would not read",
                python::MAX_DEPTH - 1
            ),
        });
    }
    Ok(())
}

/// Whether two JSON texts say the same, whatever their spacing, escapes and order of keys.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let have_one_spelling = is_integer(a) && is_integer(b);
    let is_comparable = !have_one_spelling && !has_long_number(a) && !has_long_number(b);
    is_comparable && parsed(a).is_some_and(|value| Some(value) == parsed(b))
}

/// The JSON of a text as serde spells it: Python escapes what is not ASCII. What is no text stays as it is.
pub(crate) fn spelled(json: &str) -> Cow<'_, str> {
    if !json.starts_with('"') || !json.contains('\\') {
        return json.into();
    }
    let text: serde_json::Result<String> = serde_json::from_str(json);
    let spelled = text.and_then(|text| serde_json::to_string(&text));
    spelled.map_or(json.into(), Cow::Owned)
}

/// What sort of JSON value it is.
fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a truth value",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn is_integer(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers that a float would round: two different ones must not pass for the same.
fn has_long_number(text: &str) -> bool {
    text.as_bytes()
        .chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit())
        .any(|run| run.len() > 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_no_difference() {
        assert!(same(r#"{"a":1,"b":"\u5b57"}"#, r#"{ "b": "字", "a": 1 }"#));
        assert!(!same("1", "2"));
        assert!(!same("1", "1.0"));
        assert!(!same("NaN", "null"));
    }

    #[test]
    fn a_text_has_one_spelling_and_what_is_none_stays() {
        for (json, one) in [
            (r#""Jos\u00e9 \ud83d\ude42""#, r#""José 🙂""#),
            (r#""a\\b\n""#, r#""a\\b\n""#),
            (r#"{"b":"\u00e9","a":1}"#, r#"{"b":"\u00e9","a":1}"#),
            (r#""\ud800""#, r#""\ud800""#),
            ("7", "7"),
        ] {
            assert_eq!(spelled(json), one);
            assert_eq!(spelled(one), one);
        }
    }

    #[test]
    fn long_numbers_are_compared_by_their_digits() {
        assert!(!same("100000000000000000001", "100000000000000000002"));
        assert!(same("100000000000000000001", "100000000000000000001"));
    }
}
