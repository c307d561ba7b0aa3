//! How a session comes into being, and that only `create` makes one.

use std::sync::Arc;

use super::subject::{Subject, must_be, must_hold, owned, random_lease, random_secret};
use crate::store::{Committed, Loaded, Opened, Record, SessionStore, StoreError, Taken};

/// Its values, and what is known of it besides.
pub async fn a_created_session_is_opened_as_it_was_created<S: SessionStore>(store: S) {
    let subject = Subject::create_with(&Arc::new(store), |session| {
        session.values = owned(&[("theme", "\"dark\""), ("visits", "1")]);
        session.user = Some("12345".to_owned());
        session.label = Some("Firefox on Linux".to_owned());
        session.life.idle = 5000;
    })
    .await;
    let right = Loaded {
        values: owned(&[("theme", "\"dark\""), ("visits", "1")]),
        record: Record {
            id: subject.id,
            generation: 0,
            user: Some("12345".to_owned()),
            label: Some("Firefox on Linux".to_owned()),
            created_at: subject.now,
            touched_at: subject.now,
            expires_at: subject.now + 5000,
        },
        touched: false,
    };
    must_be(
        subject.open().await,
        Opened::Alive(right),
        "the store opens a session otherwise than it was created",
    );
}

/// A visitor who has done no more than choose a language has neither.
pub async fn a_session_needs_neither_values_nor_a_user<S: SessionStore>(store: S) {
    let loaded = Subject::create(store, &[]).await.loaded().await;
    must_be(
        (loaded.values, loaded.record.user, loaded.record.label),
        (Vec::new(), None, None),
        "the store has put something into a session that was created without anything",
    );
}

/// And the one who has it loses nothing.
pub async fn a_known_id_is_not_created_again<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("mine", "1")]).await;
    let again = subject
        .create_again(|session| {
            session.secret = random_secret();
            session.values = owned(&[("mine", "2")]);
        })
        .await;
    must_be(
        again,
        Err(StoreError::Exists),
        "the store has created a session of an id that is taken",
    );
    must_be(
        subject.value("mine").await.as_deref(),
        Some("1"),
        "the store has overwritten a session with another of its id",
    );
}

/// Else a slow request would bring back who has logged out.
pub async fn the_id_of_an_ended_session_is_not_created_again<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("mine", "1")]).await;
    subject.end().await;
    must_be(
        subject.create_again(|_| ()).await,
        Err(StoreError::Exists),
        "the store has created a session of the id of one that ended a moment ago",
    );
    must_be(
        subject.open().await,
        Opened::Ended,
        "the store has revived a session that was created once more after its end",
    );
}

/// A store never adopts an id that somebody made up.
pub async fn of_an_unknown_id_nothing_is_known_and_nothing_is_made<S: SessionStore>(store: S) {
    let subject = Subject::absent(&Arc::new(store));
    let lease = random_lease();
    must_be(
        subject.lease(lease, subject.now + 10).await,
        Opened::Unknown,
        "the store opens a session that nobody has created",
    );
    must_be(
        subject.set(&[("a", "1")]).await,
        Committed::Gone,
        "the store commits to a session that nobody has created",
    );
    must_be(
        subject.take(&["a"]).await,
        Taken::Gone,
        "the store takes from a session that nobody has created",
    );
    must_hold(
        !subject.end().await,
        "the store says that a session was alive that nobody has created",
    );
    subject.release(lease).await;
    must_be(
        subject.open().await,
        Opened::Unknown,
        "the store has made a session of a question about an id that it did not know",
    );
    must_be(
        subject.create_again(|_| ()).await,
        Ok(()),
        "the store does not create a session whose id it was asked for before",
    );
}

/// Nor is anything done for whoever brings it.
pub async fn a_wrong_secret_opens_nothing_and_changes_nothing<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let later = subject.now + 2000;
    let opened = subject
        .open_with(|open| {
            open.secret = random_secret();
            open.refresh = crate::Refresh::EachRequest;
            open.lease = Some((random_lease(), later + 10));
            open.now = later;
        })
        .await;
    must_be(
        opened,
        Opened::Unknown,
        "the store opens a session for a secret that it has never had",
    );
    let loaded = subject
        .loaded_with(|open| {
            open.lease = Some((random_lease(), later + 10));
            open.now = later;
        })
        .await;
    must_be(
        loaded.record.touched_at,
        subject.now,
        "the store has extended a session's life for a secret that it has never had",
    );
}

/// Two sessions of one secret are two sessions.
pub async fn a_secret_opens_no_other_session<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let one = Subject::create_with(&store, |session| session.values = owned(&[("a", "1")])).await;
    let other = Subject::create_with(&store, |session| session.values = owned(&[("a", "2")])).await;
    must_be(
        other.open_by(one.secret).await,
        Opened::Unknown,
        "the store opens a session for another session's secret",
    );
    one.apply(|commit| commit.remove = vec!["a".to_owned()])
        .await;
    must_be(
        other.value("a").await.as_deref(),
        Some("2"),
        "the store has changed another session than the one it was told to",
    );
}
