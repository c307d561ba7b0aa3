//! How long a session lives: until its last second, which requests put off.

use std::sync::Arc;

use super::subject::{IDLE, Subject, must_be, must_hold, owned, random_user, sessions_of};
use crate::Refresh;
use crate::store::{Committed, Life, Opened, SessionStore, Taken};

/// Nothing can be done with it any more.
pub async fn a_session_lives_until_its_last_second_and_not_longer<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let subject = Subject::create_with(&store, |session| {
        session.values = owned(&[("a", "1"), ("b", "1"), ("c", "1")]);
        session.user = Some(user.clone());
    })
    .await;
    let last = subject.now + IDLE;
    let opens = matches!(subject.open_at(last).await, Opened::Alive(_));
    must_hold(
        opens,
        "the store has forgotten a session before its last second was over",
    );
    must_be(
        sessions_of(&*store, &user, last).await.len(),
        1,
        "the store does not list a session in its last second",
    );
    must_be(
        subject.take_with(&["a"], |take| take.now = last).await,
        Taken::Values(owned(&[("a", "1")])),
        "the store does not take from a session in its last second",
    );
    subject
        .apply(|commit| (commit.set, commit.now) = (owned(&[("b", "2")]), last))
        .await;

    must_be(
        subject.open_at(last + 1).await,
        Opened::Unknown,
        "the store opens a session after its last second",
    );
    must_be(
        sessions_of(&*store, &user, last + 1).await,
        Vec::new(),
        "the store lists a session after its last second",
    );
    must_be(
        subject.take_with(&["b"], |take| take.now = last + 1).await,
        Taken::Gone,
        "the store takes from a session after its last second",
    );
    must_be(
        subject
            .commit(|commit| (commit.set, commit.now) = (owned(&[("b", "3")]), last + 1))
            .await,
        Committed::Gone,
        "the store commits to a session after its last second",
    );
    must_hold(
        !subject.end_at(last + 1).await,
        "the store says that a session was alive after its last second",
    );
}

/// Neither a request that extends life nor one that says how long it is brings it back.
pub async fn an_expired_session_stays_expired<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let later = subject.now + IDLE + 1;
    let opened = subject
        .open_with(|open| (open.refresh, open.now) = (Refresh::EachRequest, later))
        .await;
    must_be(
        opened,
        Opened::Unknown,
        "the store extends the life of a session that has expired",
    );
    let committed = subject
        .commit(|commit| {
            commit.life = Some(Life {
                idle: IDLE,
                ends_at: None,
            });
            commit.now = later;
        })
        .await;
    must_be(
        committed,
        Committed::Gone,
        "the store extends the life of a session that has expired",
    );
    must_be(
        subject.open_at(later).await,
        Opened::Unknown,
        "the store has revived a session that had expired",
    );
}

/// By its whole idle lifetime, and it says so.
pub async fn each_request_extends_a_life_where_it_is_to<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    for later in [0, 1, 1, 2000, 2000 + IDLE] {
        let now = subject.now + later;
        touches(&subject, Refresh::EachRequest, now, true).await;
    }
    let last = subject.now + 2000 + 2 * IDLE;
    let opens = matches!(subject.open_at(last).await, Opened::Alive(_));
    must_hold(
        opens,
        "the store has forgotten a session whose life was extended",
    );
    must_be(
        subject.open_at(last + 1).await,
        Opened::Unknown,
        "the store has extended a session's life by too much",
    );
}

/// So that most requests write nothing.
pub async fn a_life_is_extended_after_a_tenth_of_it_and_not_before<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let tenth = IDLE / 10;
    for (later, is_due) in [
        (0, false),
        (tenth - 1, false),
        (tenth, true),
        (tenth, false),
        (2 * tenth - 1, false),
        (2 * tenth + 7, true),
        (3 * tenth + 6, false),
        (3 * tenth + 7, true),
    ] {
        touches(&subject, Refresh::AfterTenth, subject.now + later, is_due).await;
    }
}

/// Then the request's changes alone do.
pub async fn no_request_extends_a_life_where_none_is_to<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    for later in [0, IDLE / 2, IDLE] {
        touches(&subject, Refresh::Never, subject.now + later, false).await;
    }
}

/// However often it is extended.
pub async fn no_session_lives_longer_than_it_may_at_all<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let end = 2 * IDLE - 100;
    let subject = Subject::create_with(&store, |session| {
        session.life.ends_at = Some(session.now + end);
    })
    .await;
    let end = subject.now + end;
    must_be(
        subject.loaded().await.record.expires_at,
        subject.now + IDLE,
        "the store has not given a session its idle lifetime",
    );
    let loaded = subject
        .loaded_with(|open| (open.refresh, open.now) = (Refresh::EachRequest, open.now + IDLE))
        .await;
    must_be(
        loaded.record.expires_at,
        end,
        "the store extends a session's life over the last second that it may live at all",
    );
    let opens = matches!(subject.open_at(end).await, Opened::Alive(_));
    must_hold(
        opens,
        "the store has forgotten a session before the end that it was given",
    );
    must_be(
        subject.open_at(end + 1).await,
        Opened::Unknown,
        "the store opens a session after the last second that it may live at all",
    );
}

/// From the commit on, and later requests extend it by the new one.
pub async fn a_commit_may_give_a_session_another_life<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let (then, life) = (
        subject.now + 100,
        Life {
            idle: 10 * IDLE,
            ends_at: None,
        },
    );
    subject
        .apply(|commit| (commit.life, commit.now) = (Some(life), then))
        .await;
    let record = subject.loaded().await.record;
    must_be(
        (record.created_at, record.touched_at, record.expires_at),
        (subject.now, then, then + 10 * IDLE),
        "the store has not given a session the life that a commit says",
    );
    touches(&subject, Refresh::AfterTenth, then + IDLE - 1, false).await;
    let loaded = subject
        .loaded_with(|open| (open.refresh, open.now) = (Refresh::AfterTenth, then + IDLE))
        .await;
    must_be(
        (loaded.touched, loaded.record.expires_at),
        (true, then + 11 * IDLE),
        "the store extends a session's life by another than the one that it has",
    );

    let ends_at = Some(then + IDLE + 500);
    subject
        .apply(|commit| {
            commit.life = Some(Life {
                idle: IDLE,
                ends_at,
            });
            commit.now = then + IDLE;
        })
        .await;
    must_be(
        Some(subject.loaded().await.record.expires_at),
        ends_at,
        "the store has not shortened a session's life as a commit says",
    );
}

/// Changes alone do not.
pub async fn a_commit_extends_no_life_unless_it_says_so<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject
        .apply(|commit| (commit.set, commit.now) = (owned(&[("a", "2")]), commit.now + IDLE))
        .await;
    subject.take_with(&["a"], |take| take.now += IDLE).await;
    let record = subject.loaded().await.record;
    must_be(
        (record.touched_at, record.expires_at),
        (subject.now, subject.now + IDLE),
        "the store has extended a session's life where nobody asked for it",
    );
}

/// Opens it then, and tries what is found against whether its life was to be extended.
async fn touches<S: SessionStore>(subject: &Subject<S>, refresh: Refresh, now: u64, is_due: bool) {
    let before = subject.loaded().await.record;
    let loaded = subject
        .loaded_with(|open| (open.refresh, open.now) = (refresh, now))
        .await;
    let right = if is_due {
        (true, now, now + IDLE)
    } else {
        (false, before.touched_at, before.expires_at)
    };
    let ago = now - before.touched_at;
    must_be(
        (
            loaded.touched,
            loaded.record.touched_at,
            loaded.record.expires_at,
        ),
        right,
        format!(
            "the store extends a life of {IDLE} s wrongly {ago} s after it did last, where it is to ({refresh:?}): (touched, touched_at, expires_at)"
        ),
    );
    must_be(
        subject.loaded().await.record,
        loaded.record,
        "the store has kept another record than it answered when it extended a session's life",
    );
}
