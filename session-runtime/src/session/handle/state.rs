//! What one request knows of its session: what was loaded, what changed, and flags that are independent of each other.

use std::sync::Arc;
use std::task::Waker;

use serde::de::DeserializeOwned;

use super::login::{self, LoadedUser};
use super::notes::{HandlerName, Notes};
use super::rights::Rights;
use crate::session::delta::Delta;
use crate::session::format::Format;
use crate::session::permanence::{self, Permanence};
use crate::session::snapshot::Snapshot;
use crate::session::{AsKey, FRESH, RememberOrder, Result, SessionError, Text, raw};

/// The state that all handles of a session share.
#[derive(Default)]
pub(super) struct State {
    /// Whether the snapshot is what the visitor's cookie says.
    pub(super) opened: bool,
    pub(super) snapshot: Snapshot,
    pub(super) delta: Delta,
    pub(super) flags: Flags,
    /// What handles can do that are extracted from now on.
    pub(super) rights: Rights,
    pub(super) committed: bool,
    pub(super) handler: Option<HandlerName>,
    pub(super) rare: Option<Box<Rare>>,
}

/// What most requests have nothing of. It is made where something is put into it: what stands in the state itself is written
/// and dropped by every request.
#[derive(Default)]
pub(super) struct Rare {
    /// What values were that are held as `&mut`.
    pub(super) expected: Vec<(String, Option<Text>)>,
    /// The names of what was taken from where parallel requests share the session.
    pub(super) taken_from_origin: Vec<String>,
    /// What was taken for the whole request.
    pub(super) taken: Vec<(&'static str, Option<Arc<str>>)>,
    /// The user who was loaded, and for which id.
    pub(super) user: Option<(Text, LoadedUser)>,
    /// What the visitor brought that may remember a login.
    pub(super) remember_tokens: Vec<String>,
    /// Who is logged in, or that nobody is, where that has come about without being asked for.
    pub(super) unasked: Option<Option<Text>>,
    /// Which browser the request comes from, as the JSON that Flask-Login keeps.
    pub(super) identifier: Option<Text>,
    /// What the session is called in a list from now on, if that changes.
    pub(super) label: Option<Option<String>>,
    /// What the answer must be instead of the handler's.
    pub(super) failure: Option<Box<SessionError>>,
    /// Who waits for the handler, and must know if there is one.
    pub(super) waiting: Option<Waker>,
}

/// What is known of a session when its request ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flags {
    /// A value, a key or the login was asked for, or something was changed: the response depends on the cookie.
    pub(crate) looked: bool,
    /// The secret, or what stands in for it, must change.
    pub(crate) renewed: bool,
    /// A guard let the request through: what it answers is nobody else's.
    pub(crate) guarded: bool,
    /// A browser fetches the page ahead of time: nothing is saved.
    pub(crate) fetched_ahead: bool,
    /// What becomes of the login that is remembered beyond the session.
    pub(crate) remember: Option<RememberOrder>,
    /// The handler panicked.
    pub(crate) abandoned: bool,
}

/// What has happened in a request that has ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closed {
    pub(crate) flags: Flags,
    /// Whether anything was changed.
    pub(crate) is_modified: bool,
    /// Whether nothing was changed but the login, and that without being asked for.
    pub(crate) is_changed_unasked: bool,
    /// Whether somebody else is logged in than when the request came, or nobody any more.
    pub(crate) is_login_changed: bool,
    /// Whether the visitor brought anything that may remember a login.
    pub(crate) has_remember_token: bool,
    /// What the answer must be instead of the handler's.
    pub(crate) failure: Option<Box<SessionError>>,
}

impl Closed {
    /// Whether nothing is saved, whatever was changed.
    pub(crate) fn is_given_up(&self) -> bool {
        self.failure.is_some() || self.flags.fetched_ahead || self.flags.abandoned
    }
}

impl State {
    /// See [`Session::open`](super::Session::open); gives what the new handle may do.
    pub(super) fn open(
        &mut self,
        load: impl FnOnce(&mut Snapshot) -> Vec<String>,
        note: impl FnOnce(&mut Notes<'_>),
    ) -> Rights {
        if !self.opened {
            let remember_tokens = load(&mut self.snapshot);
            if !remember_tokens.is_empty() {
                self.rare().remember_tokens = remember_tokens;
            }
            self.opened = true;
        }
        let rights = self.rights;
        note(&mut Notes::on(self));
        rights
    }

    /// See [`Session::close`](super::Session::close).
    pub(super) fn close<R>(
        &mut self,
        login_key: &str,
        closed: &mut Closed,
        save: impl FnOnce(&Closed, &Snapshot, &mut Delta) -> R,
    ) -> Option<R> {
        self.committed = true;
        if !self.opened {
            return None;
        }
        let rare = self.rare.as_ref();
        *closed = Closed {
            flags: self.flags,
            is_modified: self.is_modified(),
            is_changed_unasked: self.is_changed_unasked(login_key),
            is_login_changed: self.is_login_changed(login_key),
            has_remember_token: self.has_remember_token(),
            failure: rare.and_then(|rare| rare.failure.clone()),
        };
        Some(save(closed, &self.snapshot, &mut self.delta))
    }

    pub(super) fn is_modified(&self) -> bool {
        self.flags.renewed || self.label().is_some() || !self.delta.is_empty()
    }

    /// Whether nothing was changed but the login, and that without being asked for: one has ended, or one that is remembered was
    /// restored.
    pub(super) fn is_changed_unasked(&self, login_key: &str) -> bool {
        let rare = self.rare.as_ref();
        let unasked = rare.and_then(|rare| rare.unasked.as_ref());
        unasked.is_some_and(|user| self.get(login_key) == user.as_deref())
            && matches!(self.get(FRESH), None | Some("false"))
            && self.label().is_none()
            && self
                .delta
                .changes()
                .all(|(name, _)| login::is_of_login(name, login_key))
    }

    pub(super) fn is_login_changed(&self, login_key: &str) -> bool {
        self.delta.may_change(login_key) && self.get(login_key) != self.snapshot.get(login_key)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.delta.get(&self.snapshot, name)
    }

    pub(super) fn read<T: DeserializeOwned>(
        &self,
        key: &impl AsKey<T>,
        format: &dyn Format,
    ) -> Result<Option<T>> {
        self.get(key.name())
            .map(|text| raw::read(key, text, format))
            .transpose()
    }

    pub(super) fn set(&mut self, name: &str, value: Text) {
        self.delta.set(&self.snapshot, name, value);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.delta.remove(&self.snapshot, name);
    }

    pub(super) fn permanence(&self) -> Permanence {
        Permanence::of(&self.snapshot, &self.delta)
    }

    pub(super) fn set_permanence(&mut self, permanence: Permanence) {
        match permanence.to_json() {
            Some(json) => self.delta.set(&self.snapshot, permanence::KEY, json),
            None => self.delta.remove(&self.snapshot, permanence::KEY),
        }
    }

    /// What the session is called in a list from now on, if that changes.
    pub(super) fn label(&self) -> Option<&Option<String>> {
        self.rare.as_ref()?.label.as_ref()
    }

    /// To put something into it.
    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Forgets the user that was loaded.
    pub(super) fn forget_user(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.user = None;
        }
    }

    pub(super) fn handler(&self) -> &str {
        self.handler
            .as_ref()
            .map_or("the handler", HandlerName::as_str)
    }
}
