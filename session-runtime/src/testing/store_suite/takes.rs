//! A take removes values and returns them, in one step, so that each goes to one request.

use super::subject::{IDLE, Subject, must_be, owned, random_lease};
use crate::store::{Committed, Opened, SessionStore, Taken};

/// Of those it was asked for; the others stay.
pub async fn a_take_returns_and_removes_what_was_there<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "null"), ("c", "3")]).await;
    let before = subject.loaded().await.record;
    must_be(
        subject
            .take_with(&["b", "none", "a"], |take| take.now += 100)
            .await,
        Taken::Values(owned(&[("a", "1"), ("b", "null")])),
        "the store takes wrongly",
    );
    let loaded = subject.loaded().await;
    must_be(
        loaded.values,
        owned(&[("c", "3")]),
        "the store leaves something else in a session than what was not taken from it",
    );
    must_be(
        loaded.record,
        before,
        "the store has changed more by a take than values",
    );
}

/// It was given to the first.
pub async fn a_second_take_gets_nothing<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject.take(&["a"]).await;
    must_be(
        subject.take(&["a"]).await,
        Taken::Values(Vec::new()),
        "the store gives a value to two takes",
    );
}

/// Not that the session is gone: that is something else.
pub async fn a_take_of_what_is_not_there_gets_nothing<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    for names in [&["b"][..], &[]] {
        must_be(
            subject.take(names).await,
            Taken::Values(Vec::new()),
            "the store gives something else than nothing to a take of what is not there",
        );
    }
}

/// A flashed message, say, and then the next one.
pub async fn what_is_set_after_a_take_is_taken_by_the_next<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject.take(&["a"]).await;
    subject.set(&[("a", "2")]).await;
    must_be(
        subject.take(&["a"]).await,
        Taken::Values(owned(&[("a", "2")])),
        "the store does not give a value to a take that was set after another take",
    );
}

/// Whoever has seen the value before may not put it back.
pub async fn a_commit_conflicts_with_a_take_of_what_it_expects<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let lease = random_lease();
    let leased = subject.lease(lease, subject.now + 10).await;
    must_be(
        matches!(leased, Opened::Alive(_)),
        true,
        "the store does not lease a session that nobody has leased",
    );
    subject.take(&["a"]).await;
    let committed = subject
        .commit(|commit| {
            commit.lease = Some(lease);
            commit.expected = vec![("a".to_owned(), Some("1".to_owned()))];
            commit.set = owned(&[("a", "2")]);
        })
        .await;
    must_be(
        committed,
        Committed::Conflict {
            name: "a".to_owned(),
        },
        "the store applies a commit that expects a value which was taken",
    );
    must_be(
        subject.value("a").await,
        None,
        "the store brings a value back that was taken",
    );
}

/// It looks for what is there, and at most.
pub async fn a_take_ends_no_session_and_extends_none<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject.take_with(&["a"], |take| take.now += IDLE).await;
    let loaded = subject.loaded().await;
    must_be(
        (loaded.values, loaded.record.expires_at),
        (Vec::new(), subject.now + IDLE),
        "the store has done more by a take of the last value than to take it",
    );
}
