//! What holds when many ask at once that a session begin, have another secret or end, beside those who write to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parallel::{must_all_be, parallel};
use super::subject::{
    IDLE, Subject, end_sessions_of, must_be, owned, random_lease, random_secret, random_user,
    sessions_of,
};
use crate::Refresh;
use crate::store::{Committed, Opened, Renewal, SessionStore, StoreError};

/// The slow ones are told; the session has the secret of the one that was applied.
pub async fn of_parallel_renewals_one_is_applied<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let renewed = parallel(32, |_| {
        let subject = subject.clone();
        async move {
            let secret = random_secret();
            let committed = subject
                .commit(|commit| {
                    commit.renewal = Some(Renewal {
                        secret,
                        keeps_user: true,
                    })
                })
                .await;
            (committed, secret)
        }
    })
    .await;
    let (applied, others): (Vec<_>, Vec<_>) = renewed
        .into_iter()
        .partition(|(committed, _)| *committed == Committed::Applied);
    must_be(
        applied.len(),
        1,
        "the store renews a session wrongly often at the same time",
    );
    let others: Vec<_> = others.into_iter().map(|(committed, _)| committed).collect();
    must_all_be(
        &others,
        &Committed::Superseded,
        "the store answers wrongly to a renewal that came too late",
    );
    let loaded = subject.loaded_with(|open| open.secret = applied[0].1).await;
    must_be(
        loaded.record.generation,
        1,
        "the store counts parallel renewals wrongly",
    );
}

/// Whoever's commit was applied finds it, and the others' are nowhere.
pub async fn writers_beside_a_renewal_are_applied_or_told<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    for _ in 0..8 {
        let subject = Subject::create_with(&store, |_| ()).await;
        let secret = random_secret();
        let committed = parallel(16, |number| {
            let subject = subject.clone();
            async move {
                subject
                    .commit(|commit| {
                        commit.set = vec![(format!("v{number:02}"), "1".to_owned())];
                        commit.renewal = (number == 8).then_some(Renewal {
                            secret,
                            keeps_user: true,
                        });
                    })
                    .await
            }
        })
        .await;
        let mut right = BTreeMap::new();
        for (number, committed) in committed.into_iter().enumerate() {
            match committed {
                Committed::Applied => {
                    right.insert(format!("v{number:02}"), "1".to_owned());
                }
                other => must_be(
                    other,
                    Committed::Superseded,
                    "the store answers wrongly to a commit beside a renewal",
                ),
            }
        }
        let found = subject
            .loaded_with(|open| open.secret = secret)
            .await
            .values;
        must_be(
            found.into_iter().collect(),
            right,
            "the store has not exactly the values whose commits it said were applied",
        );
    }
}

/// Of the same id.
pub async fn of_parallel_creations_of_one_id_one_succeeds<S: SessionStore>(store: S) {
    let subject = Subject::absent(&Arc::new(store));
    let created = parallel(16, |number| {
        let subject = subject.clone();
        async move {
            let value = number.to_string();
            subject
                .create_again(|session| session.values = owned(&[("a", &value)]))
                .await
        }
    })
    .await;
    let value = subject.value("a").await;
    for (number, created) in created.into_iter().enumerate() {
        let right = match value.as_deref() == Some(&number.to_string()) {
            true => Ok(()),
            false => Err(StoreError::Exists),
        };
        must_be(
            created,
            right,
            "the store answers wrongly to parallel creations of one id",
        );
    }
}

/// Who is told that the session was alive has ended it.
pub async fn of_parallel_ends_one_ended_the_session<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let ended = parallel(32, |_| {
        let subject = subject.clone();
        async move { subject.end().await }
    })
    .await;
    let times = ended.into_iter().filter(|&ended| ended).count();
    must_be(times, 1, "the store ends a session wrongly often");
}

/// Not by any request that was on its way, whatever it does.
pub async fn an_end_among_other_requests_is_never_undone<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    for _ in 0..16 {
        let subject = Subject::create_with(&store, |session| {
            session.values = owned(&[("a", "1"), ("visits", "0")]);
            session.user = Some(user.clone());
        })
        .await;
        parallel(16, |number| {
            let (subject, user) = (subject.clone(), user.clone());
            async move {
                match number % 8 {
                    0 => {
                        let ends = number == 8 && subject.end().await;
                        if ends || subject.open().await == Opened::Ended {
                            must_stay_ended(&subject).await;
                        }
                    }
                    1 | 2 => drop(subject.set(&[("b", "1")]).await),
                    3 => drop(subject.take(&["a"]).await),
                    4 => drop(
                        subject
                            .open_with(|open| open.refresh = Refresh::EachRequest)
                            .await,
                    ),
                    5 => drop(subject.lease(random_lease(), subject.now + 10).await),
                    6 => {
                        let secret = random_secret();
                        let login = subject.commit(|commit| {
                            commit.user = Some(Some(user));
                            commit.set = owned(&[("c", "1")]);
                            commit.clear = true;
                            commit.life = Some(crate::store::Life {
                                idle: IDLE,
                                ends_at: None,
                            });
                            commit.renewal = (number == 14).then_some(Renewal {
                                secret,
                                keeps_user: false,
                            });
                        });
                        login.await;
                    }
                    _ => {
                        let expected = vec![("visits".to_owned(), Some("0".to_owned()))];
                        subject
                            .commit(|commit| {
                                commit.expected = expected;
                                commit.set = owned(&[("visits", "1")]);
                            })
                            .await;
                    }
                }
            }
        })
        .await;
        must_stay_ended(&subject).await;
        must_be(
            sessions_of(&*store, &user, subject.now).await,
            Vec::new(),
            "the store lists a session that ended among other requests",
        );
    }
}

/// Neither is one that begins meanwhile half ended: it is listed and opens, or has a tombstone.
pub async fn the_end_of_a_users_sessions_beside_logins_loses_none<S: SessionStore>(store: S) {
    let (store, user) = (Arc::new(store), random_user());
    let mut old = Vec::new();
    for _ in 0..8 {
        old.push(Subject::create_with(&store, |session| session.user = Some(user.clone())).await);
    }
    let new = parallel(12, |number| {
        let (store, user) = (Arc::clone(&store), user.clone());
        async move {
            if number % 4 == 0 {
                let now = super::subject::present();
                end_sessions_of(&*store, &user, now, |_| ()).await;
                return None;
            }
            Some(Subject::create_with(&store, |session| session.user = Some(user)).await)
        }
    })
    .await;
    let mut living = Vec::new();
    for subject in &old {
        must_be(
            subject.open().await,
            Opened::Ended,
            "the store has left a session of a user alive that began before all were ended",
        );
    }
    for subject in new.iter().flatten() {
        match subject.open().await {
            Opened::Alive(loaded) => living.push(loaded.record.id),
            other => must_be(
                other,
                Opened::Ended,
                "the store has lost a session at its login",
            ),
        }
    }
    living.sort_unstable();
    let listed = sessions_of(&*store, &user, super::subject::present() + 1).await;
    let mut listed: Vec<_> = listed.into_iter().map(|record| record.id).collect();
    listed.sort_unstable();
    must_be(
        listed,
        living,
        "the store lists other sessions of a user than those that are alive",
    );
}

async fn must_stay_ended<S: SessionStore>(subject: &Subject<S>) {
    for _ in 0..4 {
        must_be(
            subject.open().await,
            Opened::Ended,
            "the store does not know that a session has ended",
        );
        must_be(
            subject.set(&[("late", "1")]).await,
            Committed::Gone,
            "the store commits to a session that has ended",
        );
    }
}
