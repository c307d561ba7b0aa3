//! Pages that the browser fetches before anybody has asked for them.

use axum::response::Html;
use serde_json::json;
use session_runtime::prelude::*;

use crate::driver::Browser;
use crate::site::{Site, sessions};
use crate::wait::until;

#[get("/save")]
async fn save(#[session(set)] notice: Slot<String>) -> Result<&'static str> {
    notice.set("your changes are saved".to_owned())?;
    Ok("done")
}

#[get("/notice")]
async fn notice(#[session(pop)] notice: Option<String>) -> String {
    notice.unwrap_or_else(|| "no news".to_owned())
}

#[get("/greeting")]
async fn greeting(#[session] user_id: Option<u64>) -> String {
    format!("hello {user_id:?}")
}

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<&'static str> {
    user_id.set(12345)?;
    Ok("welcome")
}

#[get("/logout")]
#[session(clear)]
async fn logout() {}

#[test]
fn a_flash_is_not_lost_to_a_prefetch_link() {
    let link = r#"<link rel="prefetch" href="/notice">"#;
    assert_shown_on_the_click(link, "prefetch");
}

#[test]
fn a_flash_is_not_lost_to_a_prefetch_rule() {
    assert_shown_on_the_click(&rule("prefetch", "/notice"), "prefetch");
}

#[test]
fn a_flash_is_not_lost_to_a_prerendered_page() {
    assert_shown_on_the_click(&rule("prerender", "/notice"), "prefetch;prerender");
}

/// A page that was fetched by a speculation rule is shown once, whatever its `Cache-Control` says.
#[test]
fn a_page_fetched_ahead_of_a_logout_is_not_shown_after_it() {
    for action in ["prefetch", "prerender"] {
        let site = serve(&rule(action, "/greeting"), "/greeting");
        let browser = Browser::start();
        browser.go(&site.at("/login"));
        fetch_ahead(&browser, &site, "/greeting");
        browser.run("return fetch('/logout').then(answer => answer.status)");
        browser.click("a");
        browser.expect("hello None");
    }
}

#[test]
fn a_page_fetched_ahead_of_a_login_is_not_shown_after_it() {
    for action in ["prefetch", "prerender"] {
        let site = serve(&rule(action, "/greeting"), "/greeting");
        let browser = Browser::start();
        fetch_ahead(&browser, &site, "/greeting");
        browser.run("return fetch('/login').then(answer => answer.status)");
        browser.click("a");
        browser.expect("hello Some(12345)");
    }
}

/// `reason` makes the browser fetch `/notice` ahead of time, and says `purpose` to the server.
fn assert_shown_on_the_click(reason: &str, purpose: &str) {
    let site = serve(reason, "/notice");
    let browser = Browser::start();
    browser.go(&site.at("/save"));
    fetch_ahead(&browser, &site, "/notice");
    let ahead = &site.visits("GET /notice")[0];
    assert_eq!(ahead.purpose, purpose);
    assert!(ahead.carried_cookies);
    assert_eq!((ahead.status, ahead.set_cookies), (503, false));

    browser.click("a");
    browser.expect("your changes are saved");
    browser.go(&site.at("/notice"));
    browser.expect("no news");
}

/// A site whose first page has a reason to fetch another ahead of time, and a link there.
fn serve(reason: &str, to: &str) -> Site {
    let page = Html(format!("<!doctype html>{reason}<a href='{to}'>go</a>"));
    let router = routes![save, notice, greeting, login, logout].with_sessions(sessions());
    Site::serve(router.route("/", axum::routing::get(|| async { page })))
}

/// A speculation rule: the browser obeys it as soon as it sees the page.
fn rule(action: &str, path: &str) -> String {
    let rule = json!({ action: [{ "urls": [path], "eagerness": "immediate" }] });
    format!("<script type='speculationrules'>{rule}</script>")
}

/// Shows the first page until the browser has fetched `path` because of it.
fn fetch_ahead(browser: &Browser, site: &Site, path: &str) {
    browser.go(&site.at("/"));
    let asked = format!("GET {path}");
    until(
        || !site.visits(&asked).is_empty(),
        || format!("the browser to fetch {path} ahead of time"),
    );
}
