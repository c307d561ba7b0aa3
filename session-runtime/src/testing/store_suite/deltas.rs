//! A commit is what one request has changed, applied to whatever the session is by then.

use super::subject::{GRACE, IDLE, Subject, must_be, must_hold, names, owned};
use crate::store::{Committed, Life, Opened, SessionStore};

/// Neither those that it does not name nor what is known of the session besides.
pub async fn a_commit_changes_what_it_names_and_nothing_else<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1"), ("c", "1")]).await;
    let before = subject.loaded().await.record;
    subject
        .apply(|commit| {
            commit.set = owned(&[("a", "2"), ("d", "2")]);
            commit.remove = names(&["b", "no such value"]);
            commit.now += 20;
        })
        .await;
    let loaded = subject.loaded().await;
    must_be(
        loaded.values,
        owned(&[("a", "2"), ("c", "1"), ("d", "2")]),
        "the store has applied a commit wrongly",
    );
    must_be(
        loaded.record,
        before,
        "the store has changed more of a session than the commit said",
    );
}

/// Two requests that began with the same session each keep what they have changed.
pub async fn deltas_of_different_keys_merge<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "0"), ("b", "0"), ("c", "0")]).await;
    subject.set(&[("a", "1")]).await;
    subject.set(&[("b", "2")]).await;
    subject.apply(|commit| commit.remove = names(&["c"])).await;
    subject.set(&[("d", "3")]).await;
    must_be(
        subject.loaded().await.values,
        owned(&[("a", "1"), ("b", "2"), ("d", "3")]),
        "the store loses what one request has changed to another that changed something else",
    );
}

/// As where a request has only a lease to give back.
pub async fn a_commit_that_changes_nothing_is_applied<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let before = subject.loaded().await;
    subject.apply(|_| ()).await;
    must_be(
        subject.loaded().await,
        before,
        "the store has changed a session by a commit that changes nothing",
    );
}

/// Those too that another request has put there since.
pub async fn clear_removes_every_value_and_then_others_are_set<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1")]).await;
    subject.set(&[("c", "1")]).await;
    subject
        .apply(|commit| {
            commit.clear = true;
            commit.set = owned(&[("b", "2")]);
        })
        .await;
    must_be(
        subject.loaded().await.values,
        owned(&[("b", "2")]),
        "the store clears a session too little or too much",
    );
}

/// Both of the user and of the label.
pub async fn user_and_label_change_where_the_commit_says_so<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let known = async || {
        let record = subject.loaded().await.record;
        (record.user, record.label)
    };
    let fault = "the store has another user or label than the last commits say";
    subject
        .apply(|commit| commit.user = Some(Some("1".to_owned())))
        .await;
    subject
        .apply(|commit| commit.label = Some(Some("phone".to_owned())))
        .await;
    let both = (Some("1".to_owned()), Some("phone".to_owned()));
    must_be(known().await, both.clone(), fault);
    subject.set(&[("a", "2")]).await;
    must_be(known().await, both, fault);
    subject.apply(|commit| commit.user = Some(None)).await;
    must_be(known().await, (None, Some("phone".to_owned())), fault);
    subject.apply(|commit| commit.label = Some(None)).await;
    must_be(known().await, (None, None), fault);
}

/// Also where it clears the session, or sets the very value.
pub async fn a_commit_is_applied_where_values_are_as_expected<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1")]).await;
    subject
        .apply(|commit| {
            commit.expected = vec![
                ("a".to_owned(), Some("1".to_owned())),
                ("c".to_owned(), None),
            ];
            commit.clear = true;
            commit.set = owned(&[("a", "2"), ("c", "2")]);
        })
        .await;
    must_be(
        subject.loaded().await.values,
        owned(&[("a", "2"), ("c", "2")]),
        "the store has applied a commit wrongly whose values were as expected",
    );
}

/// Nothing of such a commit is applied, whether the value is another, is gone, or has come.
pub async fn a_commit_conflicts_where_a_value_is_not_as_expected<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1")]).await;
    let before = subject.loaded().await;
    let cases: [(&str, Option<&str>); 3] = [("a", Some("0")), ("gone", Some("1")), ("b", None)];
    for (name, expected) in cases {
        let committed = subject
            .commit(|commit| {
                // One that is as expected does not hide the other.
                commit.expected = vec![
                    ("none".to_owned(), None),
                    (name.to_owned(), expected.map(str::to_owned)),
                ];
                commit.clear = true;
                commit.set = owned(&[("a", "9"), ("d", "9")]);
                commit.remove = names(&["b"]);
                commit.user = Some(Some("9".to_owned()));
                commit.label = Some(Some("9".to_owned()));
                commit.life = Some(Life {
                    idle: 2 * IDLE,
                    ends_at: None,
                });
                commit.ends_with_only = Some(&["a", "d"]);
            })
            .await;
        let conflict = Committed::Conflict {
            name: name.to_owned(),
        };
        must_be(
            committed,
            conflict,
            "the store does not see that a value is another than expected",
        );
        must_be(
            subject.loaded().await,
            before.clone(),
            "the store has applied something of a commit that conflicts",
        );
    }
}

/// Two spellings of one number are two values: the request has seen one of them.
pub async fn expected_values_are_compared_byte_for_byte<S: SessionStore>(store: S) {
    let spellings = [
        ("1e5", "100000"),
        ("1.0", "1"),
        ("\"é\"", r#""\u00e9""#),
        ("\"a\"", "\"A\""),
        ("\"a\"", "\"a \""),
        (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#),
        ("[1,2]", "[1, 2]"),
        ("null", "\"null\""),
    ];
    let subject = Subject::create(store, &[]).await;
    for (kept, expected) in spellings {
        subject.set(&[("a", kept)]).await;
        for (expected, right) in [(expected, false), (kept, true)] {
            let expected = vec![("a".to_owned(), Some(expected.to_owned()))];
            let committed = subject
                .commit(|commit| commit.expected = expected.clone())
                .await;
            must_be(
                committed == Committed::Applied,
                right,
                format!(
                    "the store compares {kept} otherwise than byte for byte with what is expected, {expected:?}"
                ),
            );
        }
    }
}

/// What is left counts by its name.
pub async fn a_session_ends_where_nothing_that_counts_is_left<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("_created", "1"), ("_fresh", "1")]).await;
    let committed = subject
        .commit(|commit| {
            commit.remove = names(&["a"]);
            commit.set = owned(&[("_fresh", "2")]);
            commit.ends_with_only = Some(&["_fresh", "_created", "_permanent"]);
        })
        .await;
    must_be(
        committed,
        Committed::Ended,
        "the store keeps a session in which nothing that counts is left",
    );
    must_be(
        subject.open().await,
        Opened::Ended,
        "the store has no tombstone of a session that ended because nothing was left in it",
    );
    must_be(
        subject.open_at(subject.now + GRACE.as_secs()).await,
        Opened::Ended,
        "the store forgets a tombstone before the commit's grace is over",
    );
    must_be(
        subject.set(&[("a", "1")]).await,
        Committed::Gone,
        "the store revives a session that ended because nothing was left in it",
    );
}

/// Where another request has put a value there in the meantime, say.
pub async fn a_session_stays_where_something_that_counts_is_left<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("_fresh", "1")]).await;
    subject.set(&[("b", "1")]).await;
    subject
        .apply(|commit| {
            commit.remove = names(&["a"]);
            commit.ends_with_only = Some(&["_fresh"]);
        })
        .await;
    must_be(
        subject.loaded().await.values,
        owned(&[("_fresh", "1"), ("b", "1")]),
        "the store loses what is left in a session that might have ended",
    );
}

/// Without being told to end it a store keeps it.
pub async fn an_emptied_session_stays_where_no_end_is_asked_for<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject.apply(|commit| commit.clear = true).await;
    must_hold(
        subject.loaded().await.values.is_empty(),
        "the store leaves values in a session that was cleared",
    );
}
