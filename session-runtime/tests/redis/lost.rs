//! What is asked again when an answer was lost, of one server and of a cluster.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use session_runtime::store::{Committed, Opened, RedisStore, SessionStore as _, StoreError, Taken};

use crate::nodes::{Cluster, Role};
use crate::questions::{commit, new, open, pair, take};
use crate::server::Server;

#[tokio::test]
async fn a_lost_answer_of_a_server_is_asked_for_again_only_where_that_changes_nothing() {
    let server = Server::start();
    let way = Way::to(server.port());
    let store = RedisStore::new(&format!("redis://127.0.0.1:{}", way.port)).unwrap();
    only_what_changes_nothing_is_repeated(&store, &way).await;
}

#[tokio::test]
async fn a_lost_answer_of_a_cluster_is_asked_for_again_only_where_that_changes_nothing() {
    let cluster = Cluster::of(&[Role::Master("0-16383")], &[]);
    let way = Way::to(cluster.nodes[0].port());
    // The node says of itself that it is where the answers are lost.
    let announced = format!("CONFIG SET cluster-announce-port {}", way.port);
    assert_eq!(cluster.nodes[0].ask(&announced), b"+OK\r\n");
    let store = RedisStore::new(&format!("redis+cluster://127.0.0.1:{}", way.port)).unwrap();
    only_what_changes_nothing_is_repeated(&store, &way).await;
}

async fn only_what_changes_nothing_is_repeated(store: &RedisStore, way: &Way) {
    store.create(new(9)).await.unwrap();
    way.lose_one();
    assert_eq!(store.create(new(1)).await, Ok(()));
    // The server knows all scripts from here on, so that the answer that is lost is the question's own.
    store.commit(commit(9)).await.unwrap();
    store.take(take(9, "z")).await.unwrap();
    store.open(open(9)).await.unwrap();

    way.lose_one();
    assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));

    way.lose_one();
    let error = store.take(take(1, "a")).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    let taken = store.take(take(1, "a")).await;
    assert_eq!(taken, Ok(Taken::Values(Vec::new())), "it did happen");

    let mut changes = commit(1);
    changes.set = vec![pair("b", 2)];
    changes.expected = vec![("b".to_owned(), None)];
    way.lose_one();
    let error = store.commit(changes.clone()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    let name = "b".to_owned();
    let again = store.commit(changes).await;
    assert_eq!(again, Ok(Committed::Conflict { name }), "it did happen");
}

/// A way to a server on which answers get lost.
struct Way {
    port: u16,
    loses_next: Arc<AtomicBool>,
}

impl Way {
    fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let way = Self {
            port: listener.local_addr().unwrap().port(),
            loses_next: Arc::default(),
        };
        let loses_next = way.loses_next.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", server)));
                let Ok(server) = server else { return };
                let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let loses_next = loses_next.clone();
                thread::spawn(move || carry(there.0, there.1, &AtomicBool::new(false)));
                thread::spawn(move || carry(server, client, &loses_next));
            }
        });
        way
    }

    /// The next answer gets lost, and the connection with it.
    fn lose_one(&self) {
        self.loses_next.store(true, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, loses_next: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if loses_next.swap(false, Ordering::SeqCst) || to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
