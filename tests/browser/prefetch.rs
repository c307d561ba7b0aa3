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

#[test]
fn a_flash_is_not_lost_to_a_prefetch_link() {
    assert_shown_on_the_click(r#"<link rel="prefetch" href="/notice">"#, "prefetch");
}

#[test]
fn a_flash_is_not_lost_to_a_prefetch_rule() {
    assert_shown_on_the_click(&rule("prefetch"), "prefetch");
}

#[test]
fn a_flash_is_not_lost_to_a_prerendered_page() {
    assert_shown_on_the_click(&rule("prerender"), "prefetch;prerender");
}

/// A speculation rule: the browser does it as soon as it sees the page.
fn rule(action: &str) -> String {
    let rule = json!({ action: [{ "urls": ["/notice"], "eagerness": "immediate" }] });
    format!("<script type='speculationrules'>{rule}</script>")
}

/// `reason` makes the browser fetch `/notice` ahead of time, and says `purpose` to the server.
fn assert_shown_on_the_click(reason: &str, purpose: &str) {
    let page = Html(format!("<!doctype html>{reason}<a href='/notice'>news</a>"));
    let router = routes![save, notice].with_sessions(sessions());
    let site = Site::serve(router.route("/", axum::routing::get(|| async { page })));
    let browser = Browser::start();
    browser.go(&site.at("/save"));
    browser.go(&site.at("/"));
    until(
        || !site.visits("GET /notice").is_empty(),
        || format!("the browser to fetch /notice ahead of time because of {reason}"),
    );
    let ahead = &site.visits("GET /notice")[0];
    assert_eq!(ahead.purpose, purpose);
    assert!(ahead.carried_cookies);
    assert_eq!((ahead.status, ahead.set_cookies), (503, false));

    browser.click("a");
    browser.expect("your changes are saved");
    browser.go(&site.at("/notice"));
    browser.expect("no news");
}
