//! What holds when the store's server is killed while requests are on their way, and comes back.

use crate::browser::{Browser, ask, somebody};
use crate::load::{Load, Written, is_refusal};
use crate::site::Site;
use crate::store::Store;

/// The processes of the application are not touched.
pub fn a_store_that_is_killed_loses_no_acknowledged_write_and_logs_nobody_out(store: Store) {
    let mut server = store.server();
    let site = Site::at(server.place(), &[]);
    let user = somebody();
    let browser = Browser::of_user(&site, &user);
    let cookie = browser.cookie().unwrap();
    let addresses = site.addresses();
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
