//! What holds in a cluster while all of its nodes are there: whose a key is, and that it may become another's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use session_runtime::store::{
    Committed, Ending, Opened, RedisStore, SessionStore as _, StoreError, Taken,
};

use crate::nodes::{Cluster, Role, text};
use crate::questions::{GRACE, NOW, commit, id, new, new_of, open, pair, take};
use crate::server::Server;

#[tokio::test]
async fn sessions_of_one_user_are_on_all_nodes_and_are_listed_and_ended_together() {
    let cluster = Cluster::start();
    let store = RedisStore::new(&cluster.url()).unwrap();
    store.prepare().await.unwrap();
    for number in 1..=60 {
        store.create(new_of(number, "\"ada\"")).await.unwrap();
    }
    for node in &cluster.nodes {
        let keys = text(node, "KEYS session:*");
        assert!(keys.matches("session:").count() > 5, "{keys}");
    }
    let listed = store.sessions_of("\"ada\"".to_owned(), NOW).await.unwrap();
    assert_eq!(listed.len(), 60);
    let ending = Ending {
        user: "\"ada\"".to_owned(),
        except: Some(id(1)),
        keep_newest: 0,
        grace: GRACE,
        now: NOW,
    };
    assert_eq!(store.end_sessions_of(ending).await, Ok(59));
}

#[tokio::test]
async fn one_node_of_the_address_that_answers_is_enough() {
    let cluster = Cluster::shared();
    let [_, second, third] = &*cluster.nodes else {
        panic!("three nodes");
    };
    for nodes in [second.address(), format!("127.0.0.1:1,{}", third.address())] {
        let store = RedisStore::new(&format!("redis+cluster://{nodes}"))
            .unwrap()
            .with_prefix(&nodes);
        for number in 1..=9 {
            store.create(new(number)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn scripts_that_one_node_forgot_are_sent_to_it_again() {
    let cluster = Cluster::shared();
    let store = RedisStore::new(&cluster.url())
        .unwrap()
        .with_prefix("flush");
    for number in 1..=9 {
        store.create(new(number)).await.unwrap();
    }
    for node in &cluster.nodes {
        node.ask("SCRIPT FLUSH");
        for number in 1..=9 {
            assert_eq!(store.commit(commit(number)).await, Ok(Committed::Applied));
        }
    }
}

#[tokio::test]
async fn an_address_of_the_wrong_kind_is_an_error_that_says_the_right_one() {
    let cluster = Cluster::shared();
    let as_server = cluster.url().replace("redis+cluster", "redis");
    let store = RedisStore::new(&as_server).unwrap();
    // Some sessions would be found there, so the start says it.
    let error = store.prepare().await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    assert!(error.to_string().contains(&cluster.url()), "{error}");

    let server = Server::shared();
    let store = RedisStore::new(&server.url()).unwrap();
    assert_eq!(store.prepare().await, Ok(()));
    let as_cluster = server.url().replace("redis", "redis+cluster");
    let store = RedisStore::new(&as_cluster).unwrap();
    let error = store.open(open(1)).await.unwrap_err();
    assert!(error.to_string().contains(&server.url()), "{error}");
}

#[tokio::test]
async fn a_wrong_password_of_a_cluster_is_an_error_that_does_not_show_it() {
    let cluster = Cluster::shared();
    let url = cluster.url().replace("//", "//ada:hunter2@");
    let store = RedisStore::new(&url).unwrap();
    let error = store.open(open(1)).await.unwrap_err();
    assert!(error.to_string().contains("refuses"), "{error}");
    assert!(!format!("{error} {error:?} {store:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_cluster_that_is_down_for_a_moment_fails_no_question() {
    let cluster = Cluster::of(&[Role::Master("0-16383")], &[]);
    let store = RedisStore::new(&cluster.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let key = format!("session:{}", id(1));
    let elsewhere = (cluster.slot_of(&key) + 1) % 16_384;
    // Without any one slot nothing is served, and without the key's own nobody has it.
    for slot in [elsewhere, cluster.slot_of(&key)] {
        cluster.nodes[0].ask(&format!("CLUSTER DELSLOTS {slot}"));
        let error = store.take(take(1, "a")).await.unwrap_err();
        assert!(!matches!(error, StoreError::TimedOut { .. }), "{error}");
        let store = store.clone();
        let asked = tokio::spawn(async move { store.commit(commit(1)).await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        cluster.nodes[0].ask(&format!("CLUSTER ADDSLOTS {slot}"));
        assert_eq!(asked.await.unwrap(), Ok(Committed::Applied));
    }
    let taken = store.take(take(1, "a")).await;
    assert_eq!(taken, Ok(Taken::Values(vec![pair("a", 1)])));
}

/// Its last node has no slot at first, so that no other node names it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_moves_to_a_new_node_while_it_is_used_fails_no_question() {
    let [first, second, third] = crate::nodes::THREE;
    let cluster = Cluster::of(&[first, second, third, Role::Empty], &[]);
    let store = RedisStore::new(&cluster.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let key = format!("session:{}", id(1));
    let (slot, from) = (cluster.slot_of(&key), cluster.master_of(&key));
    let (from_id, to_id) = (cluster.id(from), cluster.id(3));
    let (from, to) = (&cluster.nodes[from], &cluster.nodes[3]);

    let user = Arc::new(User::of(store.clone()));
    let using = tokio::spawn(user.clone().go_on());
    let done = |node: &Server, command: &str| {
        assert_eq!(node.ask(command), b"+OK\r\n", "{command}");
        user.wait_for_rounds(5);
    };
    user.wait_for_rounds(5);
    done(to, &format!("CLUSTER SETSLOT {slot} IMPORTING {from_id}"));
    done(from, &format!("CLUSTER SETSLOT {slot} MIGRATING {to_id}"));
    done(
        from,
        &format!("MIGRATE 127.0.0.1 {} {key} 0 5000", to.port()),
    );
    assert!(text(to, "INFO commandstats").contains("cmdstat_asking"));
    done(to, &format!("CLUSTER SETSLOT {slot} NODE {to_id}"));
    done(from, &format!("CLUSTER SETSLOT {slot} NODE {to_id}"));
    assert!(text(from, "INFO errorstats").contains("errorstat_MOVED"));
    user.is_through.store(true, Ordering::Relaxed);
    let rounds = using.await.unwrap();

    let Opened::Alive(loaded) = store.open(open(1)).await.unwrap() else {
        panic!("the session is gone");
    };
    assert_eq!(loaded.values.len(), 1 + rounds, "each write once");
}

/// Somebody who writes, takes and reads one after the other, and whom nothing may fail.
struct User {
    store: RedisStore,
    rounds: std::sync::atomic::AtomicUsize,
    is_through: AtomicBool,
}

impl User {
    fn of(store: RedisStore) -> Self {
        Self {
            store,
            rounds: 0.into(),
            is_through: AtomicBool::new(false),
        }
    }

    async fn go_on(self: Arc<Self>) -> usize {
        while !self.is_through.load(Ordering::Relaxed) {
            let round = self.rounds.load(Ordering::Relaxed);
            let mut changes = commit(1);
            changes.set = vec![pair(format!("kept{round}"), round), pair("once", round)];
            assert_eq!(self.store.commit(changes).await, Ok(Committed::Applied));
            let [one, other] = [self.taker(), self.taker()];
            let mut taken = [one.await.unwrap(), other.await.unwrap()].concat();
            assert_eq!(taken.pop(), Some(pair("once", round)));
            assert!(taken.is_empty(), "two have taken it");
            let opened = self.store.open(open(1)).await;
            assert!(matches!(opened, Ok(Opened::Alive(_))), "{opened:?}");
            self.rounds.fetch_add(1, Ordering::Relaxed);
        }
        self.rounds.load(Ordering::Relaxed)
    }

    fn taker(&self) -> tokio::task::JoinHandle<Vec<(String, String)>> {
        let store = self.store.clone();
        tokio::spawn(async move {
            match store.take(take(1, "once")).await {
                Ok(Taken::Values(values)) => values,
                other => panic!("{other:?}"),
            }
        })
    }

    fn wait_for_rounds(&self, more: usize) {
        let until = self.rounds.load(Ordering::Relaxed) + more;
        let began = std::time::Instant::now();
        while self.rounds.load(Ordering::Relaxed) < until {
            assert!(began.elapsed().as_secs() < 20, "the user was stopped");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }
}
