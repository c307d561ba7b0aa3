//! What Chromium takes: how large a cookie may be, and where it may be `Secure`.

use axum::Router;
use axum::body::Body;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, Request};
use session_runtime::CookieSettings;
use session_runtime::prelude::*;
use tower::ServiceExt;

use crate::driver::Browser;
use crate::site::{Site, sessions_with};

/// What Chromium keeps, in bytes of name and value.
const LIMIT: usize = 4096;

#[get("/write")]
async fn write(#[session(set)] text: Slot<String>) -> Result<&'static str> {
    text.set(incompressible())?;
    Ok("written")
}

#[get("/read")]
async fn read(#[session] text: Option<String>) -> &'static str {
    match text {
        Some(text) if text == incompressible() => "all of it",
        Some(_) => "something else",
        None => "nothing",
    }
}

#[test]
fn a_session_of_exactly_the_limit_is_kept_and_one_byte_more_is_refused_and_sets_nothing() {
    let browser = Browser::start();

    let full = Site::serve(app(LIMIT, LIMIT));
    browser.go(&full.at("/write"));
    browser.expect("written");
    let cookie = &browser.cookies()[0];
    let size = |field: &str| cookie[field].as_str().unwrap().len();
    assert_eq!(size("name") + size("value"), LIMIT);
    browser.go(&full.at("/read"));
    browser.expect("all of it");

    let over = Site::serve(app(LIMIT + 1, LIMIT));
    browser.go(&over.at("/write"));
    let sentence = browser.text();
    assert!(
        sentence.contains("the cookie would have 4097 bytes and browsers keep 4096"),
        "{sentence}"
    );
    let visit = &over.visits("GET /write")[0];
    assert_eq!((visit.status, visit.set_cookies), (500, false));
    browser.go(&over.at("/read"));
    browser.expect("nothing");
}

#[test]
fn one_byte_more_than_our_limit_is_more_than_chromium_keeps() {
    let site = Site::serve(app(LIMIT + 1, LIMIT + 1));
    let browser = Browser::start();
    browser.go(&site.at("/write"));
    browser.expect("written");
    assert!(site.visits("GET /write")[0].set_cookies);
    assert_eq!(browser.cookies().len(), 0);
    browser.go(&site.at("/read"));
    browser.expect("nothing");
}

#[test]
fn chromium_keeps_a_secure_host_cookie_on_loopback_over_plain_http() {
    let site =
        Site::serve(routes![write, read].with_sessions(sessions_with(CookieSettings::new())));
    let browser = Browser::start();
    for at in [Site::at_localhost, Site::at] {
        browser.go(&at(&site, "/write"));
        browser.expect("written");
        browser.go(&at(&site, "/read"));
        browser.expect("all of it");
        let cookie = &browser.cookies()[0];
        assert_eq!(cookie["name"], "__Host-session");
        assert_eq!(cookie["secure"], true);
    }
}

/// An application whose session has `size` bytes as a cookie. The cookie's name makes up for what the token lacks, because
/// base64 does not have every length.
fn app(size: usize, limit: usize) -> Router {
    let with_name = |name: &str| {
        let cookie = CookieSettings::new().secure(false).name(name);
        let sessions = sessions_with(cookie.max_size(limit));
        routes![write, read].with_sessions(sessions.on_refusal(|refusal| refusal.to_string()))
    };
    let name = "n".repeat(size - value_length(with_name("n")));
    with_name(&name)
}

/// The length of the session's token, the same under each key and at all times.
fn value_length(app: Router) -> usize {
    let request = Request::get("/write").body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let response = runtime.block_on(app.oneshot(request)).unwrap();
    let line: &HeaderValue = &response.headers()[SET_COOKIE];
    let (_, line) = line.to_str().unwrap().split_once('=').unwrap();
    line.split(';').next().unwrap().len()
}

/// A text that compression leaves long enough to nearly fill a cookie.
fn incompressible() -> String {
    let mut state: u32 = 1;
    let letters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'!' + (state >> 24) as u8 % 90)
    });
    letters
        .filter(|letter| !matches!(letter, '"' | '\\'))
        .take(3550)
        .collect()
}
