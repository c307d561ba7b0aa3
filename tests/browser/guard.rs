//! What a stranger sees of a guarded page, and what is left of it in the browser after a logout.

use session_runtime::prelude::*;

use crate::driver::Browser;
use crate::site::{Site, sessions};

#[get("/account")]
#[login_required(redirect = "/signin")]
async fn account(#[session] user_id: u64) -> String {
    format!("the account of user {user_id}")
}

/// What `account` would be without its guard.
#[get("/unguarded")]
async fn unguarded(#[session] user_id: Option<u64>) -> String {
    format!("unguarded: {user_id:?}")
}

#[get("/signin")]
async fn signin() -> &'static str {
    "please sign in"
}

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
    user_id.set(12345)?;
    Ok(Redirect::to(&url_for!(unguarded)))
}

#[get("/logout")]
#[session(clear)]
async fn logout() -> &'static str {
    "good bye"
}

#[test]
fn a_strangers_page_view_lands_on_the_login_page_with_the_way_back() {
    let site = serve();
    let browser = Browser::start();
    browser.go(&site.at("/account?tab=orders"));
    browser.expect("please sign in");
    assert_eq!(
        browser.address(),
        site.at("/signin?next=/account%3Ftab%3Dorders")
    );
}

#[test]
fn a_strangers_fetch_gets_401_and_no_login_page() {
    let site = serve();
    let browser = Browser::start();
    browser.go(&site.at("/signin"));
    let answer = browser.run(
        "return fetch('/account').then(async answer => [answer.status, answer.redirected, await answer.text()])",
    );
    assert_eq!(answer, serde_json::json!([401, false, "Please log in."]));
}

#[test]
fn the_back_button_after_a_logout_shows_no_guarded_page() {
    let site = serve();
    let browser = Browser::start();
    browser.go(&site.at("/login"));
    browser.expect("unguarded: Some(12345)");
    browser.go(&site.at("/account"));
    browser.expect("the account of user 12345");
    browser.go(&site.at("/logout"));
    browser.expect("good bye");

    browser.back();
    browser.expect("please sign in");
    // The guard makes the difference: without one the browser shows what it has kept.
    browser.back();
    browser.expect("unguarded: Some(12345)");
    assert_eq!(site.visits("GET /unguarded").len(), 1);
}

fn serve() -> Site {
    Site::serve(routes![account, unguarded, signin, login, logout].with_sessions(sessions()))
}
