//! One line of `--json-lines`: a cookie or data, and settings that hold for it alone. Knows the names and types of the fields,
//! and not what becomes of them.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use session_runtime::signing::{Digest, KeyDerivation};

/// What a line says. A field that is null counts as not there, and one that is not known is passed over.
#[derive(Default)]
pub(crate) struct Line<'a> {
    pub(crate) cookie: Option<String>,
    /// JSON, as it stands in the line.
    pub(crate) data: Option<&'a str>,
    pub(crate) secret: Option<String>,
    pub(crate) fallbacks: Option<Vec<String>>,
    pub(crate) salt: Option<String>,
    pub(crate) digest: Option<Digest>,
    pub(crate) key_derivation: Option<KeyDerivation>,
    pub(crate) lifetime: Option<u64>,
    pub(crate) now: Option<u64>,
}

impl<'a> Line<'a> {
    /// Reads a line. No error quotes a value: it may be a key.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, LineError> {
        let text = str::from_utf8(bytes).map_err(|_| LineError::NoUtf8)?;
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(no_object)?;
        let mut line = Self::default();
        for (name, value) in fields {
            line.take(&name, value.get())?;
        }
        Ok(line)
    }

    fn take(&mut self, name: &str, value: &'a str) -> Result<(), LineError> {
        match name {
            "cookie" => self.cookie = read("cookie", value, TEXT)?,
            "data" => self.data = Some(value).filter(|value| *value != "null"),
            "secret" => self.secret = read("secret", value, TEXT)?,
            "fallbacks" => {
                self.fallbacks = read("fallbacks", value, "a list of texts, oldest first")?;
            }
            "salt" => self.salt = read("salt", value, TEXT)?,
            "digest" => self.digest = parse("digest", value, "sha1, sha256 or sha512")?,
            "key_derivation" => {
                let takes = "hmac, concat, django-concat or none";
                self.key_derivation = parse("key_derivation", value, takes)?;
            }
            "lifetime" => self.lifetime = read("lifetime", value, "a whole number of seconds")?,
            "now" => self.now = read("now", value, "a whole number of seconds since 1970")?,
            // Passed over they would have another key sign, or none read.
            "secret_key" | "secret-key" => return Err(misnamed(name, "secret")),
            "fallback" => return Err(misnamed(name, "fallbacks")),
            "key-derivation" => return Err(misnamed(name, "key_derivation")),
            _ => {}
        }
        Ok(())
    }

    /// Whether it says anything of keys, salt, digest, key derivation or lifetime.
    pub(crate) fn has_settings(&self) -> bool {
        self.secret.is_some()
            || self.fallbacks.is_some()
            || self.salt.is_some()
            || self.digest.is_some()
            || self.key_derivation.is_some()
            || self.lifetime.is_some()
    }
}

/// Why a line cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    #[error("the line is no UTF-8 text")]
    NoUtf8,
    #[error("the line is no JSON: {reason} at column {column}")]
    NoJson { reason: String, column: usize },
    #[error("the line is no JSON object: write one such as {{\"cookie\": \"…\"}}")]
    NoObject,
    #[error("`{name}` is not what it must be: {takes}")]
    Field {
        name: &'static str,
        takes: &'static str,
    },
    #[error("`{name}` is called `{right}` here")]
    Misnamed { name: String, right: &'static str },
    #[error("there is no `{name}` in the line")]
    Missing { name: &'static str },
    #[error(
        "there is no key: give the line a `secret`, set SECRET_KEY in the environment or give --secret-key"
    )]
    NoKey,
}

const TEXT: &str = "a text in double quotes";

fn read<T: DeserializeOwned>(
    name: &'static str,
    value: &str,
    takes: &'static str,
) -> Result<Option<T>, LineError> {
    serde_json::from_str(value).map_err(|_| LineError::Field { name, takes })
}

fn parse<T: std::str::FromStr>(
    name: &'static str,
    value: &str,
    takes: &'static str,
) -> Result<Option<T>, LineError> {
    let text: Option<String> = read(name, value, takes)?;
    text.map(|text| text.parse())
        .transpose()
        .map_err(|_| LineError::Field { name, takes })
}

fn misnamed(name: &str, right: &'static str) -> LineError {
    LineError::Misnamed {
        name: name.to_owned(),
        right,
    }
}

fn no_object(error: serde_json::Error) -> LineError {
    if error.is_data() {
        return LineError::NoObject;
    }
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    LineError::NoJson {
        reason: reason.to_owned(),
        column: error.column(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        match Line::parse(line.as_bytes()) {
            Ok(_) => panic!("it was read: {line}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_field_is_read() {
        let line = Line::parse(
            br#"{"cookie":"c","data":{"a": 1},"secret":"s","fallbacks":["f"],"salt":"t","digest":"sha512","key_derivation":"concat","lifetime":5,"now":6,"id":7}"#,
        )
        .unwrap();
        assert_eq!(line.cookie.as_deref(), Some("c"));
        assert_eq!(line.data, Some(r#"{"a": 1}"#));
        assert_eq!(line.secret.as_deref(), Some("s"));
        assert_eq!(line.fallbacks, Some(vec!["f".to_owned()]));
        assert_eq!(line.salt.as_deref(), Some("t"));
        assert_eq!(line.digest, Some(Digest::Sha512));
        assert_eq!(line.key_derivation, Some(KeyDerivation::Concat));
        assert_eq!((line.lifetime, line.now), (Some(5), Some(6)));
    }

    #[test]
    fn null_is_as_good_as_nothing() {
        let text = br#"{"cookie":null,"data":null,"secret":null,"lifetime":null}"#;
        let line = Line::parse(text).unwrap();
        assert!(line.cookie.is_none() && line.data.is_none());
        assert!(!line.has_settings());
    }

    #[test]
    fn no_error_quotes_a_value() {
        for line in [
            r#"{"secret":4711}"#,
            r#"{"fallbacks":"4711"}"#,
            r#"{"fallbacks":[4711]}"#,
            r#"{"salt":["4711"]}"#,
            r#"{"digest":"4711"}"#,
            r#"{"key_derivation":4711}"#,
            r#"{"lifetime":"4711"}"#,
            r#"{"now":-4711}"#,
            r#"{"secret":"4711"#,
            "4711",
            r#""4711""#,
            r#"["4711"]"#,
            r#"{"secret_key":"4711"}"#,
        ] {
            let error = error(line);
            assert!(!error.contains("4711"), "{line}: {error}");
        }
    }

    #[test]
    fn a_line_that_is_no_json_says_where() {
        assert_eq!(
            error(r#"{"cookie": x}"#),
            "the line is no JSON: expected value at column 12"
        );
        assert!(error("").starts_with("the line is no JSON: EOF"));
        assert!(matches!(
            Line::parse(b"{\"cookie\":\"\xff\"}"),
            Err(LineError::NoUtf8)
        ));
    }

    #[test]
    fn an_option_under_its_own_name_is_told_the_right_one() {
        assert_eq!(
            error(r#"{"secret_key":"k"}"#),
            "`secret_key` is called `secret` here"
        );
    }
}
