//! A value that a handler holds as `&mut`, and how it gets back into the session.
//!
//! It is written back when the handler has finished, if it changed. It is not written back on drop: a handler that a time
//! limit dropped or that panicked may have left it half changed.

use std::fmt;

use serde_json::value::{RawValue, to_raw_value};

use super::binding::{fitting, present};
use super::value::{ReadValue, WriteValue};
use crate::layer::Refusal;
use crate::session::{Key, Session, SessionError};

/// `#[session] name: &mut T`.
///
/// # Errors
///
/// The value is missing or does not fit.
pub fn update<T: ReadValue + WriteValue>(session: &Session, key: Key<T>) -> Result<Update<T>, Refusal> {
    Ok(Update::new(session, key.name(), present(session, key)?))
}

/// `#[session(default)] name: &mut T`. A value that does not fit counts as missing, with a warning.
///
/// # Errors
///
/// None today; a store may have some.
pub fn update_default<T: ReadValue + WriteValue>(
    session: &Session,
    key: Key<T>,
    default: impl FnOnce() -> T,
) -> Result<Update<T>, Refusal> {
    Ok(Update::new(session, key.name(), fitting(session, key)?.unwrap_or_else(default)))
}

/// `#[session] name: &mut Option<T>`, where `None` removes the value. One that does not fit counts as missing, with a
/// warning.
///
/// # Errors
///
/// None today; a store may have some.
pub fn update_option<T: ReadValue + WriteValue>(
    session: &Session,
    key: Key<T>,
) -> Result<Update<Option<T>>, Refusal> {
    Ok(Update::new(session, key.name(), fitting(session, key)?))
}

/// A value on loan to a handler.
pub struct Update<T> {
    session: Session,
    key: &'static str,
    value: T,
    /// The session's text when the value was read.
    loaded: Option<Box<RawValue>>,
    /// The value's own text then. It is not always `loaded`: Python spaces and sorts differently, and a default is in no
    /// session. Nothing where the value cannot be written; that is said if the handler is done and it still cannot.
    before: Option<Box<RawValue>>,
}

impl<T: WriteValue> Update<T> {
    fn new(session: &Session, key: &'static str, value: T) -> Self {
        let before = to_raw_value(&value).ok();
        Self { session: session.clone(), key, value, loaded: session.raw(key), before }
    }

    /// The value, for the handler's body.
    pub fn value(&mut self) -> &mut T {
        // `#[session(clear)]` has emptied the session by now. What the handler holds survives that, changed or not.
        if self.loaded.is_some() && self.session.raw(self.key).is_none() {
            self.loaded = None;
            self.before = None;
        }
        &mut self.value
    }

    /// Writes the value back if the handler changed it. What goes wrong becomes the answer.
    pub fn store(self) {
        if let Err(error) = self.write() {
            self.session.fail(error);
        }
    }

    fn write(&self) -> Result<(), SessionError> {
        let Ok(after) = to_raw_value(&self.value) else {
            return self.session.set(self.key, &self.value);
        };
        if self.before.as_deref().is_some_and(|before| before.get() == after.get()) {
            return Ok(());
        }
        // Null says that there is nothing, and a missing value says it shorter.
        let after = Some(after).filter(|value| value.get() != "null");
        let now = self.session.raw(self.key);
        if text(&now) == text(&after) {
            return Ok(());
        }
        if text(&now) != text(&self.loaded) {
            return Err(SessionError::Conflict { key: self.key.to_owned() });
        }
        match after {
            Some(_) => self.session.set(self.key, &self.value),
            None => self.session.remove(self.key),
        }
    }
}

impl<T> fmt::Debug for Update<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Update").field(&self.key).finish()
    }
}

fn text(value: &Option<Box<RawValue>>) -> Option<&str> {
    value.as_deref().map(RawValue::get)
}
