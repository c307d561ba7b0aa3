//! What holds when connections, scripts or the server are lost.

use std::time::{Duration, Instant};

use session_runtime::store::{Committed, Opened, RedisStore, SessionStore as _, StoreError};

use crate::questions::{commit, new, open, pair};
use crate::server::Server;

#[tokio::test]
async fn a_store_needs_no_runtime_and_no_server_before_it_is_asked() {
    let store = std::thread::spawn(|| RedisStore::new("redis://127.0.0.1:1")).join();
    assert!(store.unwrap().is_ok());
}

#[tokio::test]
async fn connections_that_the_server_closes_while_idle_fail_no_question() {
    let server = Server::start_with(&["--timeout", "1"]);
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    // The first question after the silence is one that is never asked twice.
    assert_eq!(store.commit(commit(1)).await, Ok(Committed::Applied));
    assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));
}

#[tokio::test]
async fn connections_that_are_killed_fail_no_question_that_opens_a_session() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    for _ in 0..20 {
        server.ask("CLIENT KILL TYPE normal");
        assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));
        assert_eq!(store.commit(commit(1)).await, Ok(Committed::Applied));
    }
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_sent_again() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    for _ in 0..3 {
        assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));
        assert_eq!(store.commit(commit(1)).await, Ok(Committed::Applied));
        server.ask("SCRIPT FLUSH");
    }
}

#[tokio::test]
async fn a_killed_server_is_an_error_and_works_again_when_it_is_back() {
    let mut server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let mut changes = commit(1);
    changes.set = vec![pair("b", 2)];
    assert_eq!(store.commit(changes).await, Ok(Committed::Applied));
    server.kill();
    for _ in 0..3 {
        let began = Instant::now();
        let error = store.open(open(1)).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(2));
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        let error = store.commit(commit(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    }
    server.restart();
    let Ok(Opened::Alive(loaded)) = store.open(open(1)).await else {
        panic!("what was acknowledged is lost");
    };
    assert_eq!(loaded.values.len(), 2);
}

#[tokio::test]
async fn a_server_that_is_silent_is_an_error_within_two_seconds_and_works_again_when_it_speaks() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    server.freeze();
    for _ in 0..2 {
        let began = Instant::now();
        assert!(store.open(open(1)).await.is_err());
        assert!(began.elapsed() < Duration::from_secs(2));
    }
    server.thaw();
    assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));
}

#[tokio::test]
async fn a_silent_server_is_waited_for_as_long_as_the_address_says() {
    let server = Server::start();
    let address = |seconds: &str| format!("{}?timeout={seconds}", server.url());
    let patient = RedisStore::new(&address("30")).unwrap();
    let hasty = RedisStore::new(&address("0.25")).unwrap();
    for store in [&patient, &hasty] {
        let _ = store.create(new(1)).await;
    }
    server.freeze();
    let mut asked = tokio::spawn(async move { patient.open(open(1)).await });
    let limit = Duration::from_millis(250);
    assert_eq!(
        hasty.open(open(1)).await,
        Err(StoreError::TimedOut { limit })
    );
    // It is longer than the limit without a setting.
    let waiting = tokio::time::timeout(Duration::from_secs(2), &mut asked).await;
    assert!(waiting.is_err(), "{waiting:?}");
    server.thaw();
    assert!(matches!(asked.await.unwrap(), Ok(Opened::Alive(_))));
}

#[tokio::test]
async fn a_wrong_password_is_an_error_that_does_not_show_it() {
    let server = Server::start();
    server.ask("CONFIG SET requirepass right");
    let with_password = server.url().replace("//", "//:hunter2@");
    let store = RedisStore::new(&with_password).unwrap();
    let error = store.open(open(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("refuses"), "{error}");
    assert!(!format!("{error} {error:?} {store:?}").contains("hunter2"));
    let store = RedisStore::new(&server.url()).unwrap();
    assert!(store.open(open(1)).await.is_err());
    let with_password = server.url().replace("//", "//:right@");
    let store = RedisStore::new(&with_password).unwrap();
    assert_eq!(store.open(open(1)).await, Ok(Opened::Unknown));
}

#[tokio::test]
async fn what_the_server_refuses_is_an_error_in_its_own_words() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    server.ask("CONFIG SET maxmemory 1");
    let mut session = new(1);
    session.values = vec![pair("password", "\"hunter2\"")];
    let error = store.create(session).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    assert!(error.to_string().contains("maxmemory"), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_a_replica_for_a_moment_fails_no_question() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    server.ask("REPLICAOF 127.0.0.1 1");
    let mut changes = commit(1);
    changes.set = vec![pair("b", 2)];
    let error = store.commit(changes.clone()).await.unwrap_err();
    assert!(error.to_string().contains("READONLY"), "{error}");
    let asked = tokio::spawn(async move { store.commit(changes).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.ask("REPLICAOF NO ONE");
    assert_eq!(asked.await.unwrap(), Ok(Committed::Applied));
}

#[tokio::test]
async fn what_no_replica_would_get_is_refused_whole_where_the_server_is_set_so() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    server.ask("CONFIG SET min-replicas-to-write 1");
    let mut changes = commit(1);
    changes.set = vec![pair("b", 2)];
    let error = store.commit(changes).await.unwrap_err();
    assert!(error.to_string().contains("NOREPLICAS"), "{error}");
    let Ok(Opened::Alive(loaded)) = store.open(open(1)).await else {
        panic!("it cannot be read");
    };
    assert_eq!(loaded.values, [pair("a", 1)]);
}

#[test]
fn a_malformed_address_is_an_error_that_does_not_show_the_password() {
    for address in [
        "",
        "localhost:6379",
        "http://localhost",
        "redis://ada:hunter2@",
        "redis://ada:hunter2@localhost:port",
        "redis://ada:hunter2@localhost/zero",
        "postgres://ada:hunter2@localhost/0",
    ] {
        let error = RedisStore::new(address).unwrap_err();
        assert!(error.to_string().contains("write redis://"), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
