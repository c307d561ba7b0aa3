//! What a store promises, each as something that a visitor sees.

use std::thread;
use std::time::{Duration, Instant};

use crate::browser::{Browser, somebody};
use crate::site::Site;
use crate::store::Store;

/// How often a race is run.
const ROUNDS: usize = 500;

pub fn parallel_writes_of_different_keys_are_all_kept(store: Store) {
    let site = &Site::on(store);
    let browser = Browser::of_user(site, &somebody());
    let answers = browser.send_many(1_000, 64, |n| ("PUT", format!("/key/k{n}/{n}")));
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let keys = browser.send("GET", "/keys").text;
    for n in 0..1_000 {
        assert!(keys.lines().any(|line| line == format!("k{n}={n}")), "k{n}");
    }
    assert_eq!(keys.lines().count(), 1_001, "and who is logged in");
}

pub fn parallel_updates_are_all_counted(store: Store) {
    let site = &Site::on(store);
    let browser = Browser::of_user(site, &somebody());
    let answers = browser.send_many(1_000, 200, |_| ("POST", "/visit".to_owned()));
    let mut numbers: Vec<usize> = answers
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.text.parse().unwrap()
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=1_000).collect::<Vec<_>>());
}

pub fn of_parallel_takes_one_gets_the_message(store: Store) {
    let site = &Site::on(store);
    let browser = Browser::of_user(site, &somebody());
    browser.send("POST", "/flash/saved");
    let answers = browser.send_many(200, 200, |_| ("GET", "/flash".to_owned()));
    assert!(answers.iter().all(|answer| answer.status == 200));
    let got = answers.iter().filter(|answer| answer.text == "saved");
    assert_eq!(got.count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.text.is_empty() || answer.text == "saved")
    );
}

/// treefrogframework/treefrog-framework #291, dereuromark/cakephp-flash #7: a poll that came before the page ate the message.
pub fn polling_beside_a_message_does_not_eat_it(store: Store) {
    let site = &Site::on(store);
    let user = somebody();
    let browser = Browser::of_user(site, &user);
    browser.send("POST", "/flash/saved");
    let answers = browser.send_many(50, 50, |_| ("GET", "/whoami".to_owned()));
    assert!(answers.iter().all(|answer| answer.text == user));
    assert_eq!(browser.send("GET", "/flash").text, "saved");
}

/// expressjs/session #632, spring-projects/spring-session #1111: a slow request that ended after the logout logged in again.
pub fn a_session_that_was_logged_out_is_never_revived(store: Store) {
    let site = &Site::on(store);
    let user = somebody();
    let mut ends = [0, 0];
    for round in 0..ROUNDS {
        let browser = Browser::of_user(site, &user);
        let thief = browser.copy();
        thread::scope(|scope| {
            let slow = scope.spawn(|| {
                let path = format!("/slow/{}/late/1", round % 8);
                thief.send_without_keeping("POST", &path)
            });
            thread::sleep(Duration::from_micros(500 * (round as u64 % 9)));
            let logout = browser.send("POST", "/logout");
            assert_eq!(logout.status, 200);
            let slow = slow.join().unwrap();
            // In time, too late, or not there any more when it came, which is the same to a visitor.
            assert!([200, 409].contains(&slow.status), "{}", slow.status);
            assert_eq!(slow.header("set-cookie"), "");
            ends[usize::from(slow.status == 409)] += 1;
        });
        assert_eq!(browser.cookie(), None);
        for _ in 0..2 {
            assert_eq!(thief.send("GET", "/whoami").text, "nobody", "round {round}");
        }
    }
    assert!(ends.iter().all(|count| *count > 0), "no race: {ends:?}");
    let last = Browser::of_user(site, &user);
    assert_eq!(last.send("GET", "/sessions").text.lines().count(), 1);
}

/// pow-auth/pow #435 and #739: when a session got a new id, slower requests came back logged out, and deleted the new cookie.
pub fn a_renewal_loses_neither_readers_nor_the_visitor(store: Store) {
    let site = &Site::on(store);
    let user = somebody();
    for round in 0..ROUNDS / 5 {
        let browser = Browser::of_user(site, &user);
        let old = browser.copy();
        let (renewal, read, write) = thread::scope(|scope| {
            let read = scope.spawn(|| old.send_without_keeping("GET", "/whoami"));
            let write = scope.spawn(|| {
                let path = format!("/slow/{}/late/1", round % 6);
                old.send_without_keeping("POST", &path)
            });
            thread::sleep(Duration::from_micros(500 * (round as u64 % 5)));
            let renewal = old.send_without_keeping("POST", "/renew");
            (renewal, read.join().unwrap(), write.join().unwrap())
        });
        assert_eq!((renewal.status, read.status), (200, 200));
        assert_eq!(read.text, user);
        assert!([200, 409].contains(&write.status), "{}", write.status);
        // In either order of the answers the browser has the new cookie.
        for answers in [[&renewal, &read, &write], [&write, &read, &renewal]] {
            let browser = old.copy();
            answers.into_iter().for_each(|answer| browser.keep(answer));
            assert_ne!(browser.cookie(), old.cookie());
            assert_eq!(browser.send("GET", "/whoami").text, user);
        }
        // The secret of before reads for a while, and writes no more.
        assert_eq!(old.send_without_keeping("GET", "/whoami").text, user);
        let late = old.send_without_keeping("PUT", "/key/late/2");
        assert_eq!((late.status, &*late.header("set-cookie")), (409, ""));
    }
}

/// spring-projects/spring-session #44: what was open stayed open after the logout.
pub fn a_stream_ends_with_its_session(store: Store) {
    let site = &Site::on(store);
    let browser = Browser::of_user(site, &somebody());
    thread::scope(|scope| {
        let stream = scope.spawn(|| {
            (
                browser.send_without_keeping("GET", "/events"),
                Instant::now(),
            )
        });
        thread::sleep(Duration::from_millis(1_500));
        assert!(!stream.is_finished(), "the session is alive");
        // A renewal is not the end of it.
        browser.send("POST", "/renew");
        thread::sleep(Duration::from_secs(4));
        assert!(!stream.is_finished(), "the user is the same");
        let logout = Instant::now();
        browser.send("POST", "/logout");
        let (stream, end) = stream.join().unwrap();
        assert!(stream.text.contains("data: 1"), "{}", stream.text);
        assert!(end - logout < Duration::from_secs(6), "{:?}", end - logout);
    });
}

pub fn a_users_sessions_are_listed_without_what_would_let_anybody_in(store: Store) {
    let site = &Site::on(store);
    let user = somebody();
    let phone = Browser::of_user(site, &user);
    let desk = Browser::of_user(site, &user);
    let listed = desk.send("GET", "/sessions").text;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert_eq!(listed.matches("(this)").count(), 1, "{listed}");
    for browser in [&phone, &desk] {
        let cookie = browser.cookie().unwrap();
        let (_, value) = cookie.split_once('=').unwrap();
        let (id, secret) = value.split_once('.').unwrap();
        assert!(listed.contains(id) && !listed.contains(secret));
    }
    assert_eq!(Browser::new(site).send("GET", "/sessions").text, "");
}

pub fn a_route_that_does_not_look_says_nothing_of_sessions(store: Store) {
    let site = &Site::on(store);
    let browser = Browser::of_user(site, &somebody());
    let answer = browser.send("GET", "/untouched");
    assert_eq!((answer.status, &*answer.text), (200, "ok"));
    assert_eq!(answer.header("set-cookie") + &answer.header("vary"), "");
}
