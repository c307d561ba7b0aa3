//! What a real Chromium does with our cookies and answers. `cargo xtask test --only browser` runs it.

mod common;
#[path = "browser/driver.rs"]
mod driver;
#[path = "browser/guard.rs"]
mod guard;
#[path = "browser/lifetime.rs"]
mod lifetime;
#[path = "browser/limits.rs"]
mod limits;
#[path = "browser/prefetch.rs"]
mod prefetch;
#[path = "browser/same_site.rs"]
mod same_site;
#[path = "browser/site.rs"]
mod site;
#[path = "browser/wait.rs"]
mod wait;

use common::Server;
use driver::Browser;

#[test]
fn the_quickstart_logs_in_greets_and_logs_out_over_plain_http() {
    let server = Server::example("quickstart", &[]);
    let at = |path: &str| format!("http://{}{path}", server.address());
    let browser = Browser::start();
    browser.go(&at("/"));
    browser.expect("Not logged in");

    browser.go(&at("/login"));
    browser.expect("Logged in as user 12345");
    assert_eq!(browser.address(), at("/"));

    browser.go(&at("/logout"));
    browser.expect("Not logged in");
    assert_eq!(browser.address(), at("/"));
    assert_eq!(browser.cookies().len(), 0);
}

#[test]
fn a_script_in_the_page_sees_other_cookies_and_not_the_sessions() {
    let server = Server::example("quickstart", &[]);
    let browser = Browser::start();
    browser.go(&format!("http://{}/login", server.address()));
    assert_eq!(browser.cookies()[0]["name"], "session");
    browser.run("document.cookie = 'theme=dark'");
    assert_eq!(browser.run("return document.cookie"), "theme=dark");
}
