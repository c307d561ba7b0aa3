//! What many do at once, from two stores, as two processes have them.

use std::sync::Arc;

use session_runtime::store::{
    Commit, Committed, Ending, LeaseId, NewSession, Open, Opened, PostgresStore, SessionStore,
    Take, Taken,
};
use tokio::task::JoinSet;

use crate::ask::{GRACE, NOW, commit, id, load, new_session, open, value};
use crate::server::Server;

fn two_stores(server: &Server) -> [Arc<PostgresStore>; 2] {
    let address = server.database();
    [(); 2].map(|()| Arc::new(PostgresStore::new(&address).unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_parallel_writers_of_different_keys_keep_sixty_four() {
    let server = Server::shared();
    let stores = two_stores(server);
    for run in 0..5 {
        stores[0].create(new_session(id(run))).await.unwrap();
        let mut writers = JoinSet::new();
        for number in 0..64 {
            let store = stores[number % 2].clone();
            writers.spawn(async move {
                let set = vec![value(number, run)];
                let written = store
                    .commit(Commit {
                        set,
                        ..commit(id(run))
                    })
                    .await;
                assert_eq!(written, Ok(Committed::Applied));
            });
        }
        writers.join_all().await;
        assert_eq!(load(&stores[1], id(run)).await.values.len(), 64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_parallel_takes_one_gets_the_value() {
    let server = Server::shared();
    let stores = two_stores(server);
    let values = vec![value("flash", "\"hello\""), value("other", "1")];
    let session = NewSession {
        values,
        ..new_session(id(0))
    };
    stores[0].create(session).await.unwrap();
    let mut takers = JoinSet::new();
    for number in 0..200 {
        let store = stores[number % 2].clone();
        takers.spawn(async move {
            let take = Take {
                id: id(0),
                generation: 0,
                names: vec!["flash".to_owned()],
                now: NOW,
            };
            store.take(take).await.unwrap()
        });
    }
    let taken = takers.join_all().await;
    let got = |taken: &&Taken| **taken == Taken::Values(vec![value("flash", "\"hello\"")]);
    assert_eq!(taken.iter().filter(got).count(), 1);
    let nothing = |taken: &&Taken| **taken == Taken::Values(vec![]);
    assert_eq!(taken.iter().filter(nothing).count(), 199);
    assert_eq!(load(&stores[0], id(0)).await.values, [value("other", "1")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_is_compared_before_it_is_set_loses_no_increment() {
    let server = Server::shared();
    let stores = two_stores(server);
    let values = vec![value("n", 0)];
    let session = NewSession {
        values,
        ..new_session(id(0))
    };
    stores[0].create(session).await.unwrap();
    let mut counters = JoinSet::new();
    for number in 0..16 {
        let store = stores[number % 2].clone();
        counters.spawn(async move {
            for _ in 0..20 {
                loop {
                    let before = load(&store, id(0)).await.values[0].1.clone();
                    let after = before.parse::<u32>().unwrap() + 1;
                    let committed = store.commit(Commit {
                        expected: vec![("n".to_owned(), Some(before))],
                        set: vec![value("n", after)],
                        ..commit(id(0))
                    });
                    match committed.await.unwrap() {
                        Committed::Applied => break,
                        Committed::Conflict { name } => assert_eq!(name, "n"),
                        other => panic!("{other:?}"),
                    }
                }
            }
        });
    }
    counters.join_all().await;
    assert_eq!(load(&stores[0], id(0)).await.values, [value("n", 320)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_writers_that_expect_no_value_one_is_applied() {
    let server = Server::shared();
    let stores = two_stores(server);
    for run in 0..5 {
        stores[0].create(new_session(id(run))).await.unwrap();
        let mut writers = JoinSet::new();
        for number in 0..64 {
            let store = stores[number % 2].clone();
            writers.spawn(async move {
                let committed = store.commit(Commit {
                    expected: vec![("first".to_owned(), None)],
                    set: vec![value("first", number)],
                    ..commit(id(run))
                });
                match committed.await.unwrap() {
                    Committed::Applied => true,
                    Committed::Conflict { name } if name == "first" => false,
                    other => panic!("{other:?}"),
                }
            });
        }
        let applied = writers.join_all().await;
        assert_eq!(applied.iter().filter(|applied| **applied).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_openings_one_gets_the_lease() {
    let server = Server::shared();
    let stores = two_stores(server);
    stores[0].create(new_session(id(0))).await.unwrap();
    let mut openings = JoinSet::new();
    for number in 0..64_u8 {
        let store = stores[usize::from(number % 2)].clone();
        openings.spawn(async move {
            let lease = Some((LeaseId::from_bytes([number; 16]), NOW + 10));
            store
                .open(Open {
                    lease,
                    ..open(id(0))
                })
                .await
                .unwrap()
        });
    }
    let opened = openings.join_all().await;
    let alive = opened
        .iter()
        .filter(|opened| matches!(opened, Opened::Alive(_)));
    assert_eq!(alive.count(), 1);
    let leased = opened
        .iter()
        .filter(|opened| matches!(opened, Opened::Leased));
    assert_eq!(leased.count(), 63);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_waits_for_a_logout_revives_nothing() {
    let server = Server::shared();
    let stores = two_stores(server);
    for round in 0..100 {
        stores[0].create(new_session(id(round))).await.unwrap();
        let mut writers = JoinSet::new();
        for number in 0..4 {
            let store = stores[number % 2].clone();
            writers.spawn(async move {
                let set = vec![value(number, 1)];
                store
                    .commit(Commit {
                        set,
                        ..commit(id(round))
                    })
                    .await
                    .unwrap()
            });
        }
        assert_eq!(stores[1].end(id(round), NOW, GRACE).await, Ok(true));
        for committed in writers.join_all().await {
            assert!(matches!(committed, Committed::Applied | Committed::Gone));
        }
        assert_eq!(stores[0].open(open(id(round))).await, Ok(Opened::Ended));
        let late = commit(id(round));
        assert_eq!(stores[0].commit(late).await, Ok(Committed::Gone));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_at_once_leave_a_user_as_many_sessions_as_are_allowed() {
    let server = Server::shared();
    let stores = two_stores(server);
    let mut logins = JoinSet::new();
    for number in 0..32_u8 {
        let store = stores[usize::from(number % 2)].clone();
        logins.spawn(async move {
            let user = Some("7".to_owned());
            let session = id(number.into());
            let new = NewSession {
                user,
                ..new_session(session)
            };
            store.create(new).await.unwrap();
            let ending = Ending {
                user: "7".to_owned(),
                except: None,
                keep_newest: 3,
                grace: GRACE,
                now: NOW,
            };
            store.end_sessions_of(ending).await.unwrap()
        });
    }
    let ended: u64 = logins.join_all().await.into_iter().sum();
    let left = stores[0].sessions_of("7".to_owned(), NOW).await.unwrap();
    assert_eq!((ended, left.len()), (29, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_purge_at_once_share_the_work_and_stay_within_their_limits() {
    let server = Server::shared();
    let stores = two_stores(server);
    for number in 0..50 {
        stores[0].create(new_session(id(number))).await.unwrap();
    }
    let mut living = new_session(id(50));
    living.life.idle = 1_000_000;
    stores[0].create(living).await.unwrap();
    assert_eq!(
        stores[0].purge(NOW + 3600, 100).await,
        Ok(0),
        "equal is alive"
    );
    let mut purged = 0;
    for _ in 0..20 {
        let (one, other) = tokio::join!(
            stores[0].purge(NOW + 3601, 7),
            stores[1].purge(NOW + 3601, 7)
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!(one <= 7 && other <= 7);
        purged += one + other;
    }
    assert_eq!(purged, 50);
    load(&stores[0], id(50)).await;
}
