//! Which cookies outlive the browser.

use session_runtime::prelude::*;

use crate::driver::Browser;
use crate::site::{Site, sessions};

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    match user_id {
        Some(id) => format!("user {id}"),
        None => "nobody".to_owned(),
    }
}

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
    user_id.set(12345)?;
    Ok(Redirect::to(&url_for!(index)))
}

#[get("/login/remembered")]
#[session(permanent)]
async fn login_remembered(#[session(set)] user_id: Slot<u64>) -> Result<Redirect> {
    user_id.set(12345)?;
    Ok(Redirect::to(&url_for!(index)))
}

#[test]
fn a_permanent_session_outlives_a_restart_of_the_browser() {
    assert_eq!(shown_after_a_restart("/login/remembered"), "user 12345");
}

#[test]
fn a_session_that_is_not_permanent_ends_with_the_browser() {
    assert_eq!(shown_after_a_restart("/login"), "nobody");
}

fn shown_after_a_restart(login_path: &str) -> String {
    let site = Site::serve(routes![index, login, login_remembered].with_sessions(sessions()));
    let browser = Browser::start();
    browser.go(&site.at(login_path));
    browser.expect("user 12345");
    // Tells a cookie that ended from a browser that lost all its cookies.
    browser.run("document.cookie = 'kept=1; Max-Age=600'");

    let browser = browser.restart();
    browser.go(&site.at("/"));
    assert_eq!(browser.run("return document.cookie"), "kept=1");
    browser.text()
}
