//! A cookie of earlier settings, which is still read until a date: what an application's visitors bring after its cookie's
//! name, scope, format or keys have changed.

use http::{HeaderMap, HeaderValue};

use crate::session::Snapshot;
use crate::store::{CookieStore, OpenError};

use super::config::SessionConfig;
use super::cookie::{self, SetCookie};

/// Reads the earlier cookie, and expires it.
#[derive(Clone)]
pub(super) struct Earlier {
    cookie: SetCookie,
    store: CookieStore,
    /// The first second that it is not read any more, in unix seconds.
    until: u64,
}

impl Earlier {
    pub(super) fn new(config: &SessionConfig, until: u64) -> Self {
        Self {
            cookie: config.set_cookie(),
            store: CookieStore::new(config.serializer(), config.rules()),
            until,
        }
    }

    /// The session that its cookies open, for `store` to save.
    pub(super) fn open(
        &self,
        headers: &HeaderMap,
        now: u64,
        store: &CookieStore,
    ) -> Option<Snapshot> {
        if now >= self.until {
            return None;
        }
        let values = cookie::values(headers, self.cookie.name());
        store.take_over(&self.store, values, now, reject)
    }

    /// The `Set-Cookie` that expires it in its own scope, beside one that sets or deletes `current`. Only where the visitor
    /// has brought it: another application's cookie of that name is left alone.
    pub(super) fn expired(
        &self,
        headers: &HeaderMap,
        now: u64,
        current: &SetCookie,
    ) -> Option<HeaderValue> {
        let is_stale = now < self.until
            && !self.cookie.has_scope_of(current)
            && self
                .store
                .has_made_any(cookie::values(headers, self.cookie.name()));
        is_stale.then(|| self.cookie.remove()).flatten()
    }
}

/// A key that was mistyped among the earlier settings would log everyone out without a word.
fn reject(error: OpenError) {
    tracing::debug!(name: "session.earlier_rejected", %error, "a cookie opens no session by the earlier settings either");
}
