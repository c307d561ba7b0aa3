//! What becomes of requests when connections end, the server crashes, or it does not answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use session_runtime::store::{Commit, Committed, PostgresStore, SessionStore, StoreError};
use tokio::task::JoinSet;

use crate::ask::{commit, id, load, new_session, open, value};
use crate::server::Server;

const STORE_TIMEOUT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_crashed_is_an_error_in_time_and_found_again_afterwards() {
    let server = Server::start();
    let address = server.address("postgres");
    let store = Arc::new(PostgresStore::new(&address).unwrap());
    store.create(new_session(id(0))).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                let set = vec![value(format!("{writer}-{number}"), 1)];
                match store
                    .commit(Commit {
                        set,
                        ..commit(id(0))
                    })
                    .await
                {
                    Ok(committed) => assert_eq!(committed, Committed::Applied),
                    Err(error) => {
                        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
                        break;
                    }
                }
                acknowledged.push(format!("{writer}-{number}"));
            }
            acknowledged
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    tokio::task::block_in_place(|| server.crash());
    let acknowledged = writers.join_all().await.concat();

    let begun = Instant::now();
    let error = store.commit(commit(id(0))).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    assert!(begun.elapsed() < STORE_TIMEOUT);

    tokio::task::block_in_place(|| server.restart());
    let names: Vec<_> = load(&store, id(0))
        .await
        .values
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(acknowledged.len() > 8);
    assert!(acknowledged.iter().all(|name| names.contains(name)));
}

/// It knows sessions as they were a while ago, and one of them may have been ended since.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_not_asked() {
    let server = Server::start();
    let address = server.address("postgres");
    let store = PostgresStore::new(&address).unwrap();
    store.create(new_session(id(0))).await.unwrap();
    tokio::task::block_in_place(|| {
        server.crash();
        std::fs::write(server.folder().join("data/standby.signal"), "").unwrap();
        server.restart();
        let is_standby = server.sql("postgres", "SELECT pg_is_in_recovery()");
        assert_eq!(is_standby, "t");
    });
    for store in [store, PostgresStore::new(&address).unwrap()] {
        let error = store.open(open(id(0))).await.unwrap_err();
        assert!(
            matches!(&error, StoreError::Unreachable { reason } if reason.contains("a standby is not asked")),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_server_has_closed_cost_no_request() {
    let server = Server::shared();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap();
    let store = Arc::new(PostgresStore::new(&address).unwrap());
    store.create(new_session(id(0))).await.unwrap();
    for round in 0..10 {
        // So many that the pool is full.
        let mut writers = JoinSet::new();
        for number in 0..32 {
            let store = store.clone();
            writers.spawn(async move {
                let set = vec![value(number, round)];
                store
                    .commit(Commit {
                        set,
                        ..commit(id(0))
                    })
                    .await
                    .unwrap()
            });
        }
        writers.join_all().await;
        let close = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        );
        let closed: u32 = server.sql(database, &close).parse().unwrap();
        assert!(closed > 1, "{closed}");
    }
    assert_eq!(load(&store, id(0)).await.values.len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_whose_connection_is_ended_by_the_server_is_asked_again_elsewhere() {
    let server = Server::shared();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap().to_owned();
    let store = PostgresStore::new(&address).unwrap();
    store.create(new_session(id(0))).await.unwrap();
    load(&store, id(0)).await;
    // Somebody holds the row, so that the writer waits for it.
    let holder =
        "BEGIN; SELECT 1 FROM session_runtime_sessions FOR UPDATE; SELECT pg_sleep(1.5); COMMIT";
    let holding = {
        let database = database.clone();
        tokio::task::spawn_blocking(move || server.sql(&database, holder))
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    let set = vec![value("a", 1)];
    let end = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let end = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock'"
        );
        tokio::task::block_in_place(|| server.sql(&database, &end))
    };
    let (committed, ended) = tokio::join!(
        store.commit(Commit {
            set,
            ..commit(id(0))
        }),
        end
    );
    assert_eq!(ended, "1");
    assert_eq!(committed, Ok(Committed::Applied));
    holding.await.unwrap();
    assert_eq!(load(&store, id(0)).await.values, [value("a", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_given_up_keeps_no_later_one_waiting() {
    let server = Server::shared();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap().to_owned();
    let store = PostgresStore::new(&address).unwrap().max_connections(1);
    store.create(new_session(id(0))).await.unwrap();
    store.create(new_session(id(1))).await.unwrap();
    let holder = "BEGIN; SELECT 1 FROM session_runtime_sessions WHERE sid = decode(repeat('00', 16), 'hex') FOR UPDATE; SELECT pg_sleep(3); COMMIT";
    let holding = tokio::task::spawn_blocking(move || server.sql(&database, holder));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let given_up = store.commit(commit(id(0)));
    let given_up = tokio::time::timeout(Duration::from_millis(200), given_up).await;
    assert!(given_up.is_err());
    let begun = Instant::now();
    assert_eq!(store.commit(commit(id(1))).await, Ok(Committed::Applied));
    assert!(begun.elapsed() < Duration::from_secs(1));
    holding.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_made_than_are_allowed() {
    let server = Server::shared();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap().to_owned();
    let store = Arc::new(PostgresStore::new(&address).unwrap().max_connections(2));
    for number in 0..12 {
        store.create(new_session(id(number))).await.unwrap();
    }
    // Somebody holds all of them, so that each question waits on a connection of its own.
    let holder =
        "BEGIN; SELECT 1 FROM session_runtime_sessions FOR UPDATE; SELECT pg_sleep(2); COMMIT";
    let holding = {
        let database = database.clone();
        tokio::task::spawn_blocking(move || server.sql(&database, holder))
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut writers = JoinSet::new();
    for number in 0..12 {
        let store = store.clone();
        writers.spawn(async move {
            // What removes a value is asked alone.
            let remove = vec!["a".to_owned()];
            let commit = Commit {
                remove,
                ..commit(id(number))
            };
            store.commit(commit).await
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let waiting = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND wait_event_type = 'Lock'"
    );
    let waiting = tokio::task::block_in_place(|| server.sql(&database, &waiting));
    assert_eq!(waiting, "2");
    for committed in writers.join_all().await {
        assert_eq!(committed, Ok(Committed::Applied));
    }
    holding.await.unwrap();
}

#[tokio::test]
async fn a_host_that_accepts_and_never_answers_is_an_error_in_time() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let address = format!("postgres://app:hunter2@127.0.0.1:{port}/app");
    let store = PostgresStore::new(&address).unwrap();
    let begun = Instant::now();
    let error = store.prepare().await.unwrap_err();
    assert!(begun.elapsed() < STORE_TIMEOUT);
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    let texts = format!("{error} {error:?} {store:?}");
    assert!(!texts.contains("hunter2"), "{texts}");
}

#[tokio::test]
async fn a_store_outlives_the_runtime_that_its_connections_were_made_on() {
    let server = Server::shared();
    let store = Arc::new(PostgresStore::new(&server.database()).unwrap());
    let made = store.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(made.create(new_session(id(0)))).unwrap();
    })
    .join()
    .unwrap();
    load(&store, id(0)).await;
}
