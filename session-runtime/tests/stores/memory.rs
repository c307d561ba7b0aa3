//! The store in memory, which is the plainest telling of what a store does, so that it and the statements check each other.

use std::time::Duration;

use session_runtime::Refresh;
use session_runtime::store::{
    Commit, Life, MemoryStore, NewSession, Open, Opened, SecretHash, SessionId, SessionStore as _,
};
use session_runtime::testing::store_suite;

async fn store() -> MemoryStore {
    MemoryStore::new()
}

store_suite!(store);

const NOW: u64 = 1_800_000_000;

const GRACE: Duration = Duration::from_secs(30);

const SECRET: SecretHash = SecretHash::from_bytes([3; 32]);

fn id(number: u8) -> SessionId {
    SessionId::from_bytes([number; 16])
}

/// Keeps a session that lives so long.
async fn create(store: &MemoryStore, number: u8, idle: u64, now: u64) {
    let session = NewSession {
        id: id(number),
        secret: SECRET,
        values: Vec::new(),
        user: None,
        label: None,
        life: Life {
            idle,
            ends_at: None,
        },
        now,
    };
    store.create(session).await.unwrap();
}

async fn open(store: &MemoryStore, number: u8, refresh: Refresh, now: u64) -> Opened {
    let open = Open {
        id: id(number),
        secret: SECRET,
        refresh,
        lease: None,
        grace: GRACE,
        now,
    };
    store.open(open).await.unwrap()
}

/// Those of the sessions 1 to 5 that are kept, at a time at which none had expired.
async fn kept(store: &MemoryStore) -> Vec<u8> {
    let mut kept = Vec::new();
    for number in 1..=5 {
        if open(store, number, Refresh::Never, NOW).await != Opened::Unknown {
            kept.push(number);
        }
    }
    kept
}

#[tokio::test]
async fn what_has_expired_first_is_removed_first_however_it_came_to_expire_then() {
    let store = MemoryStore::new();
    for number in 1..=5 {
        create(&store, number, 100, NOW).await;
    }
    // From here on they expire in the order 4, 2, 5, 1, 3.
    open(&store, 1, Refresh::EachRequest, NOW + 50).await;
    let mut commit = Commit::new(id(3), 0, GRACE, NOW);
    commit.life = Some(Life {
        idle: 1000,
        ends_at: None,
    });
    store.commit(commit).await.unwrap();
    assert_eq!(store.end(id(4), NOW, GRACE).await, Ok(true));
    open(&store, 5, Refresh::EachRequest, NOW + 20).await;
    let mut orders = Vec::new();
    while store.purge(NOW + 2000, 1).await == Ok(1) {
        orders.push(kept(&store).await);
    }
    assert_eq!(
        orders,
        [vec![1, 2, 3, 5], vec![1, 3, 5], vec![1, 3], vec![3], vec![]]
    );
}

#[tokio::test]
async fn a_full_store_forgets_what_has_expired_or_else_what_has_been_quiet_for_the_longest_time() {
    let store = MemoryStore::with_capacity(3);
    create(&store, 1, 1000, NOW).await;
    create(&store, 2, 10_000, NOW + 1).await;
    create(&store, 3, 1000, NOW + 2).await;
    open(&store, 1, Refresh::EachRequest, NOW + 3).await;
    create(&store, 4, 100, NOW + 4).await;
    let quiet = "2 was quiet, and would have lived the longest";
    assert_eq!(kept(&store).await, [1, 3, 4], "{quiet}");
    create(&store, 5, 1000, NOW + 105).await;
    assert_eq!(kept(&store).await, [1, 3, 5], "4 has expired");
}

#[tokio::test]
async fn a_store_that_keeps_one_session_keeps_the_last() {
    let store = MemoryStore::with_capacity(0);
    for number in 1..=5 {
        create(&store, number, 100, NOW).await;
        assert_eq!(kept(&store).await, [number]);
    }
}
