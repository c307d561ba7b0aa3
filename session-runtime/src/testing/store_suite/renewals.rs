//! A renewal gives a session a new secret and raises its generation. The secret before is known for a while, and what was
//! begun with it is not applied.

use std::sync::Arc;

use super::subject::{
    GRACE, Subject, must_be, names, owned, random_lease, random_secret, random_user, sessions_of,
};
use crate::Refresh;
use crate::store::{Committed, Loaded, Opened, Renewal, SecretHash, SessionStore, Taken};

/// And everything else stays.
pub async fn a_renewed_session_has_a_new_secret_and_the_next_generation<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let mut right = subject.loaded().await;
    for generation in 1..=3 {
        let secret = renew(&subject, generation - 1, true).await;
        right.record.generation = generation;
        must_be(
            subject.open_by(secret).await,
            Opened::Alive(right.clone()),
            "the store has renewed a session wrongly",
        );
    }
}

/// Unless the commit says another.
pub async fn a_renewed_session_keeps_its_label<S: SessionStore>(store: S) {
    let mut subject = Subject::create_with(&Arc::new(store), |session| {
        session.values = owned(&[("a", "1")]);
        session.label = Some("Firefox on Linux".to_owned());
    })
    .await;
    for (generation, change, right) in [
        (0, None, Some("Firefox on Linux")),
        (1, Some(Some("a phone")), Some("a phone")),
        (2, None, Some("a phone")),
        (3, Some(None), None),
    ] {
        let secret = random_secret();
        subject
            .apply(|commit| {
                commit.generation = generation;
                commit.label = change.map(|label: Option<&str>| label.map(str::to_owned));
                commit.renewal = Some(Renewal {
                    secret,
                    keeps_user: true,
                });
            })
            .await;
        subject.secret = secret;
        must_be(
            subject.loaded().await.record.label.as_deref(),
            right,
            "the store has another label for a renewed session than the last commits say",
        );
    }
}

/// The values, the user and the life of one commit are applied together with its renewal.
pub async fn a_login_is_applied_with_its_renewal<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let subject =
        Subject::create_with(&store, |session| session.values = owned(&[("a", "1")])).await;
    let secret = random_secret();
    subject
        .apply(|commit| {
            commit.set = owned(&[("user_id", &user)]);
            commit.user = Some(Some(user.clone()));
            commit.renewal = Some(Renewal {
                secret,
                keeps_user: false,
            });
        })
        .await;
    let loaded = subject.loaded_with(|open| open.secret = secret).await;
    must_be(
        loaded.values,
        owned(&[("a", "1"), ("user_id", &user)]),
        "the store has lost values where it renewed a session",
    );
    must_be(
        sessions_of(&*store, &user, subject.now).await,
        vec![loaded.record],
        "the store does not list a session that was renewed when its user logged in",
    );
}

/// Exactly the grace that whoever opens it says, counted from the renewal.
pub async fn a_superseded_secret_is_known_for_the_grace_and_not_longer<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let renewed = subject.now + 40;
    renew_at(&subject, 0, false, renewed).await;
    let superseded = Opened::Superseded { readable: None };
    for (later, right) in [
        (0, superseded.clone()),
        (1, superseded.clone()),
        (GRACE.as_secs(), superseded),
        (GRACE.as_secs() + 1, Opened::Unknown),
    ] {
        must_be(
            subject.open_at(renewed + later).await,
            right,
            format!(
                "the store knows a superseded secret wrongly {later} s after the renewal, with a grace of {} s",
                GRACE.as_secs()
            ),
        );
    }
}

/// As it is by now, not as it was when the secret was good.
pub async fn a_superseded_secret_reads_where_the_user_stayed<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let secret = renew(&subject, 0, true).await;
    subject
        .apply(|commit| (commit.generation, commit.set) = (1, owned(&[("a", "2")])))
        .await;
    let now = subject.loaded_with(|open| open.secret = secret).await;
    must_be(
        subject.open().await,
        Opened::Superseded {
            readable: Some(now),
        },
        "the store does not show a renewed session to whoever had its secret before, whose user stayed",
    );
}

/// It would be another's session.
pub async fn a_superseded_secret_reads_nothing_where_the_user_changed<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    renew(&subject, 0, false).await;
    must_be(
        subject.open().await,
        Opened::Superseded { readable: None },
        "the store shows a renewed session to whoever had its secret before, although the user changed",
    );
}

/// What is read stays as it is.
pub async fn a_superseded_secret_neither_extends_nor_leases<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let secret = renew(&subject, 0, true).await;
    let before = subject.loaded_with(|open| open.secret = secret).await;
    let later = subject.now + GRACE.as_secs();
    let opened = subject
        .open_with(|open| {
            open.refresh = Refresh::EachRequest;
            open.lease = Some((random_lease(), later + 10));
            open.now = later;
        })
        .await;
    must_be(
        opened,
        Opened::Superseded {
            readable: Some(before.clone()),
        },
        "the store does more than show a session to whoever had its secret before",
    );
    let after: Loaded = subject
        .loaded_with(|open| {
            open.secret = secret;
            open.lease = Some((random_lease(), later + 10));
            open.now = later;
        })
        .await;
    must_be(
        after,
        before,
        "the store has changed a session for whoever had its secret before",
    );
}

/// Of three secrets the first is a stranger's.
pub async fn only_the_last_superseded_secret_is_known<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let second = renew(&subject, 0, true).await;
    let third = renew(&subject, 1, true).await;
    must_be(
        subject.open().await,
        Opened::Unknown,
        "the store knows a secret that was superseded twice",
    );
    let knows = matches!(subject.open_by(second).await, Opened::Superseded { .. });
    must_be(
        knows,
        true,
        "the store does not know the last superseded secret",
    );
    let opens = matches!(subject.open_by(third).await, Opened::Alive(_));
    must_be(
        opens,
        true,
        "the store does not open a session for its secret after two renewals",
    );
}

/// Nor does it give anything to a take.
pub async fn what_began_before_a_renewal_is_not_applied<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "1")]).await;
    let secret = renew(&subject, 0, true).await;
    let before = subject.loaded_with(|open| open.secret = secret).await;
    let committed = subject
        .commit(|commit| {
            commit.set = owned(&[("a", "2")]);
            commit.remove = names(&["b"]);
            commit.renewal = Some(Renewal {
                secret: random_secret(),
                keeps_user: true,
            });
            commit.ends_with_only = Some(&["a"]);
        })
        .await;
    must_be(
        committed,
        Committed::Superseded,
        "the store applies a commit that began before a renewal",
    );
    must_be(
        subject.take(&["a"]).await,
        Taken::Superseded,
        "the store gives a value to a take that began before a renewal",
    );
    must_be(
        subject.loaded_with(|open| open.secret = secret).await,
        before,
        "the store has changed a session for a request that began before its renewal",
    );
    must_be(
        subject.take_with(&["a"], |take| take.generation = 1).await,
        Taken::Values(owned(&[("a", "1")])),
        "the store does not take from a renewed session for a request that began after the renewal",
    );
}

/// The one that was renewed keeps its secret for as long as it lives.
pub async fn a_conflicting_renewal_leaves_the_secret<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let secret = random_secret();
    let committed = subject
        .commit(|commit| {
            commit.expected = vec![("a".to_owned(), None)];
            commit.renewal = Some(Renewal {
                secret,
                keeps_user: true,
            });
        })
        .await;
    must_be(
        committed,
        Committed::Conflict {
            name: "a".to_owned(),
        },
        "the store renews a session by a commit that conflicts",
    );
    must_be(
        subject.loaded().await.record.generation,
        0,
        "the store has raised the generation of a session that was not renewed",
    );
    must_be(
        subject.open_by(secret).await,
        Opened::Unknown,
        "the store knows the secret of a renewal that was not applied",
    );
}

/// Renews it, and returns its new secret.
pub(super) async fn renew<S: SessionStore>(
    subject: &Subject<S>,
    generation: u64,
    keeps_user: bool,
) -> SecretHash {
    renew_at(subject, generation, keeps_user, subject.now).await
}

async fn renew_at<S: SessionStore>(
    subject: &Subject<S>,
    generation: u64,
    keeps_user: bool,
    now: u64,
) -> SecretHash {
    let secret = random_secret();
    subject
        .apply(|commit| {
            commit.generation = generation;
            commit.renewal = Some(Renewal { secret, keeps_user });
            commit.now = now;
        })
        .await;
    secret
}
