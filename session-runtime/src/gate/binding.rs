//! The values that a handler's `#[session]` parameters are given: read, taken, or a place to write to.
//!
//! A value that is missing or does not fit is judged here, before the handler runs and before a body is read. What a
//! handler changes through `&mut` is the business of `update`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::value::{ReadValue, WriteValue};
use crate::layer::Refusal;
use crate::session::{Key, Session, SessionError};

/// `#[session] name: T`.
///
/// # Errors
///
/// The value is missing or does not fit.
pub(super) fn read<T: ReadValue>(session: &Session, key: Key<T>) -> Result<T, Refusal> {
    Ok(read_result(session, key)?)
}

/// `#[session] name: Option<T>`. A value that does not fit counts as missing, with a warning.
pub(super) fn read_option<T: ReadValue>(session: &Session, key: Key<T>) -> Option<T> {
    fit(session.get(key), session, key)
}

/// `#[session(default)] name: T`. A value that does not fit counts as missing, with a warning.
pub(super) fn read_default<T: ReadValue>(
    session: &Session,
    key: Key<T>,
    default: impl FnOnce() -> T,
) -> T {
    read_option(session, key).unwrap_or_else(default)
}

/// `#[session] name: Result<T, SessionError>`: missing and not fitting are for the handler to judge.
///
/// # Errors
///
/// Those that the handler is given.
pub(super) fn read_result<T: ReadValue>(session: &Session, key: Key<T>) -> Result<T, SessionError> {
    there(session.get(key)?, key)
}

/// `#[session(set)] name: Slot<T>`.
pub(super) fn slot<T: WriteValue>(session: &Session, key: Key<T>) -> Slot<T> {
    Slot {
        session: session.clone(),
        key,
        set: |session, key, value| session.set(key, value),
    }
}

/// A place in the session that a handler writes to without reading it: `#[session(set)] user_id: Slot<u64>`.
///
/// Nothing is written until [`set`](Self::set) is called.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/login")]
/// async fn login(#[session(set)] user_id: Slot<u64>) -> Result<&'static str> {
///     user_id.set(12345)?;
///     Ok("welcome")
/// }
/// ```
pub struct Slot<T> {
    session: Session,
    key: Key<T>,
    set: fn(&Session, Key<T>, T) -> Result<(), SessionError>,
}

impl<T> Slot<T> {
    /// Sets the value. Setting what is already there is no change; of several calls the last counts.
    ///
    /// # Errors
    ///
    /// Those of [`Session::set`].
    pub fn set(&self, value: T) -> Result<(), SessionError> {
        (self.set)(&self.session, self.key, value)
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self {
            session: self.session.clone(),
            key: self.key,
            set: self.set,
        }
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.key.name()).finish()
    }
}

/// The value that was read, if there is one.
pub(super) fn there<T>(value: Option<T>, key: Key<T>) -> Result<T, SessionError> {
    value.ok_or_else(|| SessionError::Missing {
        key: key.name().to_owned(),
    })
}

/// What was read, or nothing where it does not fit: after a deploy that changed the type, a page that can do without the value
/// should not fail for every visitor who brings the old one.
#[inline]
pub(super) fn fit<T>(
    read: Result<Option<T>, SessionError>,
    session: &Session,
    key: Key<T>,
) -> Option<T> {
    read.unwrap_or_else(|error| {
        missed(session, key.name(), &error);
        None
    })
}

/// Warns of a value that does not fit.
#[cold]
fn missed(session: &Session, key: &'static str, error: &SessionError) {
    // Null is how Python says that there is nothing.
    if session.plain(key).is_some_and(|value| &*value != "null") {
        match error {
            SessionError::WrongType { reason, .. } => warn_once(key, reason),
            other => warn_once(key, &other.to_string()),
        }
    }
}

/// Once for each key, as one deploy makes a million such values.
fn warn_once(key: &'static str, reason: &str) {
    static WARNED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    /// More keys than a program declares; a program that makes keys up as it runs must not fill the memory with them.
    const MOST: usize = 1024;

    let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if warned.len() < MOST && warned.insert(key) {
        tracing::warn!(
            name: "session.value_mismatch",
            key,
            reason,
            "a value in the session does not fit its parameter's type and counts as missing; this is said once for each key"
        );
    }
}
