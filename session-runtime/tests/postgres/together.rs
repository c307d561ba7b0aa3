//! What is asked at the same time goes to the server together, and each is answered as if it had been asked alone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use session_runtime::store::{
    Commit, Committed, LeaseId, MemoryStore, NewSession, Open, Opened, PostgresStore, SessionId,
    SessionStore, StoreError,
};
use tokio::task::JoinSet;

use crate::ask::{NOW, commit, id, load, new_session, open, value};
use crate::model::{self, BEGIN, Question};
use crate::server::Server;

/// As many sessions as a history has, each with a history of its own.
const SESSIONS: usize = 12;

fn database(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// The same question of this session.
fn of_session(number: usize, question: Question) -> Question {
    let id = SessionId::from_bytes((number as u128).to_be_bytes());
    match question {
        Question::Open(open) => Question::Open(Open { id, ..open }),
        Question::Commit(commit) => Question::Commit(Commit { id, ..commit }),
        other => other,
    }
}

fn without_lease(open: Open) -> Question {
    Question::Open(Open {
        lease: None,
        ..open
    })
}

fn with_lease((open, length): (Open, u64)) -> Question {
    let lease = Some((LeaseId::from_bytes([1; 16]), length));
    Question::Open(Open { lease, ..open })
}

/// A commit that sets values, and nothing else but perhaps a lease and what is expected.
fn ordinary(commit: Commit) -> Question {
    Question::Commit(Commit {
        lease: commit.lease,
        expected: commit.expected,
        set: commit.set,
        ..Commit::new(commit.id, commit.generation % 2, commit.grace, 0)
    })
}

#[test]
fn questions_of_many_sessions_at_once_are_answered_as_each_alone() {
    let server = Server::shared();
    let address = server.database();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = Arc::new(PostgresStore::new(&address).unwrap());
    let config = ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // Of one kind at a time, so that they are a batch.
    let each = SESSIONS..=SESSIONS;
    let round = prop_oneof![
        vec(model::open().prop_map(without_lease), each.clone()),
        vec((model::open(), 0..5_u64).prop_map(with_lease), each.clone()),
        vec(model::commit().prop_map(Question::Commit), each.clone()),
        vec(model::commit().prop_map(ordinary), each.clone()),
    ];
    let rounds = vec((round, 0_u64..4), 1..16);
    proptest!(config, |(sessions in vec(model::new_session(), each), rounds in rounds)| {
        runtime.block_on(store.prepare()).unwrap();
        server.sql(database(&address), "DELETE FROM session_runtime_sessions");
        let memory = MemoryStore::new();
        let mut now = BEGIN;
        for (number, session) in sessions.into_iter().enumerate() {
            let id = SessionId::from_bytes((number as u128).to_be_bytes());
            let session = NewSession { id, now, ..session };
            runtime.block_on(memory.create(session.clone())).unwrap();
            runtime.block_on(store.create(session)).unwrap();
        }
        for (questions, pause) in rounds {
            now += pause;
            let mut asked = JoinSet::new();
            for (number, question) in questions.iter().cloned().enumerate() {
                let store = store.clone();
                let question = of_session(number, question);
                asked.spawn_on(
                    async move { (number, model::ask(&*store, &question, now).await) },
                    runtime.handle(),
                );
            }
            let mut answers = runtime.block_on(asked.join_all());
            answers.sort_unstable();
            for (number, answer) in answers {
                let question = of_session(number, questions[number].clone());
                let expected = runtime.block_on(model::ask(&memory, &question, now));
                prop_assert_eq!(answer, expected, "session {}: {:?}", number, question);
            }
        }
    });
}

/// A server of its own, since the number of its transactions counts; and one thread, so that all arrive before the first is answered.
#[tokio::test]
async fn commits_that_arrive_together_take_few_transactions() {
    let server = Server::start();
    let store = Arc::new(PostgresStore::new(&server.address("postgres")).unwrap());
    for number in 0..100 {
        store.create(new_session(id(number))).await.unwrap();
    }
    let transactions = || -> u64 {
        let next = "SELECT txid_snapshot_xmax(txid_current_snapshot())";
        server.sql("postgres", next).parse().unwrap()
    };
    let before = transactions();
    let mut writers = JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        writers.spawn(async move {
            let set = vec![value("a", number)];
            let commit = Commit {
                set,
                ..commit(id(number))
            };
            store.commit(commit).await
        });
    }
    for committed in writers.join_all().await {
        assert_eq!(committed, Ok(Committed::Applied));
    }
    let taken = transactions() - before;
    assert!((1..50).contains(&taken), "{taken} transactions");
    for number in 0..100 {
        assert_eq!(load(&store, id(number)).await.values, [value("a", number)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_holds_keeps_no_other_waiting() {
    const HELD: Duration = Duration::from_millis(1500);
    let server = Server::shared();
    let address = server.database();
    let store = Arc::new(PostgresStore::new(&address).unwrap());
    for number in 0..32 {
        store.create(new_session(id(number))).await.unwrap();
    }
    let holder = format!(
        "BEGIN; SELECT 1 FROM session_runtime_sessions WHERE sid = decode(repeat('00', 16), 'hex') FOR UPDATE; SELECT pg_sleep({}); COMMIT",
        HELD.as_secs_f32()
    );
    let holding = {
        let database = database(&address).to_owned();
        tokio::task::spawn_blocking(move || server.sql(&database, &holder))
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begun = Instant::now();
    let mut questions = JoinSet::new();
    for round in 0..3 {
        for number in 0..32 {
            let store = store.clone();
            questions.spawn(async move {
                let set = vec![value(round, 1)];
                let commit = Commit {
                    set,
                    ..commit(id(number))
                };
                assert_eq!(store.commit(commit).await, Ok(Committed::Applied));
                if number > 0 && round == 0 {
                    let lease = Some((LeaseId::from_bytes([1; 16]), NOW + 10));
                    let opened = store
                        .open(Open {
                            lease,
                            ..open(id(number))
                        })
                        .await;
                    assert!(matches!(opened, Ok(Opened::Alive(_))), "{opened:?}");
                }
                (number, begun.elapsed())
            });
        }
    }
    for (number, took) in questions.join_all().await {
        assert!(number == 0 || took < HELD / 2, "{number} took {took:?}");
    }
    holding.await.unwrap();
    assert_eq!(load(&store, id(0)).await.values.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_the_same_sessions_in_two_processes_wait_in_no_circle() {
    let server = Server::shared();
    let address = server.database();
    let stores = [(); 2].map(|()| Arc::new(PostgresStore::new(&address).unwrap()));
    for number in 0..16 {
        stores[0].create(new_session(id(number))).await.unwrap();
    }
    let mut writers = JoinSet::new();
    for round in 0..20 {
        for number in 0..16 {
            // One goes through them forwards, and the other backwards.
            for (process, session) in [number, 15 - number].into_iter().enumerate() {
                let store = stores[process].clone();
                writers.spawn(async move {
                    let set = vec![value(format!("{process}-{round}"), 1)];
                    let commit = Commit {
                        set,
                        ..commit(id(session))
                    };
                    store.commit(commit).await
                });
            }
        }
    }
    for committed in writers.join_all().await {
        assert_eq!(committed, Ok(Committed::Applied));
    }
    for number in 0..16 {
        assert_eq!(load(&stores[0], id(number)).await.values.len(), 40);
    }
}

#[tokio::test]
async fn a_value_that_the_database_refuses_spoils_no_other_commit() {
    let server = Server::shared();
    let address = server.database();
    let store = Arc::new(PostgresStore::new(&address).unwrap());
    for number in 0..16 {
        store.create(new_session(id(number))).await.unwrap();
    }
    server.sql(
        database(&address),
        "ALTER TABLE session_runtime_sessions ADD CHECK (NOT data ? 'refused')",
    );
    let mut writers = JoinSet::new();
    for number in 0..16 {
        let store = store.clone();
        writers.spawn(async move {
            let name = if number == 9 { "refused" } else { "kept" };
            let set = vec![value(name, 1)];
            let commit = Commit {
                set,
                ..commit(id(number))
            };
            (number, store.commit(commit).await)
        });
    }
    for (number, committed) in writers.join_all().await {
        if number == 9 {
            assert!(
                matches!(committed, Err(StoreError::Failed { .. })),
                "{committed:?}"
            );
        } else {
            assert_eq!(committed, Ok(Committed::Applied));
            assert_eq!(load(&store, id(number)).await.values, [value("kept", 1)]);
        }
    }
}

/// One thread, so that all arrive before the first goes; and one connection, so that none is left beside the one that is lost.
#[test]
fn questions_that_were_given_up_take_no_connection_with_them() {
    let server = Server::shared();
    let address = server.database();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let store = Arc::new(PostgresStore::new(&address).unwrap().max_connections(1));
    let ask_all = |limit: Duration| {
        let mut questions = JoinSet::new();
        for number in 0..64 {
            let store = store.clone();
            questions.spawn_on(
                async move {
                    let set = vec![value("a", 1)];
                    let commit = Commit {
                        set,
                        ..commit(id(number))
                    };
                    let asked = async {
                        store.open(open(id(number))).await.unwrap();
                        store.commit(commit).await.unwrap()
                    };
                    tokio::time::timeout(limit, asked).await.ok()
                },
                runtime.handle(),
            );
        }
        runtime.block_on(questions.join_all())
    };
    for number in 0..64 {
        runtime
            .block_on(store.create(new_session(id(number))))
            .unwrap();
    }
    ask_all(Duration::from_secs(30));
    let (given_up, answered) = server.pause(database(&address), || {
        let given_up = ask_all(Duration::from_millis(500));
        (given_up, ask_all(Duration::from_secs(30)))
    });
    // A few came late, and found the connection free again.
    let without_answer = given_up.iter().filter(|answer| answer.is_none());
    assert!(without_answer.count() > 32, "{given_up:?}");
    assert!(
        answered
            .iter()
            .all(|answer| *answer == Some(Committed::Applied)),
        "{answered:?}"
    );
}
