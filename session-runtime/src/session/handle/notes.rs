//! What is noted of a request where somebody takes a handle on its session: for those who take one later, and for its end. Who
//! notes it, and what is made of it, this does not know.

use std::borrow::Cow;

use super::Session;
use super::rights::Rights;
use super::state::{Flags, State};

/// Notes on a session that is locked for them, or that nobody has yet.
pub(crate) struct Notes<'s> {
    pub(super) flags: &'s mut Flags,
    pub(super) rights: &'s mut Rights,
    pub(super) handler: &'s mut Option<HandlerName>,
}

/// The name of the handler that a session is for.
pub(crate) enum HandlerName {
    /// Whoever knows it, since to look it up would cost each request, and few need it.
    KnownBy(&'static dyn Named),
    Text(Cow<'static, str>),
}

/// Whatever has a name.
pub(crate) trait Named: Sync {
    fn name(&self) -> &str;
}

impl HandlerName {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::KnownBy(named) => named.name(),
            Self::Text(text) => text,
        }
    }
}

impl<'s> Notes<'s> {
    pub(super) fn on(state: &'s mut State) -> Self {
        Self {
            flags: &mut state.flags,
            rights: &mut state.rights,
            handler: &mut state.handler,
        }
    }

    /// Names the handler in errors and warnings, if it has no name yet: the first one is the more exact one.
    pub(crate) fn handler(&mut self, name: impl FnOnce() -> HandlerName) {
        self.handler.get_or_insert_with(name);
    }

    /// The response depends on the session.
    pub(crate) fn looked(&mut self) {
        self.flags.looked = true;
    }

    /// The answer is for this visitor alone.
    pub(crate) fn guarded(&mut self) {
        self.flags.guarded = true;
        self.looked();
    }

    /// Whoever extracts the session from now on cannot change it.
    pub(crate) fn read_only(&mut self) {
        *self.rights = Rights::ReadOnly;
    }

    /// The request is none that may change the session.
    pub(crate) fn fetched_ahead(&mut self) {
        self.flags.fetched_ahead = true;
    }
}

impl Session {
    /// The answer is for this visitor alone.
    pub(crate) fn set_guarded(&self) {
        Notes::on(&mut self.lock()).guarded();
    }
}
