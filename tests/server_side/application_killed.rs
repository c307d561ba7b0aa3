//! What holds when a process of the application is killed while requests are on their way.

use std::thread;
use std::time::Instant;

use crate::browser::{Browser, ask, somebody};
use crate::load::{Load, PATIENCE, Written, is_refusal};
use crate::site::Site;
use crate::store::Store;

pub fn a_process_that_is_killed_takes_no_acknowledged_write_with_it(store: Store) {
    let mut site = Site::on(store);
    let user = somebody();
    let cookie = Browser::of_user(&site, &user).cookie().unwrap();
    let load = |address: &String| Load::on(address, &cookie, &user);
    let [victims, others] = [0, 1].map(|number| load(&site.addresses()[number]));
    victims.wait_for_acknowledged(100);
    site.kill_first();
    victims.wait_until_gone();
    others.wait_for_acknowledged(50);
    assert!(
        others.was_served_throughout(),
        "by the process that is left"
    );
    site.replace_first();
    let news = load(&site.addresses()[0]);
    news.wait_for_acknowledged(50);
    assert!(news.was_served_throughout());
    let mut written = Written::default();
    written.extend([victims, others, news].map(Load::stop));
    for address in site.addresses() {
        let get = |path| ask(address, "GET", path, Some(&cookie)).unwrap().text;
        assert_eq!(get("/whoami"), user);
        written.must_be_in(&get("/keys"), &user);
    }
}

pub fn what_a_killed_process_held_is_free_when_its_lease_ends(store: Store) {
    let mut site = Site::at(store.open(), &["--lease", "2"]);
    let user = somebody();
    let cookie = Browser::of_user(&site, &user).cookie().unwrap();
    let [victim, other] = [0, 1].map(|number| site.addresses()[number].clone());
    let visit = || ask(&other, "POST", "/visit", Some(&cookie)).unwrap();
    assert_eq!(visit().text, "1");
    let work = {
        let (victim, cookie) = (victim.clone(), cookie.clone());
        thread::spawn(move || ask(&victim, "POST", "/work/60000", Some(&cookie)))
    };
    // It needs the store once to begin, and others at the same process are served meanwhile.
    let load = Load::on(&victim, &cookie, &user);
    load.wait_for_acknowledged(100);
    site.kill_first();
    load.wait_until_gone();
    assert!(work.join().unwrap().is_err(), "it is not answered");
    let began = Instant::now();
    let answer = loop {
        let answer = visit();
        match answer.status {
            // It has waited for as long as a lease lasts.
            503 => assert!(is_refusal(&answer)),
            _ => break answer,
        }
        assert!(began.elapsed() < PATIENCE, "the session stays held");
    };
    assert_eq!((answer.status, &*answer.text), (200, "2"));
    assert_eq!(visit().text, "3");
    let written = load.stop();
    let keys = ask(&other, "GET", "/keys", Some(&cookie)).unwrap().text;
    written.must_be_in(&keys, &user);
}
