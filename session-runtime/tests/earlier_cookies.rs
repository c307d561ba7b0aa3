//! The cookie changes in production, and nobody is logged out: what is read, rewritten, expired and left alone.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test panics")]

#[allow(dead_code, reason = "each test program uses a part")]
mod common;

use std::time::Duration;

use axum::Router;
use common::{Answer, get, send};
use http::header::{COOKIE, SET_COOKIE, VARY};
use http::{Method, Request};
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, CookieSettings, SameSite, SessionLayer};

const NOW: u64 = 1_700_000_000; // 2023-11-14
const TODAY: &str = "2023-11-14";
const TOMORROW: u64 = NOW + 24 * 60 * 60;

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "ok"
}

#[get("/visit")]
async fn visit(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[get("/logout")]
#[session(clear)]
async fn logout() -> &'static str {
    "good bye"
}

#[get("/keys")]
async fn keys(session: Session) -> Result<String> {
    let place: Option<(f64, f64)> = session.get("place")?;
    Ok(format!("{:?} {place:?}", session.keys()))
}

fn key() -> SecretKey {
    SecretKey::new("fc4f1d5be64ba7a8b2a4b9d4").unwrap()
}

fn other_key() -> SecretKey {
    SecretKey::new("0b7d7f8a2d8f41f1a2d69f45").unwrap()
}

fn app(config: SessionConfig) -> Router {
    app_at(config, NOW)
}

fn app_at(config: SessionConfig, now: u64) -> Router {
    let layer = SessionLayer::new(config.clock(Clock::manual(now)));
    routes![index, untouched, visit, logout, keys].with_sessions(layer)
}

/// The cookie that `config` writes for a session of user 7.
fn cookie(config: &SessionConfig, name: &str) -> String {
    let value = config.serializer().encode(r#"{"user_id":7}"#, NOW);
    format!("{name}={}", value.unwrap())
}

/// The lines that delete a cookie, without their life.
fn deleted(answer: &Answer) -> Vec<String> {
    let life = "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    lines(answer)
        .iter()
        .filter_map(|line| line.strip_suffix(life).map(str::to_owned))
        .collect()
}

fn lines(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.get_all(SET_COOKIE).iter();
    lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

/// The names of the cookies that are set to a value.
fn set(answer: &Answer) -> Vec<String> {
    let lines = lines(answer)
        .into_iter()
        .filter(|line| !line.contains("Max-Age=0"));
    lines
        .map(|line| line.split('=').next().unwrap().to_owned())
        .collect()
}

/// What a browser sends next.
fn kept(answer: &Answer) -> String {
    let line = lines(answer)
        .into_iter()
        .find(|line| !line.contains("Max-Age=0"));
    line.unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn flasks_cookie_is_read_rewritten_and_expired() {
    let flask = SessionConfig::flask(other_key());
    let app = app(SessionConfig::new(key())
        .also_read(flask.clone(), TODAY)
        .unwrap());
    let answer = get(&app, "/", &cookie(&flask, "session")).await;
    assert_eq!(answer.text, "Some(7)");
    assert_eq!(set(&answer), ["__Host-session"]);
    assert_eq!(deleted(&answer), ["session=; HttpOnly; Path=/"]);
    assert_eq!(answer.headers[VARY], "Cookie");

    let rewritten = kept(&answer);
    let again = get(&app, "/", &rewritten).await;
    assert_eq!((again.text.as_str(), lines(&again).len()), ("Some(7)", 0));
}

#[tokio::test]
async fn what_a_tag_said_is_read_after_the_move_as_before() {
    let flask = SessionConfig::flask(other_key());
    let session = r#"{"place":{" t":[48.85,2.35]},"name":"字","_permanent":true}"#;
    let value = flask.serializer().encode(session, NOW).unwrap();
    let app = app(SessionConfig::new(key()).also_read(flask, TODAY).unwrap());
    let moved = get(&app, "/keys", &format!("session={value}")).await;
    assert_eq!(moved.text, r#"["name", "place"] Some((48.85, 2.35))"#);
    assert!(
        lines(&moved)[0].contains("; Expires="),
        "it stays permanent"
    );
    let rewritten = kept(&moved);
    assert_eq!(get(&app, "/keys", &rewritten).await.text, moved.text);
}

#[tokio::test]
async fn the_way_back_to_flask_is_the_same() {
    let ours = SessionConfig::new(other_key());
    let app = app(SessionConfig::flask(key())
        .also_read(ours.clone(), TODAY)
        .unwrap());
    let answer = get(&app, "/visit", &cookie(&ours, "__Host-session")).await;
    assert_eq!(set(&answer), ["session"]);
    assert_eq!(deleted(&answer).len(), 1);
}

#[tokio::test]
async fn the_earlier_cookie_is_not_asked_where_the_present_one_opens_a_session() {
    let earlier = SessionConfig::flask(other_key());
    let config = SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap();
    let present = config
        .serializer()
        .encode(r#"{"user_id":1}"#, NOW - 60)
        .unwrap();
    let both = format!("{}; __Host-session={present}", cookie(&earlier, "session"));
    let app = app(config);
    let answer = get(&app, "/", &both).await;
    assert_eq!((answer.text.as_str(), lines(&answer).len()), ("Some(1)", 0));

    let answer = get(&app, "/visit", &both).await;
    assert_eq!(
        deleted(&answer).len(),
        1,
        "whatever is saved expires the twin"
    );
}

#[tokio::test]
async fn a_logout_expires_both_so_that_the_earlier_one_does_not_log_in_again() {
    let earlier = SessionConfig::flask(other_key());
    let config = SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap();
    let app = app(config.clone());
    for cookies in [
        cookie(&earlier, "session"),
        format!(
            "{}; {}",
            cookie(&earlier, "session"),
            cookie(&config, "__Host-session")
        ),
    ] {
        let answer = get(&app, "/logout", &cookies).await;
        assert_eq!(set(&answer), [""; 0], "{cookies}");
        assert_eq!(deleted(&answer).len(), 2, "{cookies}");
    }
}

#[tokio::test]
async fn a_change_of_domain_expires_the_wider_cookie() {
    let settings = || CookieSettings::new().name("session");
    let wide = SessionConfig::new(key())
        .cookie(settings().domain("example.com").same_site(SameSite::Strict))
        .unwrap();
    let narrow = SessionConfig::new(key()).cookie(settings()).unwrap();
    for (earlier, present, expired) in [
        (&wide, &narrow, "; Domain=example.com"),
        (&narrow, &wide, "; Path=/"),
    ] {
        let config = present.clone().also_read(earlier.clone(), TODAY).unwrap();
        let answer = get(&app(config), "/visit", &cookie(earlier, "session")).await;
        assert_eq!(set(&answer), ["session"]);
        let deleted = deleted(&answer);
        assert_eq!(deleted.len(), 1);
        assert!(deleted[0].ends_with(expired), "{deleted:?}");
    }
}

#[tokio::test]
async fn a_change_of_key_or_format_alone_overwrites_and_expires_nothing() {
    let settings = || CookieSettings::flask();
    let earlier = SessionConfig::flask(other_key());
    let present = SessionConfig::new(key()).cookie(settings()).unwrap();
    let app = app(present.also_read(earlier.clone(), TODAY).unwrap());
    let answer = get(&app, "/", &cookie(&earlier, "session")).await;
    assert_eq!(answer.text, "Some(7)");
    assert_eq!((set(&answer).len(), deleted(&answer).len()), (1, 0));
}

#[tokio::test]
async fn it_ends_with_its_last_day() {
    let earlier = SessionConfig::flask(other_key());
    let config = SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap();
    let midnight = TOMORROW - TOMORROW % (24 * 60 * 60);
    for (now, text) in [(midnight - 1, "Some(7)"), (midnight, "None")] {
        let app = app_at(config.clone(), now);
        let answer = get(&app, "/", &cookie(&earlier, "session")).await;
        assert_eq!(answer.text, text);
        assert_eq!(lines(&answer).is_empty(), text == "None");
    }
}

#[tokio::test]
async fn another_applications_cookie_of_that_name_is_left_alone() {
    let earlier = SessionConfig::flask(other_key());
    let app = app(SessionConfig::new(key()).also_read(earlier, TODAY).unwrap());
    let theirs = cookie(&SessionConfig::flask(SecretKey::generate()), "session");
    for cookies in [theirs.as_str(), "session=php-5f2a", "session="] {
        let answer = get(&app, "/visit", cookies).await;
        assert_eq!(answer.text, "1");
        assert_eq!(deleted(&answer), [""; 0], "{cookies}");
    }
}

#[tokio::test]
async fn the_earlier_lifetime_judges_the_earlier_cookie() {
    let earlier = SessionConfig::flask(other_key()).permanent_lifetime(Duration::from_secs(60));
    let config = SessionConfig::new(key())
        .also_read(earlier.clone(), "2023-12-31")
        .unwrap();
    let visitor = cookie(&earlier, "session");
    let alive = get(&app_at(config.clone(), NOW + 60), "/", &visitor).await;
    let expired = get(&app_at(config, NOW + 61), "/", &visitor).await;
    assert_eq!(
        (alive.text.as_str(), expired.text.as_str()),
        ("Some(7)", "None")
    );
}

#[tokio::test]
async fn a_route_that_does_not_look_and_a_head_request_move_nothing() {
    let earlier = SessionConfig::flask(other_key());
    let app = app(SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap());
    let visitor = cookie(&earlier, "session");
    for (method, path) in [(Method::GET, "/untouched"), (Method::HEAD, "/")] {
        let request = Request::builder().method(method).uri(path);
        let answer = send(&app, request.header(COOKIE, &visitor)).await;
        assert_eq!(lines(&answer), [""; 0], "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_for_the_present_cookie_stays_where_it_is() {
    let earlier = SessionConfig::flask(other_key());
    let small = CookieSettings::new().max_size(80);
    let present = SessionConfig::new(key()).cookie(small).unwrap();
    let app = app(present.also_read(earlier.clone(), TODAY).unwrap());
    let answer = get(&app, "/", &cookie(&earlier, "session")).await;
    assert_eq!((answer.text.as_str(), lines(&answer).len()), ("Some(7)", 0));
}

#[tokio::test]
async fn settings_before_the_earlier_ones_are_read_as_well() {
    let oldest = SessionConfig::flask(other_key());
    let old = SessionConfig::new(other_key())
        .also_read(oldest.clone(), TODAY)
        .unwrap();
    let app = app(SessionConfig::new(key())
        .also_read(old.clone(), TODAY)
        .unwrap());
    for visitor in [cookie(&oldest, "session"), cookie(&old, "__Host-session")] {
        assert_eq!(get(&app, "/", &visitor).await.text, "Some(7)", "{visitor}");
    }
}

#[tokio::test]
async fn a_captured_cookie_of_the_present_settings_gains_no_life_under_an_earlier_name() {
    let wide = CookieSettings::new().domain("example.com");
    let earlier = SessionConfig::new(key()).cookie(wide).unwrap();
    let present = SessionConfig::new(key())
        .browser_lifetime(Duration::from_secs(900))
        .also_read(earlier, TODAY)
        .unwrap();
    let captured = cookie(&present, "__Secure-session");
    let visit = async |now| {
        let app = app_at(present.clone(), now);
        get(&app, "/", &captured).await.text
    };
    assert_eq!(visit(NOW + 900).await, "Some(7)");
    assert_eq!(visit(NOW + 901).await, "None");
}

#[tokio::test]
async fn an_absolute_lifetime_holds_for_what_earlier_settings_have_written() {
    let hour = Duration::from_secs(60 * 60);
    for earlier in [
        SessionConfig::new(key()).login_key("uid").unwrap(),
        SessionConfig::flask(other_key()),
    ] {
        let name = if earlier.cookie_settings() == &CookieSettings::new() {
            "__Host-session"
        } else {
            "session"
        };
        let present = SessionConfig::new(key())
            .absolute_lifetime(hour)
            .also_read(earlier.clone(), "2023-12-31")
            .unwrap();
        let session = format!(r#"{{"user_id":7,"_created":{NOW},"_permanent":true}}"#);
        let value = earlier.serializer().encode(&session, NOW + 3600);
        let visitor = format!("{name}={}", value.unwrap());
        for (now, text) in [(NOW + 3600, "Some(7)"), (NOW + 3601, "None")] {
            let app = app_at(present.clone(), now);
            assert_eq!(get(&app, "/", &visitor).await.text, text, "{name}");
        }
    }
}

#[tokio::test]
async fn the_sessions_own_line_comes_last_so_that_no_browser_loses_it() {
    let earlier = SessionConfig::flask(other_key());
    let app = app(SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap());
    let lines = lines(&get(&app, "/", &cookie(&earlier, "session")).await);
    assert!(lines[0].starts_with("session=;"), "{lines:?}");
    assert!(lines[1].starts_with("__Host-session=ey"), "{lines:?}");
}

#[tokio::test]
async fn a_domain_is_the_same_in_any_letter_case() {
    let domain = |domain| {
        let settings = CookieSettings::new().domain(domain);
        SessionConfig::new(key()).cookie(settings).unwrap()
    };
    let earlier = domain("Example.COM");
    let app = app(domain("example.com")
        .also_read(earlier.clone(), TODAY)
        .unwrap());
    let answer = get(&app, "/visit", &cookie(&earlier, "__Secure-session")).await;
    assert_eq!((set(&answer).len(), deleted(&answer).len()), (1, 0));
}

#[tokio::test]
async fn a_cookie_that_becomes_partitioned_leaves_no_twin_outside() {
    let earlier = SessionConfig::new(key());
    let partitioned = CookieSettings::new().partitioned(true);
    let present = SessionConfig::new(key()).cookie(partitioned).unwrap();
    let app = app(present.also_read(earlier.clone(), TODAY).unwrap());
    let visitor = cookie(&earlier, "__Host-session");
    let logout = deleted(&get(&app, "/logout", &visitor).await);
    assert_eq!(logout.len(), 2, "{logout:?}");
    let inside = |line: &&String| line.contains("; Partitioned");
    assert_eq!(logout.iter().filter(inside).count(), 1, "{logout:?}");
}

#[tokio::test]
async fn a_move_that_does_not_fit_is_no_error_where_an_absolute_lifetime_is_noted_either() {
    let earlier = SessionConfig::flask(other_key());
    let small = CookieSettings::new().max_size(85);
    let present = SessionConfig::new(key())
        .absolute_lifetime(Duration::from_secs(600))
        .cookie(small)
        .unwrap();
    let app = app(present.also_read(earlier.clone(), TODAY).unwrap());
    let answer = get(&app, "/", &cookie(&earlier, "session")).await;
    assert_eq!((answer.text.as_str(), lines(&answer).len()), ("Some(7)", 0));
}

#[tokio::test]
async fn an_empty_earlier_session_hides_none_behind_it() {
    let empty = SessionConfig::flask(other_key());
    let oldest = SessionConfig::new(other_key());
    let config = SessionConfig::new(key())
        .also_read(empty.clone(), TODAY)
        .unwrap()
        .also_read(oldest.clone(), TODAY)
        .unwrap();
    // The second has another name than ours only where ours is another one.
    let ours = CookieSettings::new().name("ours");
    let app = app(config.cookie(ours).unwrap());
    let nothing = empty.serializer().encode("{}", NOW).unwrap();
    let visitor = format!("session={nothing}; {}", cookie(&oldest, "__Host-session"));
    assert_eq!(get(&app, "/", &visitor).await.text, "Some(7)");
}

#[tokio::test]
async fn a_page_that_is_fetched_ahead_moves_nothing() {
    let earlier = SessionConfig::flask(other_key());
    let app = app(SessionConfig::new(key())
        .also_read(earlier.clone(), TODAY)
        .unwrap());
    let request = Request::get("/")
        .header(COOKIE, cookie(&earlier, "session"))
        .header("sec-purpose", "prefetch;prerender");
    let answer = send(&app, request).await;
    assert_eq!((answer.text.as_str(), lines(&answer).len()), ("Some(7)", 0));
}

#[tokio::test]
async fn processes_of_two_deployments_hand_a_session_to_and_fro() {
    let (old, new) = (SessionConfig::flask(other_key()), SessionConfig::new(key()));
    let first = app(old.clone().also_read(new.clone(), TODAY).unwrap());
    let second = app(new.also_read(old.clone(), TODAY).unwrap());
    let mut visitor = cookie(&old, "session");
    for (round, process) in [&first, &second, &first, &second].into_iter().enumerate() {
        let answer = get(process, "/visit", &visitor).await;
        assert_eq!(answer.text, (round + 1).to_string());
        visitor = kept(&answer);
        assert_eq!(get(process, "/", &visitor).await.text, "Some(7)");
    }
}
