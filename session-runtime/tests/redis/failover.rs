//! What holds when a node of a cluster is lost, and another takes its place or none does.

use std::time::{Duration, Instant};

use session_runtime::store::{Committed, Opened, RedisStore, SessionStore as _, StoreError};
use tokio::task::JoinSet;

use crate::nodes::{Cluster, Role, THREE};
use crate::questions::{commit, id, new, open, pair};
use crate::server::Server;

/// Three masters, and a replica of the first that takes its place soon.
fn with_replica() -> Cluster {
    let [first, second, third] = THREE;
    let roles = [first, second, third, Role::ReplicaOf(0)];
    let soon = [
        "--cluster-node-timeout",
        "1000",
        "--repl-diskless-sync-delay",
        "0",
    ];
    let cluster = Cluster::of(&roles, &soon);
    let began = Instant::now();
    while !crate::nodes::text(&cluster.nodes[3], "INFO replication")
        .contains("master_link_status:up")
    {
        assert!(began.elapsed().as_secs() < 20, "no replica");
        std::thread::sleep(Duration::from_millis(20));
    }
    cluster
}

#[tokio::test]
async fn a_node_that_is_silent_fails_its_own_sessions_alone_and_in_time() {
    let cluster = Cluster::start();
    let store = RedisStore::new(&cluster.url()).unwrap();
    let (of_first, of_others) = shared_out(&cluster, &store).await;
    cluster.nodes[0].freeze();
    for round in 0..2 {
        let began = Instant::now();
        let error = store.open(open(of_first[0])).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(2), "{round}: {error}");
        for number in &of_others {
            let began = Instant::now();
            let opened = store.open(open(*number)).await;
            assert!(matches!(opened, Ok(Opened::Alive(_))), "{opened:?}");
            assert!(began.elapsed() < Duration::from_secs(1), "others waited");
        }
    }
    // Whoever has just started finds the others too.
    let named = cluster.nodes[1..].iter().map(Server::address);
    let named: Vec<_> = [cluster.url()].into_iter().chain(named).collect();
    let newcomer = RedisStore::new(&named.join(",")).unwrap();
    let opened = newcomer.open(open(of_others[0])).await;
    assert!(matches!(opened, Ok(Opened::Alive(_))), "{opened:?}");
    cluster.nodes[0].thaw();
    for number in of_first {
        let opened = store.open(open(number)).await;
        assert!(matches!(opened, Ok(Opened::Alive(_))), "{opened:?}");
    }
}

#[tokio::test]
async fn a_node_that_was_killed_is_an_error_at_once_and_works_again_when_it_is_back() {
    let mut cluster = Cluster::start();
    let store = RedisStore::new(&cluster.url()).unwrap();
    let (of_first, _) = shared_out(&cluster, &store).await;
    cluster.nodes[0].kill();
    for _ in 0..3 {
        let began = Instant::now();
        let error = store.open(open(of_first[0])).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(1), "{error}");
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        assert!(
            error.to_string().contains(&cluster.nodes[0].address()),
            "{error}"
        );
    }
    cluster.nodes[0].restart();
    // It takes no questions for two seconds, which is as long as one may take.
    let began = Instant::now();
    while let Err(error) = store.commit(commit(of_first[0])).await {
        assert!(began.elapsed() < Duration::from_secs(10), "{error}");
    }
    for number in of_first {
        assert_eq!(store.commit(commit(number)).await, Ok(Committed::Applied));
    }
}

#[tokio::test]
async fn a_replica_that_is_made_master_by_hand_fails_no_question() {
    let cluster = with_replica();
    let store = RedisStore::new(&cluster.url()).unwrap();
    let (of_first, of_others) = shared_out(&cluster, &store).await;
    let load = Load::on(&store, &[of_first.clone(), of_others].concat());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(cluster.nodes[3].ask("CLUSTER FAILOVER"), b"+OK\r\n");
    let began = Instant::now();
    while cluster.master_of(&format!("session:{}", id(of_first[0]))) != 3 {
        assert!(began.elapsed().as_secs() < 20, "nobody has taken over");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let written = load.end().await;
    for one in &written {
        assert!(one.failed.is_empty(), "{:?}", one.failed);
    }
    all_is_there(&store, &written).await;
}

#[tokio::test]
async fn a_master_that_was_killed_under_load_logs_nobody_out() {
    let mut cluster = with_replica();
    let store = RedisStore::new(&cluster.url()).unwrap();
    let (of_first, of_others) = shared_out(&cluster, &store).await;
    // Another process, which asks nothing meanwhile.
    let idle = RedisStore::new(&cluster.url()).unwrap();
    idle.open(open(of_first[0])).await.unwrap();
    let load = Load::on(&store, &[of_first.clone(), of_others].concat());
    tokio::time::sleep(Duration::from_millis(200)).await;
    cluster.nodes[0].kill();
    let killed = Instant::now();
    tokio::time::sleep(Duration::from_millis(100)).await;
    while store.commit(commit(of_first[0])).await.is_err() {
        assert!(killed.elapsed().as_secs() < 20, "nobody has taken over");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("the session was back after {:?}", killed.elapsed());
    // The node that it asks for the others may be the last to hear of the new master.
    while idle.commit(commit(of_first[0])).await != Ok(Committed::Applied) {
        assert!(
            killed.elapsed().as_secs() < 20,
            "it has not found the new master"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let written = load.end().await;
    for one in &written {
        let longest = one.longest;
        assert!(
            longest < Duration::from_secs(2),
            "{longest:?} for an answer"
        );
    }
    let failed = written.iter().map(|one| one.failed.len());
    println!(
        "questions that failed, by session: {:?}",
        failed.collect::<Vec<_>>()
    );
    let lost = all_is_there(&store, &written).await;
    println!("acknowledged writes that are lost: {lost}");
}

/// Whoever has less patience than the store never sees what has become of its question.
#[tokio::test]
async fn who_gives_up_early_finds_the_new_master_too() {
    let cluster = with_replica();
    let store = RedisStore::new(&cluster.url()).unwrap();
    let (of_first, _) = shared_out(&cluster, &store).await;
    cluster.nodes[0].freeze();
    let frozen = Instant::now();
    let patience = Duration::from_millis(700);
    let answered = async || {
        let committing = store.commit(commit(of_first[0]));
        tokio::time::timeout(patience, committing).await.ok()
    };
    while !matches!(answered().await, Some(Ok(Committed::Applied))) {
        assert!(frozen.elapsed().as_secs() < 20, "nobody is found");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    cluster.nodes[0].thaw();
}

/// Sessions of the first node, and of the others.
async fn shared_out(cluster: &Cluster, store: &RedisStore) -> (Vec<u8>, Vec<u8>) {
    let (mut of_first, mut of_others) = (Vec::new(), Vec::new());
    for number in 1..=12 {
        store.create(new(number)).await.unwrap();
        match cluster.master_of(&format!("session:{}", id(number))) {
            0 => of_first.push(number),
            _ => of_others.push(number),
        }
    }
    assert!(of_first.len() > 1 && of_others.len() > 1);
    (of_first, of_others)
}

/// Writers, one a session, each of which waits until a write is acknowledged before it begins the next.
struct Load {
    end: tokio::sync::watch::Sender<bool>,
    writers: JoinSet<Written>,
}

/// What one of them has seen.
#[derive(Default)]
struct Written {
    session: u8,
    acknowledged: Vec<u32>,
    failed: Vec<StoreError>,
    longest: Duration,
}

impl Load {
    fn on(store: &RedisStore, sessions: &[u8]) -> Self {
        let (end, ended) = tokio::sync::watch::channel(false);
        let mut writers = JoinSet::new();
        for session in sessions {
            writers.spawn(write(store.clone(), *session, ended.clone()));
        }
        Self { end, writers }
    }

    async fn end(self) -> Vec<Written> {
        self.end.send(true).unwrap();
        self.writers.join_all().await
    }
}

async fn write(
    store: RedisStore,
    session: u8,
    ended: tokio::sync::watch::Receiver<bool>,
) -> Written {
    let mut written = Written {
        session,
        ..Written::default()
    };
    for number in 0.. {
        if *ended.borrow() {
            break;
        }
        let mut changes = commit(session);
        changes.set = vec![pair(format!("key{number}"), number)];
        let began = Instant::now();
        match store.commit(changes).await {
            Ok(Committed::Applied) => written.acknowledged.push(number),
            Err(error) => written.failed.push(error),
            Ok(other) => panic!("{other:?}"),
        }
        written.longest = written.longest.max(began.elapsed());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    written
}

/// Opens each session, which must be there, and counts the writes that were acknowledged and are not. What was
/// acknowledged is in the replica, or was on its way there when its master died: that is the last write of a session at most.
async fn all_is_there(store: &RedisStore, written: &[Written]) -> usize {
    let mut lost = 0;
    for one in written {
        let Opened::Alive(loaded) = store.open(open(one.session)).await.unwrap() else {
            panic!("session {} is gone", one.session);
        };
        let is_there = |number: &u32| {
            loaded
                .values
                .contains(&pair(format!("key{number}"), number))
        };
        let gone = one.acknowledged.iter().filter(|number| !is_there(number));
        let gone = gone.count();
        assert!(gone <= 1, "{gone} of session {} are lost", one.session);
        lost += gone;
    }
    lost
}
