//! A value that is lent to a handler, and taken back when the handler has finished: all that is asked of the session for it,
//! so that it is locked once for each. Who holds the value meanwhile it does not know.

use serde::de::DeserializeOwned;

use super::Session;
use crate::session::{AsKey, Result, SessionError, Text, raw};

impl Session {
    /// The value under `key`, and its text as it is kept, by which it is known again.
    pub(crate) fn lend<T: DeserializeOwned>(
        &self,
        key: impl AsKey<T>,
    ) -> (Result<Option<T>>, Option<Text>) {
        let state = self.look();
        let Some(kept) = state.get(key.name()) else {
            return (Ok(None), None);
        };
        let value = raw::read(&key, kept, self.format());
        (value.map(Some), Some(kept.into()))
    }

    /// Sets the value under `key` to what this plain JSON says, or removes it, if what was lent is still what is kept.
    pub(crate) fn take_back(
        &self,
        key: &str,
        lent: Option<Text>,
        mut plain: Option<Text>,
    ) -> Result<()> {
        let mut state = self.look();
        let kept = state.get(key);
        if kept != lent.as_deref() {
            let is_the_same =
                kept.map(|kept| self.format().read(kept)).as_deref() == plain.as_deref();
            return is_the_same
                .then_some(())
                .ok_or_else(|| SessionError::Conflict {
                    key: key.to_owned(),
                });
        }
        self.check_changeable(&state)?;
        if let Some(text) = &mut plain {
            raw::keep(key, text, self.format())?;
        }
        if self.is_shared() {
            // Another request may have changed it where the sessions are.
            state.rare().expected.push((key.to_owned(), lent));
        }
        match plain {
            Some(value) => state.set(key, value),
            None => state.remove(key),
        }
        Ok(())
    }
}
