//! What holds when the store's server is killed while requests are on their way, and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::browser::{Browser, ask, somebody};
use crate::load::{Load, Written, is_refusal};
use crate::site::Site;
use crate::store::Store;

/// The processes of the application are not touched.
pub fn a_store_that_is_killed_loses_no_acknowledged_write_and_logs_nobody_out(store: Store) {
    let mut server = store.server();
    // An update whose answer is lost leaves its lease behind.
    let site = Site::at(server.place(), &["--lease", "1"]);
    let user = somebody();
    let browser = Browser::of_user(&site, &user);
    let cookie = browser.cookie().unwrap();
    let addresses = site.addresses();
    let is_over = Arc::new(AtomicBool::new(false));
    let updates = {
        let (is_over, address, cookie) = (is_over.clone(), addresses[0].clone(), cookie.clone());
        thread::spawn(move || update(&address, &cookie, &is_over))
    };
    let loads: Vec<_> = addresses
        .iter()
        .map(|address| Load::on(address, &cookie, &user))
        .collect();
    loads.iter().for_each(|load| load.wait_for_acknowledged(50));

    server.kill();
    loads.iter().for_each(|load| load.wait_for_refused(3));
    for address in addresses {
        let ask = |method, path| ask(address, method, path, Some(&cookie)).unwrap();
        for (method, path) in [
            ("GET", "/whoami"),
            ("PUT", "/key/a/1"),
            ("POST", "/visit"),
            ("GET", "/flash"),
            ("POST", "/renew"),
            ("POST", "/logout"),
        ] {
            assert!(is_refusal(&ask(method, path)), "{method} {path}");
        }
        let login = ask("GET", "/login/another");
        assert!(is_refusal(&login), "{}", login.status);
        assert_eq!(ask("GET", "/untouched").text, "ok");
    }

    server.restart();
    loads.iter().for_each(|load| load.wait_for_acknowledged(50));
    let mut written = Written::default();
    written.extend(loads.into_iter().map(Load::stop));
    is_over.store(true, Ordering::Relaxed);
    let (sent, counts) = updates.join().unwrap();
    assert!(counts.is_sorted_by(|one, next| one < next), "{counts:?}");
    // It may have to wait for a lease once more.
    let last = (0..10).find_map(|_| browser.send("POST", "/visit").text.parse().ok());
    let last: usize = last.expect("the session stays held");
    assert!(counts.last().unwrap() < &last && last <= sent + 10);
    for _ in addresses {
        assert_eq!(browser.send("GET", "/whoami").text, user);
        written.must_be_in(&browser.send("GET", "/keys").text, &user);
    }
    assert_eq!(
        browser.cookie(),
        Some(cookie),
        "nobody has to log in again, or gets another cookie"
    );
}

/// Counts until it is over; returns how often it has tried, and to what it has counted.
fn update(address: &str, cookie: &str, is_over: &AtomicBool) -> (usize, Vec<usize>) {
    let (mut sent, mut counts) = (0, Vec::new());
    while !is_over.load(Ordering::Relaxed) {
        sent += 1;
        let answer = ask(address, "POST", "/visit", Some(cookie)).unwrap();
        match answer.status {
            200 => counts.push(answer.text.parse().unwrap()),
            _ => assert!(is_refusal(&answer), "{} {}", answer.status, answer.text),
        }
    }
    (sent, counts)
}
