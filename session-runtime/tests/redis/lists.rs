//! The sessions of a user, which are kept in an index beside them.

use session_runtime::Refresh;
use session_runtime::store::{Ending, Opened, RedisStore, SessionStore as _};

use crate::questions::{GRACE, LIFE, NOW, commit, id, new, new_of, open};
use crate::server::Server;

const ADA: &str = "\"ada\"";

#[tokio::test]
async fn a_users_living_sessions_are_listed_the_oldest_first() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    for number in [3, 1, 2] {
        let mut session = new_of(number, ADA);
        session.now += u64::from(number);
        store.create(session).await.unwrap();
    }
    store.create(new_of(4, "\"bob\"")).await.unwrap();
    store.end(id(2), NOW, GRACE).await.unwrap();
    assert_eq!(listed(&store, NOW).await, [id(1), id(3)]);
    assert_eq!(listed(&store, NOW + LIFE.idle + 2).await, [id(3)]);
}

#[tokio::test]
async fn a_session_is_in_the_list_of_whoever_it_is_now() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    for (user, life, expected) in [
        (Some(ADA), Some(LIFE), 1),
        (Some("\"bob\""), Some(LIFE), 0),
        (Some(ADA), None, 1),
        (None, None, 0),
    ] {
        let mut changes = commit(1);
        changes.user = Some(user.map(str::to_owned));
        changes.life = life;
        store.commit(changes).await.unwrap();
        assert_eq!(listed(&store, NOW).await.len(), expected, "{user:?}");
    }
}

#[tokio::test]
async fn a_list_that_was_lost_comes_back_with_the_next_extension() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new_of(1, ADA)).await.unwrap();
    let keys = String::from_utf8(server.ask("KEYS session-user:*")).unwrap();
    let index = keys.lines().find(|line| line.starts_with("session-user:"));
    server.ask(&format!("DEL {}", index.unwrap()));
    assert!(listed(&store, NOW).await.is_empty());
    let mut later = open(1);
    later.refresh = Refresh::AfterTenth;
    later.now += LIFE.idle / 10;
    assert!(matches!(store.open(later).await, Ok(Opened::Alive(_))));
    // Nobody waits for it.
    for _ in 0..100 {
        if listed(&store, NOW).await == [id(1)] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the session is not listed");
}

#[tokio::test]
async fn all_of_a_users_sessions_end_but_those_that_stay() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    for number in 1..=200 {
        let mut session = new_of(number, ADA);
        session.now += u64::from(number);
        store.create(session).await.unwrap();
    }
    store.create(new_of(201, "\"bob\"")).await.unwrap();
    let mut ending = Ending {
        user: ADA.to_owned(),
        except: Some(id(1)),
        keep_newest: 2,
        grace: GRACE,
        now: NOW,
    };
    assert_eq!(store.end_sessions_of(ending.clone()).await, Ok(197));
    assert_eq!(listed(&store, NOW).await, [id(1), id(199), id(200)]);
    ending.keep_newest = 0;
    ending.except = None;
    assert_eq!(store.end_sessions_of(ending).await, Ok(3));
    assert!(matches!(store.open(open(201)).await, Ok(Opened::Alive(_))));
}

#[tokio::test]
async fn applications_with_prefixes_of_their_own_do_not_end_each_others_sessions() {
    let server = Server::start();
    let [shop, forum] =
        ["shop", "forum"].map(|prefix| RedisStore::new(&server.url()).unwrap().with_prefix(prefix));
    shop.create(new_of(1, ADA)).await.unwrap();
    assert!(listed(&forum, NOW).await.is_empty());
    assert_eq!(forum.open(open(1)).await, Ok(Opened::Unknown));
    assert_eq!(listed(&shop, NOW).await, [id(1)]);
}

async fn listed(store: &RedisStore, now: u64) -> Vec<session_runtime::store::SessionId> {
    let records = store.sessions_of(ADA.to_owned(), now).await.unwrap();
    records.into_iter().map(|record| record.id).collect()
}
