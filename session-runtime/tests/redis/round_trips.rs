//! How often Redis is asked.

use session_runtime::Refresh;
use session_runtime::store::{RedisStore, SessionStore as _};

use crate::questions::{GRACE, LIFE, NOW, commit, id, lease, new, open, pair, take};
use crate::server::Server;

#[tokio::test]
async fn each_question_is_one_script_and_a_login_notes_the_user_beside_it() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    // The server knows each script by the second round.
    for number in [1, 2] {
        let is_counted = number == 2;
        let count = |expected: u64, what: &str| {
            let asked = asked(&server);
            assert!(
                !is_counted || asked == expected,
                "{what} asked {asked} times"
            );
        };
        asked(&server);
        store.create(new(number)).await.unwrap();
        count(1, "create");
        let mut opening = open(number);
        opening.refresh = Refresh::EachRequest;
        opening.lease = Some((lease(1), NOW + 10));
        store.open(opening).await.unwrap();
        count(1, "open");
        store.take(take(number, "a")).await.unwrap();
        count(1, "take");
        let mut changes = commit(number);
        changes.lease = Some(lease(1));
        changes.set = vec![pair("b", 2)];
        store.commit(changes).await.unwrap();
        count(1, "commit");
        let mut login = commit(number);
        login.user = Some(Some("1".to_owned()));
        login.life = Some(LIFE);
        store.commit(login).await.unwrap();
        count(2, "login");
        store.end(id(number), NOW, GRACE).await.unwrap();
        count(1, "end");
    }
}

#[tokio::test]
async fn a_session_is_read_without_a_script_until_its_life_is_to_be_extended() {
    let server = Server::start();
    let store = RedisStore::new(&server.url()).unwrap();
    store.create(new(1)).await.unwrap();
    let mut opening = open(1);
    opening.refresh = Refresh::AfterTenth;
    // The server knows the script when it counts.
    opening.now = NOW + 100;
    store.open(opening.clone()).await.unwrap();
    counted(&server);
    // The script reads it twice: before and after.
    for (later, scripts, reads) in [(101, 0, 1), (199, 0, 1), (200, 1, 3), (201, 0, 1)] {
        opening.now = NOW + later;
        store.open(opening.clone()).await.unwrap();
        assert_eq!(counted(&server), (scripts, reads), "after {later} s");
    }
}

/// How many scripts were run since this was last asked.
fn asked(server: &Server) -> u64 {
    counted(server).0
}

/// The same, and how often a whole session was read, in scripts and out of them.
fn counted(server: &Server) -> (u64, u64) {
    let counters = String::from_utf8(server.ask("INFO commandstats")).unwrap();
    server.ask("CONFIG RESETSTAT");
    let calls = |name: &str| {
        let calls = counters.split_once(&format!("cmdstat_{name}:calls="));
        let calls = calls.map_or("0", |(_, calls)| calls.split(',').next().unwrap());
        calls.parse().unwrap()
    };
    (calls("evalsha"), calls("hgetall"))
}
