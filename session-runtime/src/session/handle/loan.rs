//! A value that is lent to a handler, and taken back when the handler has finished: all that is asked of the session for it,
//! so that it is locked once for each. Who holds the value meanwhile it does not know.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Session;
use super::state::State;
use crate::session::snapshot::Snapshot;
use crate::session::{AsKey, Result, SessionError, Text, raw};

/// What a value was when it was lent. Most are plain JSON as serde writes it, in a session that nothing but the request
/// changes, and then no text of them is kept: it would be moved just after it was written, which takes longer than to look it
/// up again.
#[derive(Default)]
pub(crate) enum Lent {
    /// The session had nothing under the key, and whatever is given back is another value.
    #[default]
    Nothing,
    /// The session had what was loaded with it, and that is the value's own text.
    AsLoaded,
    Otherwise(Box<Texts>),
}

/// The texts of a value that was lent.
pub(crate) struct Texts {
    /// What the session has had.
    kept: Option<Text>,
    /// The value's own. It is not always what is kept: Python spaces and sorts differently, and a default is in no session.
    /// Nothing where the value cannot be written; that is said if it is given back and still cannot.
    own: Option<Text>,
}

impl Lent {
    /// Whether the session had anything under the key.
    pub(crate) fn is_kept(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::AsLoaded => true,
            Self::Otherwise(texts) => texts.kept.is_some(),
        }
    }

    /// The same for a value that was made because there is none, or none that fits.
    pub(crate) fn with_made<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let kept = match self {
            Self::Otherwise(texts) => texts.kept,
            Self::Nothing | Self::AsLoaded => None,
        };
        let own = Text::of(value).ok();
        Self::Otherwise(Box::new(Texts { kept, own }))
    }

    /// What was kept.
    fn kept<'a>(&'a self, key: &str, snapshot: &'a Snapshot) -> Option<&'a str> {
        match self {
            Self::Nothing => None,
            Self::AsLoaded => snapshot.get(key),
            Self::Otherwise(texts) => texts.kept.as_deref(),
        }
    }

    /// The value's own text, where that was kept.
    fn own<'a>(&'a self, kept: Option<&'a str>) -> Option<&'a str> {
        match self {
            Self::Nothing => None,
            Self::AsLoaded => kept,
            Self::Otherwise(texts) => texts.own.as_deref(),
        }
    }

    /// Whether the session has what it had, without a look at the texts.
    fn is_untouched(&self, key: &str, state: &State) -> bool {
        matches!(self, Self::AsLoaded) && !state.delta.may_change(key)
    }
}

impl Session {
    /// The value under `key`, and by what it is known again. Only of a value that is there it is known how it is written.
    pub(crate) fn lend<T: DeserializeOwned + Serialize>(
        &self,
        key: impl AsKey<T>,
    ) -> (Result<Option<T>>, Lent) {
        let state = self.look();
        let name = key.name();
        let Some(kept) = state.get(name) else {
            return (Ok(None), Lent::default());
        };
        let value = raw::read(&key, kept, self.format());
        let own = value.as_ref().map(|value| Text::unless(kept, value));
        // What is loaded from where parallel requests share it may be loaded again.
        let is_as_loaded = !self.is_shared() && !state.delta.may_change(name);
        let lent = match own {
            Ok(Ok(None)) if is_as_loaded => Lent::AsLoaded,
            own => {
                let kept = Text::from(kept);
                let own = match own {
                    Ok(Ok(own)) => Some(own.unwrap_or_else(|| kept.clone())),
                    _ => None,
                };
                let kept = Some(kept);
                Lent::Otherwise(Box::new(Texts { kept, own }))
            }
        };
        (value.map(Some), lent)
    }

    /// Sets the value under `key` to what this plain JSON says, or removes it where that is null, which says that there is
    /// nothing, and a missing value says it shorter. Only if what was lent is still what is kept, and not at all if it is what
    /// was lent.
    pub(crate) fn take_back(&self, key: &str, lent: &Lent, mut plain: Text) -> Result<()> {
        let mut state = self.look();
        let state = &mut *state;
        let was_kept = lent.kept(key, &state.snapshot);
        if lent.own(was_kept) == Some(&*plain) {
            return Ok(());
        }
        let is_null = &*plain == "null";
        let is_untouched = lent.is_untouched(key, state);
        if !is_untouched
            && let kept = state.get(key)
            && kept != was_kept
        {
            let new = (!is_null).then_some(&*plain);
            let is_the_same = kept.map(|kept| self.format().read(kept)).as_deref() == new;
            return is_the_same
                .then_some(())
                .ok_or_else(|| SessionError::Conflict {
                    key: key.to_owned(),
                });
        }
        self.check_changeable(state)?;
        if !is_null {
            raw::keep(key, &mut plain, self.format())?;
        }
        let value = (!is_null).then_some(&plain);
        self.note_other_login((&state.snapshot, &mut state.delta), key, value);
        if is_untouched && !is_null {
            state.delta.set_beside(was_kept, key, plain);
            return Ok(());
        }
        if self.is_shared() {
            // Another request may have changed it where the sessions are.
            let lent = was_kept.map(Text::from);
            state.rare().expected.push((key.to_owned(), lent));
        }
        if is_null {
            state.remove(key);
        } else {
            state.set(key, plain);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "list";

    /// A session whose value was spelled so when it was loaded.
    fn loaded(list: &str) -> Session {
        let text = format!(r#"{{"list":{list}}}"#);
        let snapshot = Snapshot::parse(text.into_bytes()).unwrap();
        let settings = crate::testing::session().shared.settings.clone();
        Session::opened(settings, snapshot)
    }

    fn lent(session: &Session) -> Lent {
        let (value, lent) = session.lend::<Vec<u32>>(KEY);
        assert_eq!(value, Ok(Some(vec![1, 2])));
        lent
    }

    fn conflict() -> SessionError {
        SessionError::Conflict {
            key: KEY.to_owned(),
        }
    }

    #[test]
    fn a_loaded_value_comes_back_as_it_was_or_changed_however_it_was_spelled() {
        for spelled in ["[1,2]", "[1,  2]"] {
            let session = loaded(spelled);
            let lent = lent(&session);
            assert_eq!(matches!(lent, Lent::AsLoaded), spelled == "[1,2]");
            assert_eq!(session.take_back(KEY, &lent, "[1,2]".into()), Ok(()));
            assert!(!session.is_modified(), "{spelled}");
            assert_eq!(session.take_back(KEY, &lent, "[3]".into()), Ok(()));
            assert_eq!(session.get(KEY), Ok(Some(vec![3])));
        }
    }

    #[test]
    fn what_was_set_or_cleared_meanwhile_is_a_conflict_unless_it_was_set_back() {
        for spelled in ["[1,2]", "[1,  2]"] {
            let session = loaded(spelled);
            let lent = lent(&session);
            session.set(KEY, [7]).unwrap();
            assert_eq!(session.take_back(KEY, &lent, "[3]".into()), Err(conflict()));
            session.clear().unwrap();
            assert_eq!(session.take_back(KEY, &lent, "[3]".into()), Err(conflict()));
            session.set_kept(KEY, spelled.into()).unwrap();
            assert_eq!(session.take_back(KEY, &lent, "null".into()), Ok(()));
            assert_eq!(session.get::<Vec<u32>>(KEY), Ok(None));
        }
    }
}
