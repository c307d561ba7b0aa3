//! Values that Python has and JSON has not, for a program that wants Flask to find them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::session::tree::{Tree, quoted};
use crate::session::{Result, Session, SessionError};

use super::tag::{escape, escape_root, tagged};
use super::{base64, date};

/// Sets the value under `key` to one that Flask's application finds as it is meant: a tuple, bytes, a date.
///
/// It is for sessions of [`SessionConfig::flask`](crate::SessionConfig::flask). In others the tags are kept and read as
/// plain objects.
///
/// # Errors
///
/// Those of [`Session::set`]; a [`SessionError::Unserializable`] says what cannot be written.
///
/// # Examples
///
/// ```
/// use session_runtime::flask::{self, Value};
///
/// # fn main() -> session_runtime::Result<()> {
/// # let session = session_runtime::testing::session();
/// flask::set(&session, "thumbnail", Value::bytes([0xff, 0xfe]))?;
/// flask::set(&session, "place", Value::tuple(["Paris".into(), Value::new(2.35)]))?;
/// # Ok(())
/// # }
/// ```
pub fn set(session: &Session, key: &str, value: Value) -> Result<()> {
    let unserializable = |reason: String| SessionError::Unserializable {
        key: key.to_owned(),
        reason,
    };
    let json = value.0.map_err(unserializable)?;
    session.set_kept(key, json.into())
}

/// A value as Flask writes it. What cannot be written is said by [`set`].
#[derive(Clone, Debug)]
#[must_use = "a value is nowhere until `flask::set` takes it"]
pub struct Value(Result<String, String>);

impl Value {
    /// What JSON can say: a number, a text, a list, an object, or nothing.
    pub fn new(value: impl Serialize) -> Self {
        let json = serde_json::to_string(&value).map_err(|error| error.to_string());
        Self(json.map(|json| escape(Tree::parse(&json)).to_json()))
    }

    /// A Python tuple.
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self::list(items).tagged(" t")
    }

    /// A list whose items JSON may not be able to say.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let items: Result<Vec<String>, String> = items.into_iter().map(|item| item.0).collect();
        Self(items.map(|items| format!("[{}]", items.join(","))))
    }

    /// A Python `dict` whose values JSON may not be able to say. Of two members with one name the last counts.
    pub fn dict<K: AsRef<str>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let member = |(name, value): (K, Self)| {
            let value = value.0?;
            Ok(format!("{}:{value}", quoted(name.as_ref())))
        };
        let members: Result<Vec<String>, String> = members.into_iter().map(member).collect();
        Self(members.map(|members| {
            escape_root(Tree::parse(&format!("{{{}}}", members.join(",")))).to_json()
        }))
    }

    /// Python's `bytes`.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self(Ok(quoted(&base64::encode(bytes.as_ref())))).tagged(" b")
    }

    /// A `Markup`: HTML that a template inserts without escaping it.
    pub fn markup(html: &str) -> Self {
        Self(Ok(quoted(html))).tagged(" m")
    }

    /// A `UUID`, by its sixteen bytes (`uuid::Uuid::into_bytes`).
    pub fn uuid(bytes: [u8; 16]) -> Self {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(Ok(quoted(&hex))).tagged(" u")
    }

    /// A `datetime` in UTC, in whole seconds, in the years 100 to 9999. Python has earlier ones too, but Flask reads the year
    /// 46 that it wrote itself as 2046.
    pub fn date(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).ok(),
            Err(error) => i64::try_from(error.duration().as_secs())
                .ok()
                .map(|before| -before),
        };
        let readable = seconds.filter(|&seconds| seconds >= date::FIRST_SECOND);
        match readable.and_then(date::format) {
            Some(text) => Self(Ok(quoted(&text))).tagged(" d"),
            None => Self(Err(
                "the date is not in the years 100 to 9999, which are all that Flask reads"
                    .to_owned(),
            )),
        }
    }

    fn tagged(self, tag: &str) -> Self {
        Self(self.0.map(|json| tagged(tag, Tree::parse(&json)).to_json()))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Ok(quoted(text)))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(Ok(number.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;
    use crate::testing::session;

    fn json(value: Value) -> String {
        value.0.unwrap()
    }

    #[test]
    fn tags_nest_and_only_what_looks_like_one_is_escaped() {
        let inner = Value::tuple(["a".into(), Value::new(BTreeMap::from([(" t", 1)]))]);
        assert_eq!(
            json(Value::dict([(" b", inner)])),
            r#"{" di":{" b__":{" t":["a",{" di":{" t__":1}}]}}}"#
        );
        assert_eq!(
            json(Value::dict([("a", 1.into()), ("a", 2.into())])),
            r#"{"a":2}"#
        );
    }

    #[test]
    fn what_flask_does_not_read_is_an_error_that_names_the_key() {
        let session = session();
        for value in [
            Value::date(UNIX_EPOCH + Duration::from_secs(253_402_300_800)),
            Value::date(UNIX_EPOCH - Duration::from_secs(59_011_459_201)),
            Value::list([Value::new(BTreeMap::from([((1, 2), 3)]))]),
        ] {
            let error = set(&session, "odd", value).unwrap_err();
            assert!(
                matches!(&error, SessionError::Unserializable { key, .. } if key == "odd"),
                "{error}"
            );
        }
        assert!(!session.is_modified());
    }

    #[test]
    fn a_date_before_1970_is_a_date() {
        let moon = UNIX_EPOCH - Duration::from_secs(14_182_940);
        assert_eq!(
            json(Value::date(moon)),
            r#"{" d":"Sun, 20 Jul 1969 20:17:40 GMT"}"#
        );
    }
}
