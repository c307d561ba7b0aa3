//! What holds when many ask at once: each question happens wholly or not at all, and none undoes another. That sessions begin,
//! are renewed and end meanwhile stands in [`lifecycle`](super::lifecycle).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::parallel::{must_all_be, parallel};
use super::subject::{IDLE, Subject, answered, must_be, must_hold, owned, random_lease};
use crate::Refresh;
use crate::store::{Committed, Opened, SessionStore, Taken};

/// How often a request tries before it is taken for hanging, and how long it waits in between.
const MOST_TRIES: u32 = 20_000;
const PAUSE: Duration = Duration::from_millis(1);

/// A store that overwrites whole records keeps one or two.
pub async fn sixty_four_parallel_writers_of_different_keys_keep_sixty_four<S: SessionStore>(
    store: S,
) {
    let subject = Subject::create(store, &[("before", "1")]).await;
    let committed = parallel(64, |number| {
        let subject = subject.clone();
        async move {
            subject.loaded().await;
            subject
                .set(&[(&format!("key-{number:02}"), &number.to_string())])
                .await
        }
    })
    .await;
    must_all_be(
        &committed,
        &Committed::Applied,
        "the store does not apply one of parallel commits",
    );
    let right = (0..64).map(|number| (format!("key-{number:02}"), number.to_string()));
    let right: BTreeMap<_, _> = right
        .chain([("before".to_owned(), "1".to_owned())])
        .collect();
    let found = subject.values().await;
    must_be(
        found == right,
        true,
        format!(
            "the store has kept {} of 64 values that were set at the same time, and answered that all were applied",
            found.len().saturating_sub(1)
        ),
    );
}

/// Each removes its own.
pub async fn parallel_removals_and_writes_keep_what_each_has_said<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let subject = Subject::create_with(&store, |session| {
        session.values = (0..32)
            .map(|number| (format!("old-{number}"), "1".to_owned()))
            .collect();
    })
    .await;
    parallel(32, |number| {
        let subject = subject.clone();
        async move {
            subject
                .apply(|commit| {
                    commit.remove = vec![format!("old-{number}")];
                    commit.set = vec![(format!("new-{number}"), "1".to_owned())];
                })
                .await;
        }
    })
    .await;
    let right = (0..32).map(|number| (format!("new-{number}"), "1".to_owned()));
    must_be(
        subject.values().await,
        right.collect(),
        "the store has lost removals or writes that were committed at the same time",
    );
}

/// The others get nothing, and nobody gets an error.
pub async fn of_parallel_takes_one_gets_the_value<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("flash", "\"hello\""), ("other", "1")]).await;
    let taken = parallel(64, |number| {
        let subject = subject.clone();
        async move {
            // Some see it before it is taken.
            if number % 2 == 0 {
                subject.loaded().await;
            }
            subject.take(&["flash"]).await
        }
    })
    .await;
    let got = Taken::Values(owned(&[("flash", "\"hello\"")]));
    let times = taken.iter().filter(|&taken| *taken == got).count();
    must_be(
        times,
        1,
        "the store gives a value wrongly often to takes at the same time",
    );
    let nothing = Taken::Values(Vec::new());
    let others: Vec<_> = taken.into_iter().filter(|taken| *taken != got).collect();
    must_all_be(
        &others,
        &nothing,
        "the store answers a take wrongly that came too late",
    );
    must_be(
        subject.loaded().await.values,
        owned(&[("other", "1")]),
        "the store has lost a value that nobody took",
    );
}

/// Different ones, each to whoever asked for it.
pub async fn parallel_takes_of_different_values_each_get_theirs<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let subject = Subject::create_with(&store, |session| {
        session.values = (0..32)
            .map(|number| (format!("v{number}"), number.to_string()))
            .collect();
    })
    .await;
    let taken = parallel(32, |number| {
        let subject = subject.clone();
        async move { subject.take(&[&format!("v{number}")]).await }
    })
    .await;
    let right: Vec<_> = (0..32)
        .map(|number| Taken::Values(vec![(format!("v{number}"), number.to_string())]))
        .collect();
    must_be(taken, right, "the store has mixed up parallel takes");
}

/// Whoever polls a page eats no message.
pub async fn reads_beside_a_take_do_not_eat_the_value<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("flash", "1")]).await;
    let taken = parallel(51, |number| {
        let subject = subject.clone();
        async move {
            if number == 25 {
                return Some(subject.take(&["flash"]).await);
            }
            subject
                .loaded_with(|open| open.refresh = Refresh::EachRequest)
                .await;
            None
        }
    })
    .await;
    must_be(
        taken.into_iter().flatten().next(),
        Some(Taken::Values(owned(&[("flash", "1")]))),
        "the store has lost a value to those that only read it",
    );
}

/// A counter ends at as many as have counted, whoever waited for whom.
pub async fn parallel_updates_under_a_lease_lose_none<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("visits", "0")]).await;
    parallel(16, |_| {
        let subject = subject.clone();
        async move {
            for _ in 0..4 {
                count_under_a_lease(&subject).await;
            }
        }
    })
    .await;
    must_be(
        subject.value("visits").await.as_deref(),
        Some("64"),
        "the store has lost updates of requests that had a lease, one after another",
    );
}

/// Where nobody has a lease, whoever was too slow is told.
pub async fn parallel_updates_of_an_expected_value_lose_none<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("visits", "0")]).await;
    parallel(16, |_| {
        let subject = subject.clone();
        async move {
            for _ in 0..4 {
                count_until_applied(&subject).await;
            }
        }
    })
    .await;
    must_be(
        subject.value("visits").await.as_deref(),
        Some("64"),
        "the store has lost updates although each said which value it expected",
    );
}

/// Another value's writers do not disturb it, nor does it undo them.
pub async fn updates_and_writers_of_other_keys_keep_both<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("visits", "0")]).await;
    parallel(32, |number| {
        let subject = subject.clone();
        async move {
            if number % 2 == 0 {
                count_under_a_lease(&subject).await;
            } else {
                subject
                    .apply(|commit| commit.set = owned(&[(&format!("v{number}"), "1")]))
                    .await;
            }
        }
    })
    .await;
    let mut right: BTreeMap<_, _> = (0..16)
        .map(|number| (format!("v{}", 2 * number + 1), "1".to_owned()))
        .collect();
    right.insert("visits".to_owned(), "16".to_owned());
    must_be(
        subject.values().await,
        right,
        "the store has lost updates or values that were committed at the same time",
    );
}

/// The others wait.
pub async fn of_parallel_requests_for_a_lease_one_gets_it<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    let opened = parallel(32, |_| {
        let subject = subject.clone();
        async move { subject.lease(random_lease(), subject.now + 10).await }
    })
    .await;
    let (alive, others): (Vec<_>, Vec<_>) = opened
        .into_iter()
        .partition(|opened| matches!(opened, Opened::Alive(_)));
    must_be(
        alive.len(),
        1,
        "the store gives a lease wrongly often at the same time",
    );
    must_all_be(
        &others,
        &Opened::Leased,
        "the store answers wrongly to those who did not get a lease",
    );
}

/// Also where it has just expired.
pub async fn an_expired_lease_is_taken_over_once<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1")]).await;
    subject.lease(random_lease(), subject.now + 10).await;
    let opened = parallel(32, |_| {
        let subject = subject.clone();
        async move {
            let (now, lease) = (subject.now + 11, random_lease());
            subject
                .open_with(|open| (open.lease, open.now) = (Some((lease, now + 10)), now))
                .await
        }
    })
    .await;
    let alive = opened
        .iter()
        .filter(|opened| matches!(opened, Opened::Alive(_)));
    must_be(
        alive.count(),
        1,
        "the store lets an expired lease be taken over wrongly often",
    );
}

/// Whoever reads sees all of it or nothing.
pub async fn a_reader_sees_a_commit_whole_or_not_at_all<S: SessionStore>(store: S) {
    const PARTS: [&str; 4] = ["a", "b", "c", "d"];
    let subject = Subject::create(store, &PARTS.map(|name| (name, "0"))).await;
    parallel(16, |number| {
        let subject = subject.clone();
        async move {
            for round in 0..8 {
                if number % 2 == 0 {
                    let value = format!("{}", 100 * number + round);
                    subject.set(&PARTS.map(|name| (name, value.as_str()))).await;
                } else {
                    let values = subject.loaded().await.values;
                    let whole =
                        values.len() == 4 && values.iter().all(|(_, value)| *value == values[0].1);
                    must_hold(whole, format!("the store shows half a commit: {values:?}"));
                }
            }
        }
    })
    .await;
}

/// And it keeps the latest time.
pub async fn extending_a_life_loses_no_commit<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[]).await;
    let later = subject.now + 1000;
    parallel(48, |number| {
        let subject = subject.clone();
        async move {
            if number % 2 == 0 {
                let refresh = Refresh::EachRequest;
                subject
                    .loaded_with(|open| (open.refresh, open.now) = (refresh, later))
                    .await;
            } else {
                subject
                    .apply(|commit| commit.set = owned(&[(&format!("v{number}"), "1")]))
                    .await;
            }
        }
    })
    .await;
    let loaded = subject.loaded().await;
    must_be(
        (loaded.values.len(), loaded.record.expires_at),
        (24, later + IDLE),
        "the store has lost commits, or a life's extension, that came at the same time: (values, expires_at)",
    );
}

/// As where several processes start.
pub async fn preparing_at_the_same_time_is_harmless<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    let subject =
        Subject::create_with(&store, |session| session.values = owned(&[("a", "1")])).await;
    parallel(8, |_| {
        let store = Arc::clone(&store);
        async move { answered("prepare", store.prepare()).await }
    })
    .await;
    must_be(
        subject.value("a").await.as_deref(),
        Some("1"),
        "the store has lost a session when it was prepared once more",
    );
}

async fn count_under_a_lease<S: SessionStore>(subject: &Subject<S>) {
    let lease = random_lease();
    let mut tries = 0;
    while subject.lease(lease, subject.now + 10).await == Opened::Leased {
        tries += 1;
        must_hold(
            tries < MOST_TRIES,
            "the store gives a lease to nobody any more",
        );
        tokio::time::sleep(PAUSE).await;
    }
    let committed = count_from_what_is_there(subject, |commit| commit.lease = Some(lease)).await;
    must_be(
        committed,
        Committed::Applied,
        "the store does not apply the commit of a request that has the lease",
    );
}

async fn count_until_applied<S: SessionStore>(subject: &Subject<S>) {
    for _ in 0..MOST_TRIES {
        match count_from_what_is_there(subject, |_| ()).await {
            Committed::Applied => return,
            other => must_be(
                other,
                Committed::Conflict {
                    name: "visits".to_owned(),
                },
                "the store answers wrongly to a commit whose value another has changed",
            ),
        }
    }
    must_hold(
        false,
        "the store lets nobody update a value that others update too",
    );
}

async fn count_from_what_is_there<S: SessionStore>(
    subject: &Subject<S>,
    special: impl FnOnce(&mut crate::store::Commit),
) -> Committed {
    let before = subject.value("visits").await;
    let visits = before
        .as_deref()
        .and_then(|visits| visits.parse().ok())
        .unwrap_or(0_u32);
    subject
        .commit(|commit| {
            commit.expected = vec![("visits".to_owned(), before)];
            commit.set = owned(&[("visits", &(visits + 1).to_string())]);
            special(commit);
        })
        .await
}
