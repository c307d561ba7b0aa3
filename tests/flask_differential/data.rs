//! What a session holds, in Python's terms, and what a program here reads where Flask has it.

use std::collections::BTreeMap;
use std::num::ParseFloatError;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use session_runtime::flask::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use super::exact::Json;

/// A value. Texts and names are written as in [`Json`], with a backslash doubled; `tests/python/share_sessions.py` reads
/// and writes the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Data {
    Null(()),
    Bool(bool),
    Integer(String),
    Float(Float),
    Text(String),
    List(Vec<Data>),
    Dict(Members),
    Tuple(Vec<Data>),
    Bytes(Vec<u8>),
    Markup(String),
    Uuid([u8; 16]),
    /// Unix seconds.
    Date(i64),
}

pub type Members = BTreeMap<String, Data>;

impl Data {
    /// What is read here, as the table of the module `flask` has it. Nothing where JSON has no such number.
    pub fn plain(&self) -> Option<Json> {
        let text = |text: &str| Json::Text(text.to_owned());
        let each = |items: &[Self]| items.iter().map(Self::plain).collect::<Option<_>>();
        Some(match self {
            Self::Null(()) => Json::Null,
            Self::Bool(yes) => Json::Bool(*yes),
            Self::Integer(digits) => Json::Integer(digits.clone()),
            Self::Float(Float(number)) if number.is_nan() => return None,
            Self::Float(Float(number)) => Json::Float(*number),
            Self::Text(said) | Self::Markup(said) => text(said),
            Self::List(items) | Self::Tuple(items) => Json::List(each(items)?),
            Self::Bytes(bytes) => {
                let number = |byte: &u8| Json::Integer(byte.to_string());
                Json::List(bytes.iter().map(number).collect())
            }
            Self::Uuid(bytes) => text(&hyphenated(bytes)),
            Self::Date(seconds) => text(&http_date(*seconds)),
            Self::Dict(members) => Json::Object(
                members
                    .iter()
                    .map(|(name, value)| Some((name.clone(), value.plain()?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// Whether there is a number in it that JSON does not have.
    pub fn is_beyond_json(&self) -> bool {
        match self {
            Self::Float(Float(number)) => !number.is_finite(),
            Self::List(items) | Self::Tuple(items) => items.iter().any(Self::is_beyond_json),
            Self::Dict(members) => members.values().any(Self::is_beyond_json),
            _ => false,
        }
    }

    /// The value that a program here would set. Not of what only Python can say.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null(()) => Value::new(()),
            Self::Bool(yes) => Value::new(yes),
            Self::Integer(digits) => Value::new(RawValue::from_string(digits.clone()).unwrap()),
            Self::Float(Float(number)) => Value::new(number),
            Self::Text(text) => unescaped(text).into(),
            Self::List(items) => Value::list(items.iter().map(Self::to_value)),
            Self::Tuple(items) => Value::tuple(items.iter().map(Self::to_value)),
            Self::Bytes(bytes) => Value::bytes(bytes),
            Self::Markup(html) => Value::markup(&unescaped(html)),
            Self::Uuid(bytes) => Value::uuid(*bytes),
            Self::Date(seconds) => {
                let since = Duration::from_secs(seconds.unsigned_abs());
                Value::date(if *seconds < 0 {
                    UNIX_EPOCH - since
                } else {
                    UNIX_EPOCH + since
                })
            }
            Self::Dict(members) => Value::dict(
                members
                    .iter()
                    .map(|(name, value)| (unescaped(name), value.to_value())),
            ),
        }
    }
}

/// The text itself, which has no half of a surrogate pair in it.
pub fn unescaped(text: &str) -> String {
    text.replace("\\\\", "\\")
}

fn hyphenated(bytes: &[u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (a, b, c, d, e) = (
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    );
    format!("{a}-{b}-{c}-{d}-{e}")
}

fn http_date(seconds: i64) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    date.format(format).unwrap()
}

/// A float, which is itself also where it is no number. It travels as text, since JSON has no word for some.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits() || (self.0.is_nan() && other.0.is_nan())
    }
}

impl From<Float> for String {
    fn from(Float(number): Float) -> Self {
        format!("{number:?}")
    }
}

impl TryFrom<String> for Float {
    type Error = ParseFloatError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}
