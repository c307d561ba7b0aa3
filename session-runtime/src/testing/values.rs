//! Sessions outside any request, and what they hold, as JSON.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::session::{PlainJson, Session, Settings, Snapshot};

/// An empty session outside any request, for the test of a single handler or function.
///
/// Somebody is logged in where it has a `user_id`, and there is no login page: it belongs to no application.
///
/// # Examples
///
/// ```
/// use session_runtime::{Session, testing};
///
/// fn greeting(session: &Session) -> session_runtime::Result<String> {
///     let name: Option<String> = session.get("name")?;
///     Ok(format!("Hello, {}", name.as_deref().unwrap_or("stranger")))
/// }
///
/// let session = testing::session();
/// assert_eq!(greeting(&session)?, "Hello, stranger");
/// session.set("name", "Ada")?;
/// assert_eq!(greeting(&session)?, "Hello, Ada");
/// # Ok::<(), session_runtime::SessionError>(())
/// ```
#[must_use]
pub fn session() -> Session {
    opened(Snapshot::default())
}

/// A session outside any request that was loaded with `values`, which are an object: each member is a value.
///
/// To the session they are not new: it [is modified](Session::is_modified) only by what happens to it from here on.
///
/// # Errors
///
/// [`ValuesError`] if `values` are no object, or cannot be the values of a session.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use session_runtime::testing;
///
/// let session = testing::session_with(json!({ "user_id": 12345, "cart": ["tea"] }))?;
/// assert_eq!(session.pop::<u64>("user_id")?, Some(12345));
/// assert_eq!(testing::values(&session), json!({ "cart": ["tea"] }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn session_with(values: impl Serialize) -> Result<Session, ValuesError> {
    let text = Value::Object(object(values)?).to_string();
    let snapshot = Snapshot::parse(text.into_bytes()).map_err(|_| ValuesError::Unreadable)?;
    Ok(opened(snapshot))
}

/// What `session` holds now: an object with a member for each value, `{}` if it is empty.
///
/// What the session keeps for itself (`_permanent` and its like) is not shown. Numbers of more digits than a float has are
/// rounded, and what only Python writes (`NaN`) is `null`.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use session_runtime::testing;
///
/// let session = testing::session();
/// session.set("visits", 3)?;
/// session.set_permanent(true)?;
/// assert_eq!(testing::values(&session), json!({ "visits": 3 }));
/// # Ok::<(), session_runtime::SessionError>(())
/// ```
#[must_use]
pub fn values(session: &Session) -> Value {
    let member = |name: String| {
        let plain = session.plain(&name)?;
        Some((name, serde_json::from_str(&plain).unwrap_or_default()))
    };
    Value::Object(session.keys().into_iter().filter_map(member).collect())
}

/// What was given cannot be the values of a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValuesError {
    /// It is JSON, but no object, so that its values have no names.
    #[error(
        "{found} cannot be the values of a session; give an object, such as `json!({{\"user_id\": 12345}})`"
    )]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// It cannot be written as JSON.
    #[error("these values of a session cannot be written as JSON: {reason}")]
    Unserializable {
        /// What serde said.
        reason: String,
    },
    /// It is nested so deeply, or has numbers so long, that no session would be read from it.
    #[error(
        "these values are nested too deeply, or have numbers too long, to be read as a session"
    )]
    Unreadable,
}

/// The members of what must be an object.
pub(super) fn object(values: impl Serialize) -> Result<Map<String, Value>, ValuesError> {
    let found = match serde_json::to_value(values) {
        Ok(Value::Object(members)) => return Ok(members),
        Ok(Value::Null) => "`null`",
        Ok(Value::Bool(_)) => "a truth value",
        Ok(Value::Number(_)) => "a number",
        Ok(Value::String(_)) => "a string",
        Ok(Value::Array(_)) => "an array",
        Err(error) => {
            return Err(ValuesError::Unserializable {
                reason: error.to_string(),
            });
        }
    };
    Err(ValuesError::NotAnObject { found })
}

fn opened(snapshot: Snapshot) -> Session {
    let settings = Settings {
        login_key: "user_id".into(),
        login_page: None,
        format: &PlainJson,
        clock: Clock::system(),
        users: None,
        recall: None,
        flask_login: None,
    };
    Session::opened(Arc::new(settings), snapshot)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn given_values_are_there_and_are_no_change() {
        let session = session_with(json!({"user_id": 7, "_permanent": true})).unwrap();
        assert_eq!(session.get::<u64>("user_id"), Ok(Some(7)));
        assert!(session.is_permanent());
        assert!(session.is_logged_in());
        assert!(!session.is_modified());
    }

    #[test]
    fn what_is_no_object_cannot_be_a_session() {
        for (values, found) in [
            (json!(null), "`null`"),
            (json!([1]), "an array"),
            (json!("a"), "a string"),
            (json!(1), "a number"),
            (json!(false), "a truth value"),
        ] {
            let error = session_with(values).unwrap_err();
            assert_eq!(error, ValuesError::NotAnObject { found });
        }
        let keys_that_are_arrays = HashMap::from([([1, 2], 3)]);
        assert!(matches!(
            session_with(keys_that_are_arrays),
            Err(ValuesError::Unserializable { .. })
        ));
    }

    #[test]
    fn values_nested_beyond_reading_are_refused() {
        let nested = (0..400).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(
            session_with(json!({ "a": nested })).unwrap_err(),
            ValuesError::Unreadable
        );
    }
}
