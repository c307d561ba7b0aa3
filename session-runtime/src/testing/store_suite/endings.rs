//! An ended session stays ended. What stays of it is a tombstone, which tells a request that was on its way from a
//! stranger's.

use std::sync::Arc;

use super::renewals::renew;
use super::subject::{
    GRACE, IDLE, Subject, must_be, must_hold, owned, random_lease, random_secret, random_user,
    sessions_of,
};
use crate::Refresh;
use crate::store::{Committed, Life, Opened, Renewal, SessionStore, Taken};

/// Whatever a request that began before its end wants to do with it.
pub async fn an_ended_session_stays_ended<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let subject = Subject::create_with(&store, |session| {
        session.values = owned(&[("a", "1")]);
        session.user = Some(user.clone());
    })
    .await;
    must_hold(
        subject.end().await,
        "the store says that a living session was not alive when it ended",
    );
    let life = Life {
        idle: IDLE,
        ends_at: None,
    };
    for life in [None, Some(life)] {
        must_be(
            subject.take(&["a"]).await,
            Taken::Gone,
            "the store takes from a session that has ended",
        );
        let committed = subject
            .commit(|commit| {
                commit.set = owned(&[("a", "2")]);
                commit.user = Some(Some(user.clone()));
                commit.life = life;
                commit.renewal = life.map(|_| Renewal {
                    secret: random_secret(),
                    keeps_user: true,
                });
            })
            .await;
        must_be(
            committed,
            Committed::Gone,
            "the store commits to a session that has ended",
        );
        let opened = subject
            .open_with(|open| {
                open.refresh = Refresh::EachRequest;
                open.lease = Some((random_lease(), open.now + 10));
            })
            .await;
        must_be(
            opened,
            Opened::Ended,
            "the store does not know that a session has ended",
        );
        must_be(
            sessions_of(&*store, &user, subject.now).await,
            Vec::new(),
            "the store lists a session that has ended",
        );
        must_hold(
            !subject.end().await,
            "the store ends a session a second time",
        );
    }
}

/// By the grace of whoever ended it.
pub async fn a_tombstone_stays_for_the_grace_and_not_longer<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let ended = subject.now + 100;
    subject.end_at(ended).await;
    for (later, right) in [
        (0, Opened::Ended),
        (GRACE.as_secs(), Opened::Ended),
        (GRACE.as_secs() + 1, Opened::Unknown),
        // When it would still live.
        (IDLE - 100, Opened::Unknown),
    ] {
        must_be(
            subject.open_at(ended + later).await,
            right,
            format!(
                "the store knows an ended session wrongly {later} s after its end, with a grace of {} s",
                GRACE.as_secs()
            ),
        );
    }
}

/// Also where the session would have ended sooner by itself.
pub async fn a_tombstone_outlasts_the_life_that_was_left<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let subject = Subject::create_with(&store, |session| session.life.idle = 100).await;
    subject.end_at(subject.now + 100).await;
    must_be(
        subject.open_at(subject.now + 100 + GRACE.as_secs()).await,
        Opened::Ended,
        "the store has forgotten a tombstone when its session would have expired",
    );
}

/// The last one and the one before; strangers' secrets are strangers'.
pub async fn a_tombstone_knows_the_last_two_secrets<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let second = renew(&subject, 0, true).await;
    let third = renew(&subject, 1, true).await;
    subject.end().await;
    for (secret, right, whose) in [
        (third, Opened::Ended, "last"),
        (second, Opened::Ended, "one before the last"),
        (subject.secret, Opened::Unknown, "first of three"),
        (random_secret(), Opened::Unknown, "one of a stranger"),
    ] {
        must_be(
            subject.open_by(secret).await,
            right,
            format!("the store knows an ended session wrongly by a secret that is the {whose}"),
        );
    }
}

/// Who logs out does not wait for a slow request.
pub async fn a_leased_session_can_be_ended<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let lease = random_lease();
    subject.lease(lease, subject.now + 10).await;
    must_hold(
        subject.end().await,
        "the store does not end a session that is leased",
    );
    let committed = subject
        .commit(|commit| (commit.lease, commit.set) = (Some(lease), owned(&[("a", "2")])))
        .await;
    must_be(
        committed,
        Committed::Gone,
        "the store commits to an ended session for whoever had its lease",
    );
    subject.release(lease).await;
    must_be(
        subject.lease(random_lease(), subject.now + 10).await,
        Opened::Ended,
        "the store has revived a session whose lease was given back after its end",
    );
}

/// There is nothing to end, and no tombstone is made.
pub async fn an_expired_session_is_not_ended<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let later = subject.now + IDLE + 1;
    must_hold(
        !subject.end_at(later).await,
        "the store says that an expired session was alive when it was ended",
    );
    must_be(
        subject.open_at(later).await,
        Opened::Unknown,
        "the store has made a tombstone of an expired session",
    );
}

/// Of the same user, with the same values.
pub async fn the_end_of_one_session_leaves_others_alone<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let create = || {
        Subject::create_with(&store, |session| {
            session.values = owned(&[("a", "1")]);
            session.user = Some(user.clone());
        })
    };
    let (one, other) = (create().await, create().await);
    one.end().await;
    let left = other.loaded().await;
    must_be(
        left.values,
        owned(&[("a", "1")]),
        "the store has changed another session than the one that it was to end",
    );
    must_be(
        sessions_of(&*store, &user, other.now).await,
        vec![left.record],
        "the store does not list the one session that a user has left",
    );
}
