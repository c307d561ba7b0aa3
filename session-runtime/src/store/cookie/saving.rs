//! What becomes of the cookie when a request ends: whether it is sent again, until when it lives, and what is too large for
//! one. It knows no header, but how many bytes stand around the value.

use std::time::Duration;

use crate::session::{Delta, OneLine, Permanence, Snapshot, created};
use crate::store::Refresh;

use super::CookieStore;

/// What stands around the cookie's value in its line, so that the line is written once and in its place.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// What stands before the value: the name and `=`.
    pub(crate) lead: &'a str,
    /// How many bytes follow it.
    pub(crate) attributes: usize,
    /// And how many more where the cookie outlives the browser.
    pub(crate) expires: usize,
}

/// What a commit is decided on.
#[derive(Clone, Copy)]
pub(crate) struct CookieCommit<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) delta: &'a Delta,
    pub(crate) renewed: bool,
}

/// What the response must do to the cookie.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CookieChange {
    Keep,
    Set {
        /// What stands before the value, and the value.
        line: Vec<u8>,
        /// When it expires, in unix seconds; `None` if with the browser.
        expires: Option<u64>,
    },
    Remove,
}

/// The session cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommitError {
    /// The cookie would be larger than browsers keep.
    #[error(
        "the cookie would have {size} bytes and browsers keep {limit}; its largest keys are {keys}"
    )]
    TooLarge {
        size: usize,
        limit: usize,
        keys: String,
    },
}

impl CookieStore {
    /// Whether the request that ends has anything to save.
    pub(crate) fn must_commit(&self, commit: &CookieCommit<'_>) -> bool {
        commit.renewed || !commit.delta.is_empty() || self.saves_unchanged(commit.snapshot)
    }

    /// Whether a session is saved again that nothing has changed: where its life must be extended, or it is not to stay where it
    /// was loaded from.
    pub(crate) fn saves_unchanged(&self, snapshot: &Snapshot) -> bool {
        snapshot.is_moved() || self.is_refresh_due(snapshot)
    }

    /// What becomes of the cookie when the request ends at `now`, in such a line.
    pub(crate) fn commit(
        &self,
        commit: &CookieCommit<'_>,
        now: u64,
        frame: &Frame<'_>,
    ) -> Result<CookieChange, CommitError> {
        let CookieCommit {
            snapshot, delta, ..
        } = *commit;
        if self.is_nothing_left(snapshot, delta) {
            let is_emptied = !snapshot.is_empty() && !delta.is_empty();
            return Ok(if is_emptied {
                CookieChange::Remove
            } else {
                CookieChange::Keep
            });
        }
        let payload = delta.apply(snapshot, self.serializer.format());
        let expires = match Permanence::of(snapshot, delta) {
            Permanence::Browser => None,
            permanence => {
                let created = created(snapshot, delta);
                Some(self.lifetimes().end(permanence, created, now))
            }
        };
        let spare = frame.attributes + expires.map_or(0, |_| frame.expires);
        let line = self.serializer.sign(&payload, now, frame.lead, spare);
        let size = line.len() - "=".len();
        if size > self.rules.max_size {
            let keys = largest_keys(snapshot, delta);
            return Err(CommitError::TooLarge {
                size,
                limit: self.rules.max_size,
                keys,
            });
        }
        Ok(CookieChange::Set { line, expires })
    }

    fn is_nothing_left(&self, snapshot: &Snapshot, delta: &Delta) -> bool {
        if self.rules.keeps_empty {
            delta.names(snapshot).next().is_none()
        } else {
            delta.leaves_nothing(snapshot)
        }
    }

    fn is_refresh_due(&self, snapshot: &Snapshot) -> bool {
        let Some(saved) = snapshot.saved() else {
            return false;
        };
        let permanence = || Permanence::loaded(snapshot);
        match self.rules.refresh {
            Refresh::EachRequest => permanence() != Permanence::Browser,
            Refresh::AfterTenth => {
                // A lifetime of 0 is no life to extend.
                let is_due = |tenfold| tenfold >= self.lifetimes().of(permanence());
                saved.ago > 0 && is_due(Duration::from_secs(saved.ago.saturating_mul(10)))
            }
            Refresh::Never => false,
        }
    }
}

/// The three largest keys, for whoever has to make the session smaller.
fn largest_keys(snapshot: &Snapshot, delta: &Delta) -> String {
    let mut sizes: Vec<(usize, &str)> = delta
        .names(snapshot)
        .map(|name| (delta.get(snapshot, name).map_or(0, str::len), name))
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let named: Vec<String> = sizes
        .iter()
        .take(3)
        .map(|(size, name)| format!("`{}` ({size} bytes)", OneLine(name)))
        .collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::for_test::{HOUR, NOW, open, store, token};
    use super::*;
    use crate::signing::SecretKey;

    /// Whether a session saved at [`NOW`] is saved again when it is asked for at `now`.
    fn saves_unchanged(store: &CookieStore, payload: &str, now: u64) -> bool {
        store.saves_unchanged(&open(store, [token(store, payload)], now))
    }

    fn commit(
        store: &CookieStore,
        snapshot: &Snapshot,
        delta: &Delta,
    ) -> Result<CookieChange, CommitError> {
        let commit = CookieCommit {
            snapshot,
            delta,
            renewed: false,
        };
        let frame = Frame {
            lead: "session=",
            attributes: 0,
            expires: 0,
        };
        store.commit(&commit, NOW, &frame)
    }

    fn delta(snapshot: &Snapshot, name: &str, json: &str) -> Delta {
        let mut delta = Delta::default();
        delta.set(snapshot, name, json.into());
        delta
    }

    #[test]
    fn a_session_is_sent_again_after_a_tenth_of_its_life() {
        let store = store(Refresh::AfterTenth);
        for (payload, tenth) in [
            (r#"{"a":1}"#, HOUR / 10),
            (r#"{"a":1,"_permanent":true}"#, HOUR),
            (r#"{"a":1,"_permanent":60}"#, 6),
        ] {
            assert!(
                !saves_unchanged(&store, payload, NOW + tenth - 1),
                "{payload}"
            );
            assert!(saves_unchanged(&store, payload, NOW + tenth), "{payload}");
        }
    }

    #[test]
    fn with_each_request_only_permanent_sessions_are_sent_again() {
        let store = store(Refresh::EachRequest);
        for (payload, sent) in [
            (r#"{"a":1}"#, false),
            (r#"{"a":1,"_permanent":true}"#, true),
        ] {
            assert_eq!(saves_unchanged(&store, payload, NOW), sent, "{payload}");
        }
    }

    #[test]
    fn never_is_never() {
        let store = store(Refresh::Never);
        let payload = r#"{"a":1,"_permanent":true}"#;
        assert!(!saves_unchanged(&store, payload, NOW + 10 * HOUR));
    }

    #[test]
    fn a_permanent_session_expires_a_lifetime_from_now_and_another_with_the_browser() {
        let store = store(Refresh::AfterTenth);
        let empty = Snapshot::default();
        let CookieChange::Set { expires, .. } =
            commit(&store, &empty, &delta(&empty, "a", "1")).unwrap()
        else {
            panic!()
        };
        assert_eq!(expires, None);
        let permanent = open(&store, [token(&store, r#"{"_permanent":true}"#)], NOW);
        let CookieChange::Set { expires, .. } =
            commit(&store, &permanent, &delta(&permanent, "a", "1")).unwrap()
        else {
            panic!()
        };
        assert_eq!(expires, Some(NOW + 10 * HOUR));
    }

    #[test]
    fn a_session_that_was_emptied_is_removed_and_one_that_never_was_is_left_alone() {
        let store = store(Refresh::AfterTenth);
        let empty = Snapshot::default();
        assert_eq!(
            commit(&store, &empty, &delta(&empty, "_permanent", "true")),
            Ok(CookieChange::Keep)
        );
        let loaded = open(&store, [token(&store, r#"{"a":1}"#)], NOW);
        let mut emptied = Delta::default();
        emptied.remove(&loaded, "a");
        assert_eq!(commit(&store, &loaded, &emptied), Ok(CookieChange::Remove));
    }

    #[test]
    fn a_cookie_that_browsers_would_drop_is_an_error_that_names_the_largest_keys() {
        let store = store(Refresh::AfterTenth);
        let loaded = open(
            &store,
            [token(&store, r#"{"small":1,"name":"some name"}"#)],
            NOW,
        );
        // Random text, which no compression makes smaller.
        let noise = format!(
            "\"{}\"",
            (0..160)
                .map(|_| String::from_utf8(SecretKey::generate().expose_secret().to_vec()).unwrap())
                .collect::<String>()
        );
        let error = commit(&store, &loaded, &delta(&loaded, "noise", &noise)).unwrap_err();
        let CommitError::TooLarge {
            size,
            limit,
            ref keys,
        } = error;
        assert!(size > limit, "{error}");
        assert_eq!(
            keys,
            "`noise` (10242 bytes), `name` (11 bytes), `small` (1 bytes)"
        );
    }
}
