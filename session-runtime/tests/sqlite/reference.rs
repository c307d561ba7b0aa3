//! The store in memory is the plainest telling of what a store does: whatever is asked, this one answers the same.

use std::time::Duration;

use proptest::prelude::*;
use proptest::{collection, option};
use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Ending, Life, MemoryStore, NewSession, Open, Opened, Renewal, SessionStore, Take, Taken,
};

use crate::{Folder, NOW, id, lease, runtime, secret, value};

#[derive(Clone, Debug)]
enum Question {
    Create(NewSession),
    Open(Open),
    Take(Take),
    Commit(Commit),
    Release(u8, u8),
    End(u8, u64, u64),
    SessionsOf(String, u64),
    EndSessionsOf(Ending),
    Purge(u64),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_answer_is_that_of_the_store_in_memory(questions in collection::vec(question(), 1..150)) {
        let folder = Folder::new();
        runtime().block_on(async {
            let (memory, sqlite) = (MemoryStore::new(), folder.store());
            for question in questions {
                let expected = ask(&memory, question.clone()).await;
                assert_eq!(ask(&sqlite, question.clone()).await, expected, "{question:?}");
            }
        });
    }
}

/// What a store answers, with values in the order of their names.
async fn ask(store: &impl SessionStore, question: Question) -> String {
    match question {
        Question::Create(session) => format!("{:?}", store.create(session).await),
        Question::Open(open) => {
            let mut opened = store.open(open).await;
            if let Ok(
                Opened::Alive(loaded)
                | Opened::Superseded {
                    readable: Some(loaded),
                },
            ) = &mut opened
            {
                loaded.values.sort();
            }
            format!("{opened:?}")
        }
        Question::Take(take) => {
            let mut taken = store.take(take).await;
            if let Ok(Taken::Values(values)) = &mut taken {
                values.sort();
            }
            format!("{taken:?}")
        }
        Question::Commit(commit) => format!("{:?}", store.commit(commit).await),
        Question::Release(session, held) => {
            format!("{:?}", store.release(id(session), lease(held)).await)
        }
        Question::End(session, now, grace) => {
            let grace = Duration::from_secs(grace);
            format!("{:?}", store.end(id(session), now, grace).await)
        }
        Question::SessionsOf(user, now) => format!("{:?}", store.sessions_of(user, now).await),
        Question::EndSessionsOf(ending) => format!("{:?}", store.end_sessions_of(ending).await),
        Question::Purge(now) => format!("{:?}", store.purge(now, 1000).await),
    }
}

// Few of everything, so that the questions are about the same.

fn number() -> impl Strategy<Value = u8> {
    0..3_u8
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![4 => NOW..NOW + 40, 1 => NOW..NOW + 200]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", Just("_permanent".to_owned())]
}

fn json() -> impl Strategy<Value = String> {
    prop_oneof!["[0-2]", Just("\"\u{e4}\0\"".to_owned())]
}

fn grace() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0), Just(30)].prop_map(Duration::from_secs)
}

fn life() -> impl Strategy<Value = Life> {
    let idle = prop_oneof![4 => Just(100), 1 => 0..30_u64, 1 => Just(u64::MAX)];
    (idle, option::weighted(0.3, NOW + 20..NOW + 150))
        .prop_map(|(idle, ends_at)| Life { idle, ends_at })
}

fn user() -> impl Strategy<Value = Option<String>> {
    option::of("[7-8]")
}

fn values() -> impl Strategy<Value = Vec<(String, String)>> {
    collection::vec(
        (name(), json()).prop_map(|(name, json)| value(name, json)),
        0..4,
    )
}

fn question() -> impl Strategy<Value = Question> {
    prop_oneof![
        3 => creation(),
        6 => opening(),
        3 => (number(), 0..3_u64, collection::vec(name(), 0..3), time()).prop_map(
            |(session, generation, names, now)| Question::Take(Take { id: id(session), generation, names, now })
        ),
        8 => commit(),
        1 => (number(), number()).prop_map(|(session, held)| Question::Release(session, held)),
        1 => (number(), time(), prop_oneof![Just(0), Just(30)])
            .prop_map(|(session, now, grace)| Question::End(session, now, grace)),
        1 => ("[7-8]", time()).prop_map(|(user, now)| Question::SessionsOf(user, now)),
        1 => ("[7-8]", option::of(number()), 0..2_u32, grace(), time()).prop_map(
            |(user, except, keep_newest, grace, now)| Question::EndSessionsOf(Ending {
                user,
                except: except.map(id),
                keep_newest,
                grace,
                now,
            })
        ),
        1 => time().prop_map(Question::Purge),
    ]
}

fn creation() -> impl Strategy<Value = Question> {
    (
        number(),
        values(),
        user(),
        option::of("[xy]"),
        life(),
        time(),
    )
        .prop_map(|(session, values, user, label, life, now)| {
            Question::Create(NewSession {
                id: id(session),
                secret: secret(session),
                values,
                user,
                label,
                life,
                now,
            })
        })
}

fn opening() -> impl Strategy<Value = Question> {
    let refresh = prop_oneof![
        3 => Just(Refresh::AfterTenth),
        1 => Just(Refresh::EachRequest),
        1 => Just(Refresh::Never),
    ];
    let wanted = option::weighted(0.3, (number(), 0..15_u64));
    (
        number(),
        option::weighted(0.5, 0..6_u8),
        refresh,
        wanted,
        grace(),
        time(),
    )
        .prop_map(|(session, other, refresh, wanted, grace, now)| {
            Question::Open(Open {
                id: id(session),
                // The first secret, or another that it may have by now.
                secret: secret(other.unwrap_or(session)),
                refresh,
                lease: wanted.map(|(number, seconds)| (lease(number), now + seconds)),
                grace,
                now,
            })
        })
}

fn commit() -> impl Strategy<Value = Question> {
    let conditions = (
        prop_oneof![5 => Just(0), 1 => 1..3_u64],
        option::weighted(0.2, number()),
        collection::vec((name(), option::of(json())), 0..2),
    );
    let changes = (
        proptest::bool::weighted(0.1),
        values(),
        collection::vec(name(), 0..3),
        proptest::bool::weighted(0.2),
    );
    let rest = (
        option::weighted(0.2, user()),
        option::weighted(0.2, option::of("[xy]")),
        option::weighted(0.2, (0..6_u8, any::<bool>())),
        option::weighted(0.2, life()),
    );
    (number(), conditions, changes, rest, grace(), time()).prop_map(
        |(
            session,
            (generation, held, expected),
            (clear, set, remove, ends),
            (user, label, renewal, life),
            grace,
            now,
        )| {
            Question::Commit(Commit {
                id: id(session),
                generation,
                lease: held.map(lease),
                expected,
                clear,
                set,
                remove,
                user,
                label,
                renewal: renewal.map(|(number, keeps_user)| Renewal {
                    secret: secret(number),
                    keeps_user,
                }),
                life,
                ends_with_only: ends.then_some(&["_permanent"]),
                grace,
                now,
            })
        },
    )
}
