//! How often a store is asked for one request, as a proxy on the way to it counts.

use std::net::SocketAddr;
use std::ops::RangeInclusive;

use crate::browser::{Browser, somebody};
use crate::proxy::Proxy;
use crate::site::Site;
use crate::store::{Place, Store};

/// What a visitor does, one after another, and how many turns it takes: method, path, turns.
type Visit = Vec<(&'static str, String, RangeInclusive<usize>)>;

pub fn the_store_is_asked_once_to_look_twice_to_change_and_not_at_all_otherwise(store: Store) {
    let place = store.open();
    let server = server_of(&place.address);
    let proxy = Proxy::before(server);
    let proxied = proxy.address().to_string();
    let mut through = Place::at(place.address.replace(&server.to_string(), &proxied));
    through.processes = 1;
    let site = Site::at(through, &[]);
    // Nothing is asked for the first time when it counts: the connection is there, and the server knows the questions.
    for is_counted in [false, true] {
        let browser = Browser::new(&site);
        for (method, path, turns) in visit(store) {
            let (counted, answer) = proxy.count(|| browser.send(method, &path));
            let what = format!("{method} {path}: {counted:?}");
            assert_eq!(answer.status, 200, "{what}");
            if is_counted {
                assert!(turns.contains(&counted.turns), "{what}, not {turns:?}");
                assert_eq!(counted.connections, 0, "{what}");
            }
            // Redis is told of a user's sessions beside what is answered, and nobody waits for it.
            proxy.wait_until_idle();
        }
    }
}

fn visit(store: Store) -> Visit {
    let user = somebody();
    let (nothing, look, change) = (0..=0, 1..=1, 2..=2);
    // The list of a user's sessions is a key of its own in Redis, and is written beside the session.
    let and_list = |turns: usize| match store {
        Store::Redis => turns..=turns + 1,
        _ => turns..=turns,
    };
    let visit = [
        // A stranger has no session to be asked for.
        ("GET", "/whoami", nothing.clone()),
        ("GET", "/flash", nothing.clone()),
        ("GET", "/login/USER", and_list(1)),
        ("GET", "/untouched", nothing.clone()),
        ("GET", "/whoami", look.clone()),
        ("GET", "/keys", look.clone()),
        ("PUT", "/key/theme/dark", change.clone()),
        // It is what it was.
        ("PUT", "/key/theme/dark", look.clone()),
        // The lease comes with the session, and goes with the change.
        ("POST", "/visit", change.clone()),
        ("POST", "/flash/saved", change.clone()),
        // To take is one more than to look, where there is something to take.
        ("GET", "/flash", 2..=2),
        ("GET", "/flash", look),
        ("POST", "/renew", and_list(2)),
        // Who logs in as somebody else, from a session that is there.
        ("GET", "/login/USER-2", and_list(2)),
        ("POST", "/logout", and_list(2)),
        ("GET", "/whoami", nothing),
    ];
    visit
        .map(|(method, path, turns)| (method, path.replace("USER", &user), turns))
        .into()
}

/// Host and port of a store's address.
fn server_of(address: &str) -> SocketAddr {
    let (_, rest) = address.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    host.rsplit('@').next().unwrap().parse().unwrap()
}
