//! Which requests of another site's pages carry the session.

use axum::Router;
use axum::response::Html;
use session_runtime::CookieSettings;
use session_runtime::prelude::*;

use crate::driver::Browser;
use crate::site::{Site, sessions_with};

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("shown to {user_id:?}")
}

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
    user_id.set(12345)?;
    Ok(Redirect::to(&url_for!(index)))
}

#[post("/transfer")]
async fn transfer(#[session] user_id: Option<u64>) -> String {
    format!("paid by {user_id:?}")
}

#[test]
fn another_sites_form_does_not_carry_the_session_and_its_link_does() {
    let (site, other) = serve(CookieSettings::new().secure(false));
    let browser = Browser::start();
    browser.go(&site.at("/login"));
    browser.expect("shown to Some(12345)");

    browser.go(&other.at_localhost("/"));
    browser.click("button");
    browser.expect("paid by None");
    browser.go(&other.at_localhost("/"));
    browser.click("a");
    browser.expect("shown to Some(12345)");
}

#[test]
fn a_form_of_the_same_site_carries_the_session_from_another_port() {
    let (site, other) = serve(CookieSettings::new().secure(false));
    let browser = Browser::start();
    browser.go(&site.at("/login"));
    browser.go(&other.at("/"));
    browser.click("button");
    browser.expect("paid by Some(12345)");
}

/// Chromium takes a cookie that says nothing for `Lax`, but not in its first two minutes.
#[test]
fn another_sites_form_carries_a_fresh_session_where_same_site_is_left_out_as_flask_does() {
    let (site, other) = serve(CookieSettings::flask());
    let browser = Browser::start();
    browser.go(&site.at("/login"));
    browser.go(&other.at_localhost("/"));
    browser.click("button");
    browser.expect("paid by Some(12345)");
}

/// A site with sessions, and one whose page leads to it by a form and by a link.
fn serve(cookie: CookieSettings) -> (Site, Site) {
    let site = Site::serve(routes![index, login, transfer].with_sessions(sessions_with(cookie)));
    let page = Html(format!(
        "<!doctype html><form method='post' action='{}'><button>pay</button></form><a href='{}'>go</a>",
        site.at("/transfer"),
        site.at("/"),
    ));
    let other = Router::new().route("/", axum::routing::get(|| async { page }));
    (site, Site::serve(other))
}
