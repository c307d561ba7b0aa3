//! JSON by what it says, to the last digit: spacing, escapes and the order of names are no difference.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value. In texts and names a backslash is doubled, so that half a surrogate pair can be written: `\ud800`.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Integer(String),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

/// Reads what is known to be JSON. Of two members with one name the last counts.
pub fn read(json: &RawValue) -> Json {
    let text = json.get();
    match text.as_bytes()[0] {
        b'n' => Json::Null,
        b't' | b'f' => Json::Bool(text == "true"),
        b'"' => Json::Text(unquoted(text)),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            Json::List(items.into_iter().map(read).collect())
        }
        b'{' => {
            let Members(members) = serde_json::from_str(text).unwrap();
            let member =
                |(name, value): (&RawValue, &RawValue)| (unquoted(name.get()), read(value));
            Json::Object(members.into_iter().map(member).collect())
        }
        _ if text.contains(['.', 'e', 'E']) => Json::Float(text.parse().unwrap()),
        // Python has no negative 0 among its integers.
        _ if text == "-0" => Json::Integer("0".to_owned()),
        _ => Json::Integer(text.to_owned()),
    }
}

/// A text of Rust's as this module writes texts.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
}

/// What a JSON string says.
fn unquoted(json: &str) -> String {
    if let Ok(text) = serde_json::from_str::<String>(json) {
        return escaped(&text);
    }
    char::decode_utf16(utf16(&json[1..json.len() - 1]))
        .map(|unit| match unit {
            Ok(c) => escaped(c.encode_utf8(&mut [0; 4])),
            Err(half) => format!("\\u{:04x}", half.unpaired_surrogate()),
        })
        .collect()
}

fn utf16(inner: &str) -> Vec<u16> {
    let mut units = Vec::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            continue;
        }
        units.push(match characters.next().unwrap() {
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'u' => {
                let (digits, rest) = characters.as_str().split_at(4);
                characters = rest.chars();
                u16::from_str_radix(digits, 16).unwrap()
            }
            itself => u16::try_from(u32::from(itself)).unwrap(),
        });
    }
    units
}

struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
