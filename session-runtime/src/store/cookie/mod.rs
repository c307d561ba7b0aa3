//! The cookie store: the session itself, signed, is what the visitor keeps. It judges signatures and ages, decides when a
//! cookie must be sent again, and knows neither how a cookie travels nor who asks.

mod opening;
mod saving;

pub(crate) use opening::Newest;
pub(crate) use saving::{CommitError, CookieChange, CookieCommit, Frame};

use crate::session::{Delta, Permanence, Snapshot, created};

use super::lifetimes::Lifetimes;
use super::refresh::Refresh;
use super::serializer::CookieSerializer;

/// Reads and writes sessions that are kept in the visitor's cookie.
#[derive(Clone)]
pub(crate) struct CookieStore {
    serializer: CookieSerializer,
    rules: Rules,
}

/// When and how large cookies are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) refresh: Refresh,
    /// What the cookie's name and value may have in bytes, together.
    pub(crate) max_size: usize,
    /// Whether a session that has no value but is permanent is kept, as Flask does.
    pub(crate) keeps_empty: bool,
}

impl CookieStore {
    pub(crate) fn new(serializer: CookieSerializer, rules: Rules) -> Self {
        Self { serializer, rules }
    }

    /// Whether a session must say when it began.
    pub(crate) fn needs_creation(&self) -> bool {
        self.lifetimes().absolute.is_some()
    }

    /// Whether every response must send a permanent session anew, also where nobody looked at it.
    pub(crate) fn refreshes_each_request(&self) -> bool {
        self.rules.refresh == Refresh::EachRequest
    }

    /// Whether a session that was loaded so, and changed so at `changed_at`, lives at `now`.
    pub(crate) fn is_alive(
        &self,
        snapshot: &Snapshot,
        delta: &Delta,
        changed_at: u64,
        now: u64,
    ) -> bool {
        let loaded = snapshot.saved().filter(|_| delta.is_empty());
        let saved_at = loaded.map_or(changed_at, |saved| saved.at);
        let times = (saved_at, || created(snapshot, delta));
        let check = self
            .lifetimes()
            .check(Permanence::of(snapshot, delta), times, now);
        !delta.leaves_nothing(snapshot) && check.is_ok()
    }

    fn lifetimes(&self) -> &Lifetimes {
        self.serializer.lifetimes()
    }
}

/// What the tests of both rooms share.
#[cfg(test)]
mod for_test {
    use std::time::Duration;

    use super::*;
    use crate::session::PlainJson;
    use crate::signing::{SecretKey, TokenSigner};
    use crate::store::Protection;

    pub(super) const NOW: u64 = 1_700_000_000;
    pub(super) const HOUR: u64 = 3600;

    pub(super) fn store(refresh: Refresh) -> CookieStore {
        let lifetimes = Lifetimes {
            permanent: Duration::from_secs(10 * HOUR),
            browser: Duration::from_secs(HOUR),
            absolute: None,
            clock_leeway: Duration::from_secs(30),
        };
        let rules = Rules {
            refresh,
            max_size: 4096,
            keeps_empty: false,
        };
        let signed = Protection::Signed(TokenSigner::new(SecretKey::generate()));
        CookieStore::new(CookieSerializer::new(signed, &PlainJson, lifetimes), rules)
    }

    pub(super) fn open<V: AsRef<str>>(
        store: &CookieStore,
        values: impl IntoIterator<Item = V>,
        now: u64,
    ) -> Snapshot {
        store.open(values, || now, |_| {}).unwrap_or_default()
    }

    pub(super) fn token(store: &CookieStore, payload: &str) -> String {
        signed(store, payload, NOW)
    }

    pub(super) fn signed(store: &CookieStore, payload: &str, at: u64) -> String {
        String::from_utf8(store.serializer.sign(payload, at, "", 0)).unwrap()
    }
}
