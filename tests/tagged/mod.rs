//! The recording's tagged JSON, and what a Rust program reads where Flask has a tuple or the like.

use serde_json::{Map, Number, Value};

/// What a program here reads where the recording has this value.
pub fn plain(recorded: &Value) -> Value {
    rounded(recorded)
}

/// The value with numbers that are alike made equal: Python and JSON disagree on whether `-0` is an integer.
pub fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().and_then(Number::from_f64) {
            Some(float) => Value::Number(float),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), rounded(value)))
                .collect::<Map<_, _>>(),
        ),
        other => other.clone(),
    }
}
