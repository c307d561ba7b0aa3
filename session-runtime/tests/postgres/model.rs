//! Random questions are answered as the store in memory answers them, which is the plainest telling of what a store does.

use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Ending, LeaseId, Life, MemoryStore, NewSession, Open, Opened, PostgresStore, Renewal,
    SecretHash, SessionId, SessionStore, StoreError, Take, Value,
};

use crate::server::Server;

#[derive(Clone, Debug)]
pub(crate) enum Question {
    Create(NewSession),
    Open(Open),
    Take(Take),
    Commit(Commit),
    Release(SessionId, LeaseId),
    End(SessionId),
    SessionsOf(String),
    EndSessionsOf(Ending),
    Purge,
}

pub(crate) const BEGIN: u64 = 1_700_000_000;
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// Names that keep no session alive.
const UNCOUNTED: &[&str] = &["_created", "\u{1}"];

#[test]
fn it_answers_as_the_store_in_memory_does() {
    let server = Server::shared();
    let address = server.database();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = PostgresStore::new(&address).unwrap();
    let database = address.rsplit('/').next().unwrap();
    let config = ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in vec((question(), 0_u64..4), 1..50))| {
        runtime.block_on(store.prepare()).unwrap();
        server.sql(database, "DELETE FROM session_runtime_sessions");
        let memory = MemoryStore::new();
        let mut now = BEGIN;
        for (number, (question, pause)) in steps.iter().enumerate() {
            now += pause;
            let expected = runtime.block_on(ask(&memory, question, now));
            let answer = runtime.block_on(ask(&store, question, now));
            prop_assert_eq!(answer, expected, "question {}: {:?}", number, question);
        }
    });
}

/// The answer as text, with values in one order.
pub(crate) async fn ask(store: &impl SessionStore, question: &Question, now: u64) -> String {
    match question.clone() {
        Question::Create(session) => {
            format!("{:?}", store.create(NewSession { now, ..session }).await)
        }
        Question::Open(open) => {
            let lease = open.lease.map(|(lease, length)| (lease, now + length));
            let opened = store.open(Open { now, lease, ..open }).await;
            in_order(opened)
        }
        Question::Take(take) => format!("{:?}", store.take(Take { now, ..take }).await),
        Question::Commit(commit) => format!("{:?}", store.commit(Commit { now, ..commit }).await),
        Question::Release(id, lease) => format!("{:?}", store.release(id, lease).await),
        Question::End(id) => format!("{:?}", store.end(id, now, GRACE).await),
        Question::SessionsOf(user) => format!("{:?}", store.sessions_of(user, now).await),
        Question::EndSessionsOf(ending) => {
            let ended = store.end_sessions_of(Ending { now, ..ending }).await;
            format!("{ended:?}")
        }
        Question::Purge => format!("{:?}", store.purge(now, 1000).await),
    }
}

fn in_order(mut opened: Result<Opened, StoreError>) -> String {
    if let Ok(
        Opened::Alive(loaded)
        | Opened::Superseded {
            readable: Some(loaded),
        },
    ) = &mut opened
    {
        loaded.values.sort_unstable();
    }
    format!("{opened:?}")
}

pub(crate) fn question() -> impl Strategy<Value = Question> {
    prop_oneof![
        3 => new_session().prop_map(Question::Create),
        6 => open().prop_map(Question::Open),
        2 => (id(), 0_u64..3, vec(name(), 0..3)).prop_map(|(id, generation, names)| {
            Question::Take(Take { id, generation, names, now: 0 })
        }),
        6 => commit().prop_map(Question::Commit),
        1 => (id(), lease()).prop_map(|(id, lease)| Question::Release(id, lease)),
        1 => id().prop_map(Question::End),
        1 => user().prop_map(Question::SessionsOf),
        1 => (user(), option::of(id()), 0_u32..3).prop_map(|(user, except, keep_newest)| {
            Question::EndSessionsOf(Ending { user, except, keep_newest, grace: GRACE, now: 0 })
        }),
        1 => Just(Question::Purge),
    ]
}

pub(crate) fn new_session() -> impl Strategy<Value = NewSession> {
    (
        id(),
        secret(),
        vec(value(), 0..4),
        option::of(user()),
        option::of(name()),
        life(),
    )
        .prop_map(|(id, secret, values, user, label, life)| NewSession {
            id,
            secret,
            values,
            user,
            label,
            life,
            now: 0,
        })
}

pub(crate) fn open() -> impl Strategy<Value = Open> {
    let refresh = prop_oneof![
        Just(Refresh::EachRequest),
        Just(Refresh::AfterTenth),
        Just(Refresh::Never),
    ];
    (id(), secret(), refresh, option::of((lease(), 0_u64..5))).prop_map(
        |(id, secret, refresh, lease)| Open {
            id,
            secret,
            refresh,
            lease,
            grace: GRACE,
            now: 0,
        },
    )
}

pub(crate) fn commit() -> impl Strategy<Value = Commit> {
    let expected = vec((name(), option::of(text())), 0..3);
    let changes = (
        prop::bool::weighted(0.1),
        vec(value(), 0..3),
        vec(name(), 0..2),
        option::weighted(0.2, option::of(user())),
        option::weighted(0.2, option::of(name())),
    );
    let standing = (
        option::weighted(0.2, (secret(), any::<bool>())),
        option::weighted(0.2, life()),
        prop::bool::weighted(0.2),
    );
    (
        (id(), 0_u64..3, option::weighted(0.3, lease()), expected),
        changes,
        standing,
    )
        .prop_map(
            |(
                (id, generation, lease, expected),
                (clear, set, remove, user, label),
                (renewal, life, ends),
            )| Commit {
                id,
                generation,
                lease,
                expected,
                clear,
                set,
                remove,
                user,
                label,
                renewal: renewal.map(|(secret, keeps_user)| Renewal { secret, keeps_user }),
                life,
                ends_with_only: ends.then_some(UNCOUNTED),
                grace: GRACE,
                now: 0,
            },
        )
}

fn life() -> impl Strategy<Value = Life> {
    (0_u64..30, option::of(BEGIN..BEGIN + 60)).prop_map(|(idle, ends_at)| Life { idle, ends_at })
}

fn value() -> impl Strategy<Value = Value> {
    (name(), text())
}

/// Few names, so that they meet, and those that a database might stumble over.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a", "b", "_created", "", "\0", "\u{1}", "\u{1}0", "ü \"'\\", "\\ud800", "a\nb{}",
    ])
    .prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "1",
        "1e5",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "{\"b\":1, \"a\":{}}",
        "null",
        "123456789012345678901234567890",
        "NaN",
        "\"\u{2028}'\"",
    ])
    .prop_map(str::to_owned)
}

fn user() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["7".to_owned(), "\"ada\"".to_owned(), "x".repeat(9000)])
}

fn id() -> impl Strategy<Value = SessionId> {
    (0_u8..3).prop_map(|byte| SessionId::from_bytes([byte; 16]))
}

fn secret() -> impl Strategy<Value = SecretHash> {
    (0_u8..3).prop_map(|byte| SecretHash::from_bytes([byte; 32]))
}

fn lease() -> impl Strategy<Value = LeaseId> {
    (0_u8..2).prop_map(|byte| LeaseId::from_bytes([byte; 16]))
}
