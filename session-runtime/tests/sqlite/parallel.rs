//! What happens at the same time, from two handles on one file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use session_runtime::store::{
    Commit, Committed, Open, Opened, SessionStore, SqliteStore, StoreError, Take, Taken,
};
use tokio::task::JoinSet;

use crate::{Folder, NOW, change, id, lease, load, opening, session, set, store, value};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_different_values_from_two_handles_lose_nothing() {
    let folder = Folder::new();
    let handles = [Arc::new(folder.store()), Arc::new(folder.store())];
    handles[0].create(session(1)).await.unwrap();
    let mut writers = JoinSet::new();
    for number in 0..64 {
        let store = handles[number % 2].clone();
        writers.spawn(async move { set(&store, 1, &format!("key{number}"), "true").await });
    }
    writers.join_all().await;
    assert_eq!(load(&handles[0], 1).await.values.len(), 64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_parallel_takes_one_gets_the_value() {
    let folder = Folder::new();
    let handles = [Arc::new(folder.store()), Arc::new(folder.store())];
    handles[0].create(session(1)).await.unwrap();
    set(&handles[1], 1, "flash", "\"saved\"").await;
    let mut takers = JoinSet::new();
    for number in 0..200 {
        let store = handles[number % 2].clone();
        takers.spawn(async move {
            let take = Take {
                id: id(1),
                generation: 0,
                names: vec!["flash".to_owned()],
                now: NOW,
            };
            store.take(take).await.unwrap()
        });
    }
    let taken: Vec<_> = takers
        .join_all()
        .await
        .into_iter()
        .filter(|taken| *taken != Taken::Values(Vec::new()))
        .collect();
    assert_eq!(taken, [Taken::Values(vec![value("flash", "\"saved\"")])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leased_updates_from_two_handles_add_up() {
    let folder = Folder::new();
    let handles = [Arc::new(folder.store()), Arc::new(folder.store())];
    handles[0].create(session(1)).await.unwrap();
    let mut updates = JoinSet::new();
    for number in 0..40 {
        let store = handles[usize::from(number) % 2].clone();
        updates.spawn(async move { increment(&store, number).await });
    }
    updates.join_all().await;
    let values = load(&handles[1], 1).await.values;
    assert_eq!(values, [value("visits", "40")]);
}

/// Adds one to `visits`, as a handler with a `&mut` value does.
async fn increment(store: &SqliteStore, number: u8) {
    let open = Open {
        lease: Some((lease(number), NOW + 10)),
        ..opening(1)
    };
    let loaded = loop {
        match store.open(open.clone()).await.unwrap() {
            Opened::Alive(loaded) => break loaded,
            Opened::Leased => tokio::time::sleep(Duration::from_millis(1)).await,
            other => panic!("{other:?}"),
        }
    };
    let before = loaded.values.first().map(|(_, json)| json.clone());
    let visits = before.as_ref().map_or(0, |json| json.parse().unwrap()) + 1;
    let commit = Commit {
        lease: Some(lease(number)),
        expected: vec![("visits".to_owned(), before)],
        set: vec![value("visits", visits.to_string())],
        ..change(1)
    };
    assert_eq!(store.commit(commit).await, Ok(Committed::Applied));
}

#[tokio::test]
async fn reading_waits_for_no_writer_and_a_writer_says_that_it_has_waited() {
    let folder = Folder::new();
    let store = folder.store().busy_timeout(Duration::from_millis(200));
    store.create(session(1)).await.unwrap();
    let other = rusqlite::Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();

    let begin = Instant::now();
    load(&store, 1).await;
    assert!(begin.elapsed() < Duration::from_millis(200));

    let Err(StoreError::Failed { reason }) = store.commit(change(1)).await else {
        panic!("somebody else is writing");
    };
    assert!(reason.contains("locked for 0.2 s"), "{reason}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.commit(change(1)).await, Ok(Committed::Applied));
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_done() {
    let folder = Folder::new();
    let store = folder.store();
    store.create(session(1)).await.unwrap();
    let other = rusqlite::Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(50), set(&store, 1, "late", "true"));
    assert!(given_up.await.is_err());
    other.execute_batch("ROLLBACK").unwrap();
    set(&store, 1, "next", "true").await;
    assert_eq!(load(&store, 1).await.values, [value("next", "true")]);
}

#[test]
fn a_store_outlives_the_runtime_that_has_asked_it_first() {
    let folder = Folder::new();
    let store = store(&folder.file());
    for number in 0..3 {
        crate::runtime().block_on(async {
            store.create(session(number)).await.unwrap();
            load(&store, number).await;
        });
    }
}
