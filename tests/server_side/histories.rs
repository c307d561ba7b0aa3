//! What many requests to several processes were answered at the same time, tried as a whole: counts at the end show what was lost, a
//! history also what was seen in between. Where one answer is altered, it has no explanation any more.

use std::sync::{Barrier, Mutex};
use std::thread;

use crate::browser::{Browser, somebody};
use crate::recording::{Exchange, Recording, Secret};
use crate::site::Site;
use crate::store::Store;

/// How often each is run, by how many clients, of how many requests each.
const ROUNDS: usize = 4;
const CLIENTS: usize = 8;
const REQUESTS: usize = 7;

pub fn writes_of_different_keys_are_answered_as_if_one_came_after_another(store: Store) {
    let mut last = explained(store, |client, request| match (client + request) % 3 {
        0 => ("GET", "/keys".to_owned()),
        _ => write(client, request),
    });
    // What was there before is there again.
    let keys = last.last(|exchange| exchange.path == "/keys");
    let line = keys.text.lines().find(|line| line.starts_with("a="));
    let line = line.unwrap().to_owned();
    assert_ne!(line, "a=0");
    keys.text = keys.text.replace(&line, "a=0");
    assert!(last.check().is_err());
}

pub fn updates_are_answered_as_if_one_came_after_another(store: Store) {
    let mut last = explained(store, |client, request| match (client + request) % 3 {
        0 => ("GET", "/keys".to_owned()),
        _ => ("POST", "/visit".to_owned()),
    });
    // Two have counted to the same number.
    let visit = last.last(|exchange| exchange.path == "/visit" && exchange.text != "1");
    let count: u64 = visit.text.parse().unwrap();
    visit.text = (count - 1).to_string();
    assert!(last.check().is_err());
}

pub fn takes_are_answered_as_if_one_came_after_another(store: Store) {
    let mut last = explained(store, |client, request| match (client + request) % 4 {
        0 => ("POST", format!("/flash/{client}.{request}")),
        1 => ("GET", "/keys".to_owned()),
        _ => ("GET", "/flash".to_owned()),
    });
    // Another has taken the same message.
    let is_take = |exchange: &Exchange| exchange.method == "GET" && exchange.path == "/flash";
    let taken = last.last(|exchange| is_take(exchange) && !exchange.text.is_empty());
    let message = taken.text.clone();
    let nothing = last.last(|exchange| is_take(exchange) && exchange.text.is_empty());
    nothing.text = message;
    assert!(last.check().is_err());
}

pub fn what_is_asked_beside_a_logout_is_answered_as_if_one_came_after_another(store: Store) {
    let mut last = explained(store, |client, request| match (client, request) {
        (1, 3) => ("POST", "/logout".to_owned()),
        _ => anything(client, request),
    });
    // The user is logged in again.
    let user = last.before("user_id").to_owned();
    last.last(|exchange| exchange.path == "/whoami").text = user;
    assert!(last.check().is_err());
}

pub fn what_is_asked_beside_a_renewal_is_answered_as_if_one_came_after_another(store: Store) {
    let mut last = explained(store, |client, request| match (client, request) {
        (1, 3) => ("POST", "/renew".to_owned()),
        _ => anything(client, request),
    });
    // What came with the secret of before has written all the same.
    last.last(|exchange| exchange.method == "PUT" && exchange.status == 409)
        .status = 200;
    assert!(last.check().is_err());
}

fn anything(client: usize, request: usize) -> (&'static str, String) {
    match (5 * client + 3 * request) % 8 {
        0 | 1 => ("GET", "/keys".to_owned()),
        2 => ("GET", "/whoami".to_owned()),
        3 => ("POST", "/visit".to_owned()),
        4 => ("POST", format!("/flash/{client}.{request}")),
        5 => ("GET", "/flash".to_owned()),
        _ => write(client, request),
    }
}

fn write(client: usize, request: usize) -> (&'static str, String) {
    let name = ["a", "b"][(client + request / 2) % 2];
    ("PUT", format!("/key/{name}/{client}.{request}"))
}

/// Runs this some times, and returns the last run. All are explained.
fn explained(
    store: Store,
    plan: impl Fn(usize, usize) -> (&'static str, String) + Sync,
) -> Recording {
    let site = Site::on(store);
    let mut last = None;
    for _ in 0..ROUNDS {
        let recording = run(&site, &plan);
        if let Err(unexplained) = recording.check() {
            panic!("{unexplained}");
        }
        last = Some(recording);
    }
    last.unwrap()
}

/// Clients that send at the same time what the plan says for each, to each process in turn; and at the end somebody looks, and
/// somebody writes who has waited since the beginning.
fn run(site: &Site, plan: &(impl Fn(usize, usize) -> (&'static str, String) + Sync)) -> Recording {
    let browser = Browser::of_user(site, &somebody());
    for name in ["a", "b"] {
        browser.send("PUT", &format!("/key/{name}/0"));
    }
    let recording = Recording::of(&browser.send("GET", "/keys").text);
    let first = Secret {
        generation: 0,
        cookie: browser.cookie().unwrap(),
    };
    let newest = Mutex::new(first.clone());
    let send = |secret: &Secret, (method, path): (&'static str, String)| {
        let answer = recording.send(site.address(), secret, method, &path);
        let set = answer.header("set-cookie");
        match &*path {
            "/renew" => {
                let (cookie, _) = set.split_once(';').expect("a renewal has a new cookie");
                *newest.lock().unwrap() = Secret {
                    generation: secret.generation + 1,
                    cookie: cookie.to_owned(),
                };
            }
            "/logout" => assert!(set.contains("Max-Age=0"), "{set}"),
            _ => assert_eq!(set, "", "{path} leaves the cookie alone"),
        }
    };
    let start = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (first, newest, start, send) = (&first, &newest, &start, &send);
            scope.spawn(move || {
                start.wait();
                for request in 0..REQUESTS {
                    let secret = match client % 4 {
                        2 => first.clone(),
                        _ => newest.lock().unwrap().clone(),
                    };
                    send(&secret, plan(client, request));
                }
            });
        }
    });
    let secret = newest.lock().unwrap().clone();
    for path in ["/keys", "/whoami"] {
        send(&secret, ("GET", path.to_owned()));
    }
    send(&first, ("PUT", "/key/a/late".to_owned()));
    recording
}
