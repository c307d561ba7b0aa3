//! A purge removes what nobody can open any more, so much of it at a time that nobody else waits.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::subject::{Subject, answered, must_be, must_hold, present};
use crate::store::{Opened, SessionStore};

/// What is purged here has passed this long before everything that other statements make.
const LONG_AGO: u64 = 10 * 24 * 3600;

/// The oldest leftovers of sessions that nobody can open. It counts, so nothing else may purge the database meanwhile. Of a
/// store that forgets by itself only the last sentence holds: whatever lives on stays.
pub async fn a_purge_removes_what_has_passed_and_no_more_than_its_limit<S: SessionStore>(store: S) {
    /// The other suites of this process count too.
    static COUNTING: Mutex<()> = Mutex::const_new(());
    let _counting = COUNTING.lock().await;
    let store = Arc::new(store);
    let now = present() - LONG_AGO;
    while purge(&store, now, 1000).await > 0 {}

    let living = Subject::create_with(&store, |_| ()).await;
    let in_its_last_second = create(&store, now - 1000, 1000).await;
    let tombstone = create(&store, now - 1000, 1000).await;
    tombstone.end_at(now - 10).await;
    let mut passed = Vec::new();
    for idle in 0..5 {
        passed.push(create(&store, now - 1000, 995 + idle).await);
    }
    let old_tombstone = create(&store, now - 1000, 1000).await;
    old_tombstone.end_at(now - 999).await;
    passed.push(old_tombstone);

    must_be(
        purge(&store, now, 0).await,
        0,
        "the store purges more than it was allowed",
    );
    let first = purge(&store, now, 4).await;
    if first > 0 {
        let second = purge(&store, now, 4).await;
        let third = purge(&store, now, 4).await;
        must_be(
            (first, second, third),
            (4, 2, 0),
            "the store has purged wrongly what six sessions and tombstones left behind, four at a time",
        );
        for subject in &passed {
            must_be(
                subject.open().await,
                Opened::Unknown,
                "the store still has what it said that it has purged",
            );
        }
        let stays = matches!(in_its_last_second.open_at(now).await, Opened::Alive(_));
        must_hold(stays, "the store has purged a session in its last second");
        must_be(
            tombstone.open_at(now).await,
            Opened::Ended,
            "the store has purged a tombstone before its time had passed",
        );
    }
    living.loaded().await;
}

async fn create<S: SessionStore>(store: &Arc<S>, now: u64, idle: u64) -> Subject<S> {
    let mut subject = Subject::absent(store);
    subject.now = now;
    let created = subject
        .create_again(|session| session.life.idle = idle)
        .await;
    must_be(
        created,
        Ok(()),
        "the store does not create a session of the past",
    );
    subject
}

async fn purge<S: SessionStore>(store: &Arc<S>, now: u64, limit: u32) -> u64 {
    answered("purge", store.purge(now, limit)).await
}
