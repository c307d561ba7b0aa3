//! A lease keeps others that want one away from a session, for as long as it lasts. It keeps nobody from reading, and from
//! changes that need none.

use super::subject::{Subject, must_be, must_hold, owned, random_lease};
use crate::Refresh;
use crate::store::{Committed, LeaseId, Opened, Renewal, SessionStore, Taken};

/// And what else that request wanted is not done either.
pub async fn a_leased_session_is_leased_to_nobody_else<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let until = subject.now + 1000;
    must_lease(&subject, random_lease(), until).await;
    let opened = subject
        .open_with(|open| {
            open.lease = Some((random_lease(), until));
            open.refresh = Refresh::EachRequest;
            open.now = until;
        })
        .await;
    must_be(
        opened,
        Opened::Leased,
        "the store gives a session's lease to two requests",
    );
    must_be(
        subject.loaded().await.record.touched_at,
        subject.now,
        "the store has extended the life of a session for a request that did not get its lease",
    );
}

/// Its second is the last, and it does not outlast it.
pub async fn a_lease_lasts_until_its_last_second_and_not_longer<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let until = subject.now + 10;
    must_lease(&subject, random_lease(), until).await;
    let at = async |now| {
        let lease = Some((random_lease(), now + 10));
        subject
            .open_with(|open| (open.lease, open.now) = (lease, now))
            .await
    };
    must_be(
        at(until).await,
        Opened::Leased,
        "the store gives a lease to somebody else in its last second",
    );
    let opens = matches!(at(until + 1).await, Opened::Alive(_));
    must_hold(
        opens,
        "the store keeps a lease for somebody after its last second",
    );
}

/// Readers do not wait.
pub async fn a_leased_session_is_read_without_its_lease<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    must_lease(&subject, random_lease(), subject.now + 10).await;
    must_be(
        subject.value("a").await.as_deref(),
        Some("1"),
        "the store does not show a leased session",
    );
}

/// Nor those who set another value, take one, or log in. The lease stays with whoever has it.
pub async fn a_lease_hinders_no_commit_and_no_take_that_need_none<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1")]).await;
    let lease = random_lease();
    must_lease(&subject, lease, subject.now + 10).await;
    subject.set(&[("c", "1")]).await;
    must_be(
        subject.take(&["b"]).await,
        Taken::Values(owned(&[("b", "1")])),
        "the store does not take from a session that another request has leased",
    );
    must_be(
        subject.lease(random_lease(), subject.now + 10).await,
        Opened::Leased,
        "the store has taken a lease away because of a change without one",
    );
    subject
        .apply(|commit| (commit.lease, commit.set) = (Some(lease), owned(&[("a", "2")])))
        .await;
    must_be(
        subject.loaded().await.values,
        owned(&[("a", "2"), ("c", "1")]),
        "the store has lost changes beside a lease",
    );
}

/// So that whoever waits for it gets it.
pub async fn a_commit_gives_its_lease_back<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let lease = random_lease();
    must_lease(&subject, lease, subject.now + 10).await;
    subject
        .apply(|commit| (commit.lease, commit.set) = (Some(lease), owned(&[("a", "2")])))
        .await;
    must_lease(&subject, random_lease(), subject.now + 10).await;
}

/// A second time, and one that is somebody else's by now, it is no error.
pub async fn a_lease_is_given_back_by_whoever_has_it<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let (lease, until) = (random_lease(), subject.now + 10);
    must_lease(&subject, lease, until).await;
    subject.release(random_lease()).await;
    must_be(
        subject.lease(random_lease(), until).await,
        Opened::Leased,
        "the store lets somebody give a lease back that another has",
    );
    subject.release(lease).await;
    let next = random_lease();
    must_lease(&subject, next, until).await;
    subject.release(lease).await;
    must_be(
        subject.lease(random_lease(), until).await,
        Opened::Leased,
        "the store gives a lease back a second time, when another has it",
    );
    subject.release(next).await;
}

/// The request was slow, and nobody was kept waiting by it.
pub async fn a_lease_that_expired_and_nobody_wanted_is_good<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let lease = random_lease();
    must_lease(&subject, lease, subject.now + 10).await;
    subject
        .apply(|commit| {
            commit.lease = Some(lease);
            commit.set = owned(&[("a", "2")]);
            commit.now += 1000;
        })
        .await;
    must_be(
        subject.value("a").await.as_deref(),
        Some("2"),
        "the store has lost a commit whose lease had expired and was wanted by nobody",
    );
}

/// Nothing of what the slow request would commit is applied, and who has the lease now keeps it.
pub async fn a_lease_that_expired_and_was_taken_over_is_lost<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let (lease, next, later) = (random_lease(), random_lease(), subject.now + 11);
    must_lease(&subject, lease, subject.now + 10).await;
    let taken_over = subject
        .open_with(|open| (open.lease, open.now) = (Some((next, later + 10)), later))
        .await;
    must_hold(
        matches!(taken_over, Opened::Alive(_)),
        "the store keeps a lease for somebody after its last second",
    );
    must_have_lost(&subject, lease, later).await;
    let waiting = Some((random_lease(), later + 10));
    must_be(
        subject
            .open_with(|open| (open.lease, open.now) = (waiting, later))
            .await,
        Opened::Leased,
        "the store has taken a lease away because of a commit that had lost it",
    );
    subject
        .apply(|commit| {
            commit.lease = Some(next);
            commit.set = owned(&[("a", "3")]);
            commit.now = later;
        })
        .await;
}

/// Others have changed the session in the meantime.
pub async fn a_lease_that_was_taken_over_and_given_back_is_lost<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "0")]).await;
    let (lease, next, later) = (random_lease(), random_lease(), subject.now + 11);
    must_lease(&subject, lease, subject.now + 10).await;
    let lease_next = Some((next, later + 10));
    subject
        .open_with(|open| (open.lease, open.now) = (lease_next, later))
        .await;
    subject
        .apply(|commit| {
            commit.lease = Some(next);
            commit.set = owned(&[("a", "1")]);
            commit.now = later;
        })
        .await;
    must_have_lost(&subject, lease, later).await;

    let (lease, next, until) = (random_lease(), random_lease(), later + 10);
    subject
        .open_with(|open| (open.lease, open.now) = (Some((lease, until)), later))
        .await;
    let (next, later) = (Some((next, until + 20)), until + 1);
    subject
        .open_with(|open| (open.lease, open.now) = (next, later))
        .await;
    if let Some((next, _)) = next {
        subject.release(next).await;
    }
    must_have_lost(&subject, lease, later).await;
}

/// Whoever waited for it finds it in its next generation.
pub async fn a_renewal_gives_its_lease_back<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let (lease, secret) = (random_lease(), super::subject::random_secret());
    must_lease(&subject, lease, subject.now + 10).await;
    subject
        .apply(|commit| {
            commit.lease = Some(lease);
            commit.renewal = Some(Renewal {
                secret,
                keeps_user: true,
            });
        })
        .await;
    let opened = subject
        .open_with(|open| (open.secret, open.lease) = (secret, Some((lease, open.now + 10))))
        .await;
    must_hold(
        matches!(opened, Opened::Alive(_)),
        "the store keeps the lease of a request that has committed a renewal",
    );
}

async fn must_lease<S: SessionStore>(subject: &Subject<S>, lease: LeaseId, until: u64) {
    let opened = subject.lease(lease, until).await;
    must_hold(
        matches!(opened, Opened::Alive(_)),
        format!("the store answers {opened:?} to a request for a lease that nobody has"),
    );
}

async fn must_have_lost<S: SessionStore>(subject: &Subject<S>, lease: LeaseId, now: u64) {
    let before = subject.loaded().await;
    let committed = subject
        .commit(|commit| {
            commit.lease = Some(lease);
            commit.clear = true;
            commit.set = owned(&[("a", "stale")]);
            commit.now = now;
        })
        .await;
    must_be(
        committed,
        Committed::LeaseLost,
        "the store applies a commit whose lease another has taken over",
    );
    must_be(
        subject.loaded().await,
        before,
        "the store has applied something of a commit that had lost its lease",
    );
}
