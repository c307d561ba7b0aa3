//! Whatever has become of a session, a question that goes to the server with others' is answered as if it had been asked alone.

use std::sync::Arc;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, LeaseId, Life, MemoryStore, NewSession, Open, PostgresStore, Renewal, SessionId,
};
use tokio::task::JoinSet;

use crate::ask::{id, secret, value};
use crate::model::{self, BEGIN, GRACE, Question};
use crate::server::Server;

/// When all is asked: a renewal or an end a moment ago is known still, and one long ago is not.
const NOW: u64 = BEGIN + 50;
const A_MOMENT_AGO: u64 = NOW - 2;
const LONG_AGO: u64 = BEGIN + 1;

const ANOTHERS: LeaseId = LeaseId::from_bytes([1; 16]);
const OWN: LeaseId = LeaseId::from_bytes([2; 16]);

/// What has become of a session, and by which questions at which second.
type Fate = (&'static str, Vec<(u64, Question)>);

fn fates(id: SessionId) -> Vec<Fate> {
    let created = |idle| {
        let session = NewSession {
            id,
            secret: secret(1),
            values: vec![value("a", 1)],
            user: None,
            label: None,
            life: Life {
                idle,
                ends_at: None,
            },
            now: BEGIN,
        };
        (BEGIN, Question::Create(session))
    };
    let committed = |change: &dyn Fn(&mut Commit)| {
        let mut commit = Commit::new(id, 0, GRACE, BEGIN);
        change(&mut commit);
        Question::Commit(commit)
    };
    let renewed = |byte, keeps_user| {
        committed(&|commit| {
            let secret = secret(byte);
            commit.renewal = Some(Renewal { secret, keeps_user });
        })
    };
    let leased = |length| {
        let lease = Some((ANOTHERS, length));
        opened(id, 1, Refresh::Never, lease)
    };
    let alive = |then: (u64, Question)| vec![created(1000), then];
    vec![
        ("none", Vec::new()),
        ("new", vec![created(1000)]),
        ("due to be extended", vec![created(100)]),
        ("due from this second on", vec![created(500)]),
        ("in its last second", vec![created(50)]),
        ("one second older than it may be", vec![created(49)]),
        ("expired", vec![created(10)]),
        ("changed", {
            alive((
                LONG_AGO,
                committed(&|commit| commit.set = vec![value("a", 2)]),
            ))
        }),
        ("leased", alive((A_MOMENT_AGO, leased(100)))),
        (
            "leased for its last second",
            alive((A_MOMENT_AGO, leased(2))),
        ),
        ("leased until lately", alive((LONG_AGO, leased(3)))),
        (
            "leased, and due",
            vec![created(100), (A_MOMENT_AGO, leased(100))],
        ),
        (
            "leased until lately, and due",
            vec![created(100), (LONG_AGO, leased(3))],
        ),
        ("renewed", alive((A_MOMENT_AGO, renewed(2, true)))),
        ("another's", alive((A_MOMENT_AGO, renewed(2, false)))),
        ("renewed long ago", alive((LONG_AGO, renewed(2, true)))),
        // No layer does so; but to know such a secret and not to know it must not depend on who else asks.
        (
            "renewed with its own secret",
            alive((A_MOMENT_AGO, renewed(1, true))),
        ),
        (
            "renewed with its own secret long ago",
            alive((LONG_AGO, renewed(1, true))),
        ),
        ("ended", alive((A_MOMENT_AGO, Question::End(id)))),
    ]
}

fn opened(
    id: SessionId,
    secret_byte: u8,
    refresh: Refresh,
    lease: Option<(LeaseId, u64)>,
) -> Question {
    Question::Open(Open {
        id,
        secret: secret(secret_byte),
        refresh,
        lease,
        grace: GRACE,
        now: NOW,
    })
}

/// What short forms there are for, in all that they look at.
fn questions(id: SessionId) -> Vec<Question> {
    let mut questions = Vec::new();
    for secret in 1..=3 {
        for refresh in [Refresh::AfterTenth, Refresh::Never] {
            for lease in [None, Some((OWN, 10))] {
                questions.push(opened(id, secret, refresh, lease));
            }
        }
    }
    for generation in 0..=1 {
        for lease in [None, Some(ANOTHERS), Some(OWN)] {
            for expected in [
                None,
                Some(("a", Some("1"))),
                Some(("a", None)),
                Some(("b", None)),
            ] {
                let expected =
                    expected.map(|(name, text)| (name.to_owned(), text.map(str::to_owned)));
                questions.push(Question::Commit(Commit {
                    lease,
                    expected: expected.into_iter().collect(),
                    set: vec![value("b", 1)],
                    ..Commit::new(id, generation, GRACE, NOW)
                }));
            }
        }
    }
    questions
}

/// Each of the questions beside each of the fates, a session for each pair, in both stores.
async fn meet(store: &PostgresStore, memory: &MemoryStore) -> Vec<(&'static str, Question)> {
    let mut asked = Vec::new();
    for fate in 0..fates(id(0)).len() {
        for question in 0..questions(id(0)).len() {
            let id = id(u32::try_from(asked.len()).unwrap());
            let (name, steps) = fates(id).swap_remove(fate);
            for (now, step) in steps {
                let expected = model::ask(memory, &step, now).await;
                assert_eq!(model::ask(store, &step, now).await, expected, "{name}");
            }
            asked.push((name, questions(id).swap_remove(question)));
        }
    }
    asked
}

#[tokio::test]
async fn whatever_has_become_of_a_session_is_told_as_the_store_in_memory_tells_it() {
    let store = PostgresStore::new(&Server::shared().database()).unwrap();
    let memory = MemoryStore::new();
    for (fate, question) in meet(&store, &memory).await {
        let expected = model::ask(&memory, &question, NOW).await;
        let answer = model::ask(&store, &question, NOW).await;
        assert_eq!(
            answer, expected,
            "of a session that is {fate}: {question:?}"
        );
    }
}

/// One thread, so that all arrive before the first is answered.
#[tokio::test]
async fn whatever_has_become_of_a_session_is_told_in_a_batch_as_it_is_alone() {
    let store = Arc::new(PostgresStore::new(&Server::shared().database()).unwrap());
    let memory = MemoryStore::new();
    let asked = meet(&store, &memory).await;
    let mut asking = JoinSet::new();
    for (number, (_, question)) in asked.iter().cloned().enumerate() {
        let store = store.clone();
        asking.spawn(async move { (number, model::ask(&*store, &question, NOW).await) });
    }
    for (number, answer) in asking.join_all().await {
        let (fate, question) = &asked[number];
        let expected = model::ask(&memory, question, NOW).await;
        assert_eq!(
            answer, expected,
            "of a session that is {fate}: {question:?}"
        );
    }
}
