//! A value that a handler holds as `&mut`, and how it gets back into the session.
//!
//! It is written back when the handler has finished, if it changed. It is not written back on drop: a handler that a time
//! limit dropped or that panicked may have left it half changed.

use std::fmt;

use super::binding::{fit, there};
use super::value::{UpdateValue, WriteValue};
use crate::layer::Refusal;
use crate::session::{Key, Lent, Session, SessionError, Text, unserializable};

/// `#[session] name: &mut T`.
///
/// # Errors
///
/// The value is missing or does not fit.
pub(super) fn update<T: UpdateValue>(session: &Session, key: Key<T>) -> Result<Update<T>, Refusal> {
    let (read, lent) = session.lend(key);
    let value = there(read?, key)?;
    Ok(Update::new(session, key.name(), value, lent))
}

/// `#[session(default)] name: &mut T`. A value that does not fit counts as missing, with a warning.
pub(super) fn update_default<T: UpdateValue>(
    session: &Session,
    key: Key<T>,
    default: impl FnOnce() -> T,
) -> Update<T> {
    let (read, lent) = session.lend(key);
    let (value, lent) = match fit(read, session, key) {
        Some(value) => (value, lent),
        None => {
            let value = default();
            let lent = lent.with_made(&value);
            (value, lent)
        }
    };
    Update::new(session, key.name(), value, lent)
}

/// `#[session] name: &mut Option<T>`, where `None` removes the value. One that does not fit counts as missing, with a
/// warning.
pub(super) fn update_option<T: UpdateValue>(session: &Session, key: Key<T>) -> Update<Option<T>> {
    let (read, mut lent) = session.lend(key);
    let value = fit(read, session, key);
    if value.is_none() {
        lent = lent.with_made(&value);
    }
    Update::new(session, key.name(), value, lent)
}

/// A value on loan to a handler.
pub struct Update<T> {
    session: Session,
    key: &'static str,
    value: T,
    text: fn(&T) -> serde_json::Result<Text>,
    /// What it was when it was read.
    lent: Lent,
    since: Since,
}

/// What can have happened since the value was read. A word, as it is moved on just after it was written: see the rights of a
/// session's handle.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
enum Since {
    Nothing,
    /// Other extractors may have run, which may do anything to the session.
    Anything,
}

impl<T: WriteValue> Update<T> {
    fn new(session: &Session, key: &'static str, value: T, lent: Lent) -> Self {
        Self {
            session: session.clone(),
            key,
            value,
            text: Text::of,
            lent,
            since: Since::Nothing,
        }
    }
}

impl<T> Update<T> {
    /// The same for a handler that is given it later.
    pub(super) fn kept(self) -> Self {
        Self {
            since: Since::Anything,
            ..self
        }
    }

    /// The value, for the handler's body.
    pub fn value(&mut self) -> &mut T {
        // An extractor may have emptied the session by now. What the handler holds survives that, changed or not.
        if self.since == Since::Anything && self.lent.is_kept() && !self.session.has(self.key) {
            self.lent = Lent::default();
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
        let after = (self.text)(&self.value).map_err(|error| unserializable(self.key, &error))?;
        self.session.take_back(self.key, &self.lent, after)
    }
}

impl<T> fmt::Debug for Update<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Update").field(&self.key).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::{Deserialize, Serialize, Serializer};

    use super::*;
    use crate::gate::binding::{read_default, read_option, read_result};
    use crate::testing::session;

    const VISITS: Key<u32> = Key::new("visits");

    fn change<T: UpdateValue>(mut update: Update<T>, how: impl FnOnce(&mut T)) {
        how(update.value());
        update.store();
    }

    #[test]
    fn what_the_handler_changed_is_written_back() {
        let session = session();
        change(update_default(&session, VISITS, || 0), |visits| {
            *visits += 1
        });
        change(update(&session, VISITS).unwrap(), |visits| *visits += 1);
        assert_eq!(session.get(VISITS), Ok(Some(2)));
    }

    #[test]
    fn a_value_left_as_it_was_is_no_change_not_even_a_default() {
        let fresh = session();
        change(update_default(&fresh, VISITS, || 7), |_| {});
        change(update_default(&fresh, VISITS, || 7), |visits| *visits = 7);
        assert!(!fresh.is_modified());
    }

    #[test]
    fn a_map_in_another_order_is_no_change() {
        let session = session();
        let many: HashMap<u32, u32> = (0..100).map(|n| (n, n)).collect();
        session.set("many", &many).unwrap();
        let before = session.kept("many");
        change(
            update::<HashMap<u32, u32>>(&session, Key::new("many")).unwrap(),
            |_| {},
        );
        assert_eq!(session.kept("many"), before);
    }

    #[test]
    fn none_removes_the_value() {
        let session = session();
        session.set(VISITS, 1).unwrap();
        change(update_option(&session, VISITS), |visits| *visits = None);
        assert!(!session.contains(VISITS));
        change(update_option(&session, VISITS), |visits| *visits = Some(5));
        assert_eq!(session.get(VISITS), Ok(Some(5)));
    }

    #[test]
    fn a_write_through_the_session_meanwhile_is_a_conflict_and_never_overwritten() {
        let session = session();
        session.set(VISITS, 1).unwrap();
        let mut held = update(&session, VISITS).unwrap();
        *held.value() += 1;
        session.set(VISITS, 100).unwrap();
        assert_eq!(
            held.write(),
            Err(SessionError::Conflict {
                key: "visits".to_owned()
            })
        );
        assert_eq!(session.get(VISITS), Ok(Some(100)));
    }

    #[test]
    fn a_write_through_the_session_stands_if_the_handler_left_its_own_value_alone() {
        let session = session();
        session.set(VISITS, 1).unwrap();
        let mut held = update(&session, VISITS).unwrap();
        held.value();
        session.set(VISITS, 100).unwrap();
        assert_eq!(held.write(), Ok(()));
        assert_eq!(session.get(VISITS), Ok(Some(100)));
    }

    #[test]
    fn what_is_dropped_is_not_written() {
        let session = session();
        let mut held = update_default(&session, VISITS, || 0);
        *held.value() = 9;
        drop(held);
        assert!(!session.is_modified());
    }

    #[test]
    fn what_the_handler_holds_survives_a_cleared_session() {
        let session = session();
        session.set(VISITS, 3).unwrap();
        let mut held = update(&session, VISITS).unwrap().kept();
        session.clear().unwrap();
        held.value();
        held.store();
        assert_eq!(session.get(VISITS), Ok(Some(3)));
    }

    #[test]
    fn a_value_that_cannot_be_written_is_an_error_and_not_a_loss() {
        #[derive(Default, Deserialize)]
        struct Odd(u8);
        impl Serialize for Odd {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if self.0 == 13 {
                    Err(serde::ser::Error::custom("unlucky"))
                } else {
                    serializer.serialize_u8(self.0)
                }
            }
        }
        let session = session();
        session.set("odd", 1).unwrap();
        let mut held = update::<Odd>(&session, Key::new("odd")).unwrap();
        held.value().0 = 13;
        assert!(
            matches!(held.write(), Err(SessionError::Unserializable { key, .. }) if key == "odd")
        );
        assert_eq!(session.get("odd"), Ok(Some(1)));
    }

    #[test]
    fn a_value_that_does_not_fit_is_missing_where_it_may_be_and_refused_where_not() {
        let session = session();
        session.set("visits", "many").unwrap();
        assert_eq!(read_option(&session, VISITS), None);
        assert_eq!(read_default(&session, VISITS, || 4), 4);
        assert!(matches!(
            read_result(&session, VISITS),
            Err(SessionError::WrongType { .. })
        ));
        assert!(matches!(
            update(&session, VISITS),
            Err(Refusal::Session(SessionError::WrongType { .. }))
        ));
        change(update_default(&session, VISITS, || 0), |visits| *visits = 1);
        assert_eq!(session.get(VISITS), Ok(Some(1)));
    }
}
