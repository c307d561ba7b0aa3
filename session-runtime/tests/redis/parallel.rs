//! What holds when many ask at the same time, through two stores as two processes have.

use session_runtime::store::{Committed, Opened, RedisStore, SessionStore as _, Taken};
use tokio::task::JoinSet;

use crate::questions::{commit, lease, new, open, pair, take};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_parallel_writers_of_two_processes_all_64_are_kept() {
    let server = Server::start();
    let stores = two(&server);
    stores[0].create(new(1)).await.unwrap();
    let mut writers = JoinSet::new();
    for number in 0..64 {
        let store = stores[number % 2].clone();
        writers.spawn(async move {
            let mut commit = commit(1);
            commit.set = vec![pair(format!("key{number}"), number)];
            store.commit(commit).await
        });
    }
    while let Some(written) = writers.join_next().await {
        assert_eq!(written.unwrap(), Ok(Committed::Applied));
    }
    let Opened::Alive(loaded) = stores[1].open(open(1)).await.unwrap() else {
        panic!("the session is gone");
    };
    assert_eq!(loaded.values.len(), 1 + 64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_parallel_takes_one_gets_the_value() {
    let server = Server::start();
    let stores = two(&server);
    stores[0].create(new(1)).await.unwrap();
    let mut takers = JoinSet::new();
    for number in 0..200 {
        let store = stores[number % 2].clone();
        takers.spawn(async move { store.take(take(1, "a")).await });
    }
    let mut delivered = 0;
    while let Some(taken) = takers.join_next().await {
        match taken.unwrap().unwrap() {
            Taken::Values(values) if values.is_empty() => {}
            Taken::Values(values) => {
                assert_eq!(values, [pair("a", 1)]);
                delivered += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(delivered, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_50_parallel_requests_for_a_lease_one_gets_it() {
    let server = Server::start();
    let stores = two(&server);
    stores[0].create(new(1)).await.unwrap();
    let mut askers = JoinSet::new();
    for number in 0..50 {
        let store = stores[usize::from(number) % 2].clone();
        let mut open = open(1);
        open.lease = Some((lease(number), open.now + 10));
        askers.spawn(async move { store.open(open).await });
    }
    let mut leased = 0;
    while let Some(opened) = askers.join_next().await {
        match opened.unwrap().unwrap() {
            Opened::Alive(_) => leased += 1,
            other => assert_eq!(other, Opened::Leased),
        }
    }
    assert_eq!(leased, 1);
}

fn two(server: &Server) -> [RedisStore; 2] {
    [(); 2].map(|()| RedisStore::new(&server.url()).unwrap())
}
