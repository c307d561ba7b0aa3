//! A session from its opening to its closing: what the layer and the gate do with it. No application sees this.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use super::notes::Notes;
use super::rights::Rights;
use super::state::{Closed, State};
use super::{Session, Settings, Shared};
use crate::session::delta::Delta;
use crate::session::snapshot::Snapshot;
use crate::session::{Origin, Result, SessionError, Text, raw};

/// What a request's cookies say.
#[derive(Default)]
pub(crate) struct Brought {
    pub(crate) snapshot: Snapshot,
    /// What may remember a login.
    pub(crate) remember_tokens: Vec<String>,
}

impl Session {
    /// A session that is not opened yet. `origin` is where it is taken from, if parallel requests share it.
    #[inline]
    pub(crate) fn new(settings: Arc<Settings>, origin: Option<Arc<dyn Origin>>) -> Self {
        Self::with(settings, origin, State::default())
    }

    /// A session that is open, outside any request.
    pub(crate) fn opened(settings: Arc<Settings>, snapshot: Snapshot) -> Self {
        let state = State {
            snapshot,
            opened: true,
            ..State::default()
        };
        Self::with(settings, None, state)
    }

    #[inline]
    fn with(settings: Arc<Settings>, origin: Option<Arc<dyn Origin>>, state: State) -> Self {
        let shared = Shared {
            settings,
            origin,
            state: Mutex::new(state),
        };
        Self {
            shared: Arc::new(shared),
            rights: Rights::default(),
        }
    }

    /// Loads the session, once: whoever comes second finds it loaded. Gives a handle to whoever extracts the session now, and
    /// lets note something for those who come later.
    ///
    /// `load` writes what was loaded into its place, since each move of it would have to be waited for, and returns what may
    /// remember a login.
    pub(crate) fn open(
        &self,
        load: impl FnOnce(&mut Snapshot) -> Vec<String>,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Self {
        let rights = self.lock().open(load, note);
        self.with_rights(rights)
    }

    /// The same, without a lock where nobody else has the session yet.
    pub(crate) fn open_alone(
        &mut self,
        load: impl FnOnce(&mut Snapshot) -> Vec<String>,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Self {
        let rights = match Arc::get_mut(&mut self.shared) {
            Some(shared) => alone(&mut shared.state).open(load, note),
            None => self.lock().open(load, note),
        };
        self.with_rights(rights)
    }

    pub(super) fn with_rights(&self, rights: Rights) -> Self {
        Self {
            shared: self.shared.clone(),
            rights,
        }
    }

    /// Whether parallel requests share the session where it comes from.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared.origin.is_some()
    }

    /// Whether somebody has opened the session.
    pub(crate) fn is_opened(&self) -> bool {
        self.lock().opened
    }

    /// Replaces what was loaded by what has been loaded since, for a request that has leased the session after it had opened
    /// it.
    pub(crate) fn reopen(&self, snapshot: Snapshot) {
        self.lock().snapshot = snapshot;
    }

    /// Takes those of the values from the origin that were loaded from there and that this request has not changed. They stay
    /// in the session, as they were taken, until they are forgotten. `None` where there was nothing to ask for; otherwise
    /// whether they are what was loaded.
    pub(crate) async fn take_from_origin(&self, names: &[&str]) -> Result<Option<bool>> {
        let Some(origin) = &self.shared.origin else {
            return Ok(None);
        };
        let wanted: Vec<String> = {
            let state = self.lock();
            // A page that is fetched ahead takes nothing; and a login does not go away alone, but with a new secret.
            let is_there = |name: &&&str| {
                !state.flags.fetched_ahead
                    && **name != self.shared.settings.login_key
                    && state.snapshot.get(name).is_some()
                    && !state.delta.may_change(name)
            };
            names
                .iter()
                .filter(is_there)
                .map(|name| (*name).to_owned())
                .collect()
        };
        if wanted.is_empty() {
            return Ok(None);
        }
        let values = origin.take(wanted.clone()).await?;
        let mut state = self.lock();
        let mut is_as_loaded = true;
        for name in &wanted {
            let taken = values.iter().find(|(taken, _)| taken == name);
            let taken = taken.map(|(_, value)| value.as_str());
            is_as_loaded &= state.snapshot.get(name) == taken;
            state.snapshot.replace(name, taken);
        }
        state.rare().taken_from_origin.extend(wanted);
        Ok(Some(is_as_loaded))
    }

    /// Forgets a value if it was taken from the origin: it is in no session any more.
    pub(crate) fn forget_taken(&self, name: &str) {
        let mut state = self.lock();
        let rare = state.rare.as_ref();
        let is_it = |taken: &String| taken == name;
        if rare.is_some_and(|rare| rare.taken_from_origin.iter().any(is_it)) {
            state.snapshot.replace(name, None);
        }
    }

    /// Sets a value again that was taken.
    pub(super) fn put_taken_back(&self, name: &str) {
        let mut state = self.lock();
        let value = state.snapshot.get(name).map(Text::from);
        state.snapshot.replace(name, None);
        if let Some(value) = value {
            state.set(name, value);
        }
    }

    /// Ends changing. If the session was opened, what has happened is noted in `closed`, and what `save` makes of it returned;
    /// the values stay readable.
    ///
    /// Noted in its place: the processor waits where flags are moved on together that were written one by one.
    pub(crate) fn close<R>(
        &self,
        closed: &mut Closed,
        save: impl FnOnce(&Closed, &Snapshot, &mut Delta) -> R,
    ) -> Option<R> {
        // Dropped last: with it may go what looks at the session.
        let _waiting;
        let mut state = self.lock();
        if let Some(rare) = &mut state.rare {
            _waiting = rare.waiting.take();
        }
        state.close(&self.shared.settings.login_key, closed, save)
    }

    /// The same, without a lock where nobody else has the session any more.
    pub(crate) fn close_alone<R>(
        &mut self,
        closed: &mut Closed,
        save: impl FnOnce(&Closed, &Snapshot, &mut Delta) -> R,
    ) -> Option<R> {
        match Arc::get_mut(&mut self.shared) {
            Some(Shared {
                settings, state, ..
            }) => alone(state).close(&settings.login_key, closed, save),
            None => self.close(closed, save),
        }
    }

    /// Shows what was loaded and what changed.
    pub(crate) fn inspect<R>(&self, see: impl FnOnce(&Snapshot, &Delta) -> R) -> R {
        let state = self.lock();
        see(&state.snapshot, &state.delta)
    }

    /// The same, and what only a store is told: what `&mut` values began with, and what the session is called from now on.
    pub(crate) fn inspect_for_store<R>(
        &self,
        see: impl FnOnce(&Snapshot, &Delta, &[(String, Option<Text>)], Option<&Option<String>>) -> R,
    ) -> R {
        let state = self.lock();
        let rare = state.rare.as_ref();
        let expected = rare.map_or(&[][..], |rare| &rare.expected);
        see(&state.snapshot, &state.delta, expected, state.label())
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Whether somebody is logged in: the login key is there and not null.
    pub(crate) fn is_logged_in(&self) -> bool {
        self.look()
            .get(&self.shared.settings.login_key)
            .is_some_and(|value| value != "null")
    }

    /// The value under `key`, as plain JSON; what only Python writes (`NaN`) is as Python writes it.
    pub(crate) fn plain(&self, key: &str) -> Option<Text> {
        let state = self.look();
        state.get(key).map(|kept| match self.format().read(kept) {
            Cow::Borrowed(plain) => plain.into(),
            Cow::Owned(plain) => plain.into(),
        })
    }

    /// The value under `key`, as it is kept.
    pub(crate) fn kept(&self, key: &str) -> Option<Text> {
        self.look().get(key).map(Text::from)
    }

    /// Sets what is kept under `key`.
    pub(crate) fn set_kept(&self, key: &str, value: Text) -> Result<()> {
        raw::check(key, &value)?;
        self.put(key, value)
    }

    /// Whether there is a value under `key`, for whoever must ask again what has been read already.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.lock().get(key).is_some()
    }

    /// Not called `remove`, which is what some libraries call `pop`: who writes that is not to be told of a private method.
    pub(crate) fn discard(&self, key: &str) -> Result<()> {
        self.replace(&mut *self.change(key)?, key, None);
        Ok(())
    }

    /// Removes what is kept under `key` and returns it, to everyone who asks in this request: who comes second gets the
    /// same, whatever was set meanwhile.
    pub(crate) fn take_for_request(&self, key: &'static str) -> Result<Option<Arc<str>>> {
        if let Some(rare) = &self.look().rare
            && let Some((_, taken)) = rare.taken.iter().find(|(name, _)| *name == key)
        {
            return Ok(taken.clone());
        }
        let mut state = self.change(key)?;
        let taken: Option<Arc<str>> = state.get(key).map(Arc::from);
        state.remove(key);
        state.rare().taken.push((key, taken.clone()));
        Ok(taken)
    }

    /// Makes `error` the answer, whatever the handler returns; nothing is saved. The first error counts.
    pub(crate) fn fail(&self, error: SessionError) {
        let waiting = {
            let mut state = self.lock();
            let rare = state.rare();
            rare.failure.get_or_insert_with(|| Box::new(error));
            rare.waiting.take()
        };
        // Who is woken looks at the session, which must not be locked then.
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Whether something was said with [`fail`](Self::fail). Else `waiting` is woken when it is, where parallel requests share
    /// the session: only there is a handler given up that is pending, and it may be so on another task.
    pub(crate) fn has_failed(&self, waiting: &Waker) -> bool {
        // Dropped last: with it may go what looks at the session.
        let _before;
        let mut state = self.lock();
        let rare = state.rare.as_ref();
        if rare.is_some_and(|rare| rare.failure.is_some()) {
            return true;
        }
        let known = rare.and_then(|rare| rare.waiting.as_ref());
        if self.is_shared() && !known.is_some_and(|known| known.will_wake(waiting)) {
            _before = state.rare().waiting.replace(waiting.clone());
        }
        false
    }

    /// Whether the request's changes have been made.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().committed
    }

    /// The handler's name.
    pub(crate) fn handler(&self) -> String {
        self.lock().handler().to_owned()
    }
}

/// The state of a session that nobody else has.
fn alone(state: &mut Mutex<State>) -> &mut State {
    state.get_mut().unwrap_or_else(PoisonError::into_inner)
}
