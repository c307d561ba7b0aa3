//! Recorded tagged JSON, and what a program here reads where Flask has a tuple, bytes or the like.

#![allow(dead_code, reason = "each test program uses a part of it")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Number, Value, json};

/// What a program here reads where Flask wrote this.
pub fn plain(recorded: &Value) -> Value {
    if let Some((tag, value)) = tag(recorded) {
        let text = || value.as_str().unwrap();
        return match tag {
            " t" => value.as_array().unwrap().iter().map(plain).collect(),
            " b" => json!(BASE64_STANDARD.decode(text()).unwrap()),
            " u" => {
                let hex = text();
                let parts = [
                    &hex[..8],
                    &hex[8..12],
                    &hex[12..16],
                    &hex[16..20],
                    &hex[20..],
                ];
                json!(parts.join("-"))
            }
            " di" => {
                let (name, value) = value.as_object().unwrap().iter().next().unwrap();
                let name = name.strip_suffix("__").unwrap().to_owned();
                Value::Object([(name, plain(value))].into_iter().collect())
            }
            _ => value.clone(),
        };
    }
    match recorded {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => each(members, plain),
        other => other.clone(),
    }
}

/// The tag and what it is of, if the value has one.
pub fn tag(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (name, value) = members.iter().next()?;
    [" di", " t", " b", " m", " u", " d"]
        .contains(&name.as_str())
        .then_some((name, value))
}

/// The value with numbers that are alike made equal: Python and JSON disagree on whether `-0` is an integer.
pub fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().and_then(Number::from_f64) {
            Some(float) => Value::Number(float),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(members) => each(members, rounded),
        other => other.clone(),
    }
}

fn each(members: &Map<String, Value>, change: impl Fn(&Value) -> Value) -> Value {
    let changed = |(name, value): (&String, &Value)| (name.clone(), change(value));
    Value::Object(members.iter().map(changed).collect())
}
