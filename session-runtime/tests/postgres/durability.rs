//! What waits until it is kept, and what does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use session_runtime::store::{
    Commit, Ending, LeaseId, Life, NewSession, Open, Opened, PostgresStore, Renewal, SessionStore,
    Take,
};
use tokio::task::JoinSet;

use crate::ask::{GRACE, NOW, commit, id, new_session, open, secret, value};
use crate::server::Server;

const PATIENCE: Duration = Duration::from_secs(30);

/// Whoever waits for the disk waits for a standby too, and this one never comes.
const NOBODY: &[&str] = &["-c", "synchronous_standby_names=nobody"];

async fn made(address: &str) -> PostgresStore {
    let kept_here = format!("{address}?options=-c%20synchronous_commit%3Dlocal");
    let store = PostgresStore::new(&kept_here).unwrap();
    for number in 0..8 {
        let values = vec![value("a", 1)];
        let user = Some(number.to_string());
        let session = NewSession {
            values,
            user,
            ..new_session(id(number))
        };
        store.create(session).await.unwrap();
    }
    PostgresStore::new(address).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_and_a_touch_wait_for_no_disk() {
    let server = Server::with_settings(NOBODY);
    let store = made(&server.address("postgres")).await;
    let asked = async {
        for lease in [1, 2].map(|byte| LeaseId::from_bytes([byte; 16])) {
            let leased = Open {
                lease: Some((lease, NOW + 10)),
                ..open(id(0))
            };
            let opened = store.open(leased.clone()).await.unwrap();
            assert!(matches!(opened, Opened::Alive(_)), "{opened:?}");
            assert_eq!(store.open(leased).await, Ok(Opened::Leased));
            store.release(id(0), lease).await.unwrap();
        }
        let later = Open {
            now: NOW + 1800,
            ..open(id(0))
        };
        match store.open(later).await.unwrap() {
            Opened::Alive(loaded) => assert!(loaded.touched),
            other => panic!("{other:?}"),
        }
    };
    let asked = tokio::time::timeout(PATIENCE, asked).await;
    assert!(asked.is_ok(), "a question waits for the disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_is_told_of_is_on_the_disk() {
    let server = Server::with_settings(NOBODY);
    let store = Arc::new(made(&server.address("postgres")).await);
    let mut questions = JoinSet::new();
    macro_rules! ask {
        ($question:expr) => {{
            let store = store.clone();
            let question = $question;
            questions.spawn(async move { format!("{:?}", question(&store).await) });
        }};
    }
    ask!(async |store: &PostgresStore| store.create(new_session(id(100))).await.is_ok());
    ask!(async |store: &PostgresStore| {
        let set = vec![value("a", 2)];
        let commit = Commit {
            set,
            ..commit(id(1))
        };
        store.commit(commit).await.is_ok()
    });
    ask!(async |store: &PostgresStore| {
        let secret = secret(2);
        let commit = Commit {
            renewal: Some(Renewal {
                secret,
                keeps_user: false,
            }),
            life: Some(Life {
                idle: 60,
                ends_at: None,
            }),
            ..commit(id(2))
        };
        store.commit(commit).await.is_ok()
    });
    ask!(async |store: &PostgresStore| {
        // The lease that it gives back waited for nothing.
        let lease = LeaseId::from_bytes([7; 16]);
        let leased = Open {
            lease: Some((lease, NOW + 10)),
            ..open(id(3))
        };
        store.open(leased).await.unwrap();
        let commit = Commit {
            lease: Some(lease),
            expected: vec![("a".to_owned(), Some("1".to_owned()))],
            set: vec![value("a", 2)],
            ..commit(id(3))
        };
        store.commit(commit).await.is_ok()
    });
    ask!(async |store: &PostgresStore| {
        let take = Take {
            id: id(4),
            generation: 0,
            names: vec!["a".to_owned()],
            now: NOW,
        };
        store.take(take).await.is_ok()
    });
    ask!(async |store: &PostgresStore| store.end(id(5), NOW, GRACE).await.is_ok());
    ask!(async |store: &PostgresStore| {
        let ending = Ending {
            user: "6".to_owned(),
            except: None,
            keep_newest: 0,
            grace: GRACE,
            now: NOW,
        };
        store.end_sessions_of(ending).await.is_ok()
    });
    let asked = questions.len().to_string();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let begun = Instant::now();
    loop {
        if let Some(answered) = questions.try_join_next() {
            panic!("a question was answered: {answered:?}");
        }
        let waiting = tokio::task::block_in_place(|| server.sql("postgres", waiting));
        if waiting == asked {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{waiting} of {asked} wait");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
