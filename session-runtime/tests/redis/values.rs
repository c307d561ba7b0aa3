//! What is kept, and for how long.

use session_runtime::Refresh;
use session_runtime::store::{
    Committed, Life, Opened, RedisStore, Renewal, SecretHash, SessionStore as _, StoreError,
};

use crate::questions::{GRACE, NOW, commit, id, lease, new, new_of, open, pair};
use crate::server::Server;

#[tokio::test]
async fn values_come_back_byte_for_byte_whatever_their_names() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    let values = vec![
        pair("secret", r#""v:expires""#),
        pair("v:a", "1e5"),
        pair("", "[]"),
        pair("é\0\r\n", "\"\\u0000\\ud800\u{1F600}\""),
        pair("large", format!("\"{}\"", "x".repeat(100_000))),
    ];
    let mut session = new(1);
    session.values.clone_from(&values);
    store.create(session).await.unwrap();
    let mut loaded = alive(store.open(open(1)).await.unwrap());
    loaded.sort();
    let mut expected = values;
    expected.sort();
    assert_eq!(loaded, expected);
}

#[tokio::test]
async fn a_session_of_ten_thousand_values_is_written_and_read_like_any() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    let mut session = new(1);
    session.values = (0..10_000).map(|number| pair(number, number)).collect();
    store.create(session).await.unwrap();
    let mut changes = commit(1);
    let expected = |(name, value)| (name, Some(value));
    changes.expected = (0..10_000)
        .map(|number| expected(pair(number, number)))
        .collect();
    let mut wrong = changes.clone();
    wrong.expected[9999].1 = None;
    let name = "9999".to_owned();
    assert_eq!(store.commit(wrong).await, Ok(Committed::Conflict { name }));
    changes.clear = true;
    changes.set = (0..9000).map(|number| pair(number, "null")).collect();
    changes.remove = (9000..10_000).map(|number| number.to_string()).collect();
    assert_eq!(store.commit(changes).await, Ok(Committed::Applied));
    assert_eq!(alive(store.open(open(1)).await.unwrap()).len(), 9000);
}

#[tokio::test]
async fn a_commit_sees_the_value_it_expects_or_changes_nothing() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    for (name, value) in [
        ("a", None),
        ("a", Some("2")),
        ("b", Some("")),
        ("a", Some("")),
    ] {
        let mut changes = commit(1);
        changes.set = vec![pair("a", 5)];
        changes.expected = vec![(name.to_owned(), value.map(str::to_owned))];
        let name = name.to_owned();
        assert_eq!(
            store.commit(changes).await,
            Ok(Committed::Conflict { name })
        );
    }
    let mut changes = commit(1);
    changes.set = vec![pair("a", 5)];
    changes.expected = vec![
        ("a".to_owned(), Some("1".to_owned())),
        ("b".to_owned(), None),
    ];
    assert_eq!(store.commit(changes).await, Ok(Committed::Applied));
    assert_eq!(alive(store.open(open(1)).await.unwrap()), [pair("a", 5)]);
}

#[tokio::test]
async fn an_id_that_is_taken_stays_whose_it_is() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let mut other = new(1);
    other.secret = SecretHash::from_bytes([9; 32]);
    other.values = vec![pair("a", 2)];
    assert_eq!(store.create(other).await, Err(StoreError::Exists));
    assert_eq!(alive(store.open(open(1)).await.unwrap()), [pair("a", 1)]);
}

#[tokio::test]
async fn what_has_ended_stays_ended_and_keeps_no_value() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new_of(1, "\"ada\"")).await.unwrap();
    assert_eq!(store.end(id(1), NOW, GRACE).await, Ok(true));
    assert_eq!(store.end(id(1), NOW, GRACE).await, Ok(false));
    let mut changes = commit(1);
    changes.set = vec![pair("b", 2)];
    assert_eq!(store.commit(changes).await, Ok(Committed::Gone));
    assert_eq!(store.open(open(1)).await, Ok(Opened::Ended));
    let kept =
        String::from_utf8_lossy(&server.ask(&format!("HKEYS session:{}", id(1)))).into_owned();
    assert!(!kept.contains("v:") && !kept.contains("user"), "{kept}");
    let mut later = open(1);
    later.now += 31;
    assert_eq!(store.open(later).await, Ok(Opened::Unknown));
}

#[tokio::test]
async fn the_secret_before_a_renewal_is_known_for_the_grace() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let mut changes = commit(1);
    changes.renewal = Some(Renewal {
        secret: SecretHash::from_bytes([4; 32]),
        keeps_user: true,
    });
    assert_eq!(store.commit(changes).await, Ok(Committed::Applied));
    let Ok(Opened::Superseded {
        readable: Some(loaded),
    }) = store.open(open(1)).await
    else {
        panic!("the former secret reads nothing");
    };
    assert_eq!(
        (loaded.values, loaded.record.generation),
        (vec![pair("a", 1)], 1)
    );
    let mut later = open(1);
    later.now += 31;
    assert_eq!(store.open(later).await, Ok(Opened::Unknown));
    assert_eq!(store.commit(commit(1)).await, Ok(Committed::Superseded));
}

#[tokio::test]
async fn the_questions_time_decides_and_redis_forgets_later() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    let mut session = new(1);
    session.life = Life {
        idle: 100,
        ends_at: Some(NOW + 150),
    };
    store.create(session).await.unwrap();
    let mut later = open(1);
    later.refresh = Refresh::AfterTenth;
    later.now = NOW + 100;
    let Ok(Opened::Alive(loaded)) = store.open(later.clone()).await else {
        panic!("its last second is one of life");
    };
    assert!(loaded.touched);
    assert_eq!(loaded.record.expires_at, NOW + 150);
    later.now = NOW + 151;
    assert_eq!(store.open(later).await, Ok(Opened::Unknown));
    let left = String::from_utf8(server.ask(&format!("TTL session:{}", id(1)))).unwrap();
    let left: u64 = left[1..].trim().parse().unwrap();
    assert!((50..=50 + 300).contains(&left), "{left}");
}

#[tokio::test]
async fn the_longest_life_is_one_that_redis_accepts() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    let mut session = new_of(1, "1");
    session.life = Life {
        idle: u64::MAX,
        ends_at: Some(u64::MAX),
    };
    store.create(session).await.unwrap();
    let mut later = open(1);
    later.refresh = Refresh::EachRequest;
    later.now += 1_000_000;
    assert!(matches!(store.open(later).await, Ok(Opened::Alive(_))));
}

#[tokio::test]
async fn a_lease_that_another_has_taken_over_commits_nothing() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let mut first = open(1);
    first.lease = Some((lease(1), NOW + 10));
    let mut second = open(1);
    second.lease = Some((lease(2), NOW + 21));
    second.now += 11;
    assert!(matches!(store.open(first).await, Ok(Opened::Alive(_))));
    assert!(matches!(
        store.open(second.clone()).await,
        Ok(Opened::Alive(_))
    ));
    let mut changes = commit(1);
    changes.lease = Some(lease(1));
    assert_eq!(
        store.commit(changes.clone()).await,
        Ok(Committed::LeaseLost)
    );
    // Another's is not given back.
    store.release(id(1), lease(1)).await.unwrap();
    second.lease = Some((lease(3), NOW + 21));
    assert_eq!(store.open(second).await, Ok(Opened::Leased));
    changes.lease = Some(lease(2));
    assert_eq!(store.commit(changes).await, Ok(Committed::Applied));
}

fn alive(opened: Opened) -> Vec<(String, String)> {
    match opened {
        Opened::Alive(loaded) => loaded.values,
        other => panic!("{other:?}"),
    }
}
