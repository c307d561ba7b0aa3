//! Sessions that a store keeps: what holds of them for a visitor, over HTTP and in one process.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the helpers of a test fail it"
)]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::{MemoryStore, SessionId};
use session_runtime::testing::{TestClient, TestResponse};
use session_runtime::{SessionConfig, StoredSessions};
use tokio::sync::Notify;

#[get("/login/{user}")]
#[session(permanent)]
async fn login(session: Session, Path(user): Path<u64>) -> Result<()> {
    session.set("user_id", user)
}

#[get("/whoami")]
async fn whoami(#[session] user_id: Option<u64>) -> String {
    user_id.map_or_else(|| "nobody".to_owned(), |id| id.to_string())
}

#[post("/logout")]
#[session(clear)]
async fn logout() {}

#[post("/sign-out")]
async fn sign_out(#[session(pop)] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[post("/renew")]
#[session(renew)]
async fn renew() {}

#[put("/key/{name}/{value}")]
async fn set(session: Session, Path((name, value)): Path<(String, String)>) -> Result<()> {
    session.set(name, value)
}

#[get("/keys")]
async fn keys(session: Session) -> String {
    let mut keys = session.keys();
    keys.sort();
    keys.join(" ")
}

#[post("/visit")]
async fn visit(#[session(default)] visits: &mut u32) -> String {
    // Long enough for another request to come in between, if it could.
    tokio::task::yield_now().await;
    *visits += 1;
    visits.to_string()
}

#[get("/flash")]
async fn flash(#[session(pop)] notice: Option<String>) -> String {
    notice.unwrap_or_default()
}

#[get("/take")]
async fn take(session: Session) -> Result<String> {
    Ok(session.take("notice").await?.unwrap_or_default())
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "ok"
}

#[post("/locked/{value}")]
#[session(lock)]
async fn locked(session: Session, Path(value): Path<u32>) -> Result<String> {
    let before: u32 = session.get("sum")?.unwrap_or(0);
    tokio::task::yield_now().await;
    session.set("sum", before + value)?;
    Ok((before + value).to_string())
}

/// Opens the session, says so, and waits until it may go on.
#[post("/slow/{name}")]
async fn slow(
    session: Session,
    Path(name): Path<String>,
    axum::extract::State(pause): axum::extract::State<Arc<Pause>>,
) -> Result<String> {
    let before: Option<u64> = session.get("user_id")?;
    pause.opened.notify_one();
    pause.go_on.notified().await;
    if name != "nothing" {
        session.set(name, 1)?;
    }
    Ok(format!("{before:?}"))
}

#[derive(Default)]
struct Pause {
    opened: Notify,
    go_on: Notify,
}

struct Site {
    client: TestClient,
    pause: Arc<Pause>,
    stored: StoredSessions,
}

fn config() -> SessionConfig {
    SessionConfig::new(SecretKey::generate()).store(MemoryStore::new())
}

fn site(config: SessionConfig) -> Site {
    let pause = Arc::new(Pause::default());
    let mut stored = None;
    let client = TestClient::with_config(config, |sessions| -> Router {
        stored = sessions.stored_sessions();
        routes![
            login, whoami, logout, sign_out, renew, set, keys, visit, flash, take, untouched,
            locked, slow
        ]
        .with_sessions(sessions)
        .with_state(pause.clone())
    });
    let stored = stored.expect("there is a store");
    Site {
        client,
        pause,
        stored,
    }
}

fn cookie(client: &TestClient) -> Option<String> {
    client.cookies().get("__Host-session")
}

/// What all of these answer, at one time.
async fn together(
    requests: impl IntoIterator<Item = session_runtime::testing::TestRequest>,
) -> Vec<TestResponse> {
    let running: Vec<_> = requests
        .into_iter()
        .map(|request| tokio::spawn(request.into_future()))
        .collect();
    let mut responses = Vec::new();
    for request in running {
        responses.push(request.await.unwrap());
    }
    responses
}

#[tokio::test]
async fn a_session_comes_back_and_its_cookie_holds_nothing_of_it() {
    let Site { client, .. } = site(config());
    assert_eq!(client.get("/whoami").await.text(), "nobody");
    client.get("/login/12345").await;
    assert_eq!(client.get("/whoami").await.text(), "12345");
    let cookie = cookie(&client).unwrap();
    assert_eq!(cookie.len(), 66, "an id and a secret");
    assert!(
        !client
            .get("/whoami")
            .await
            .headers()
            .contains_key("set-cookie")
    );
}

#[tokio::test]
async fn an_empty_session_creates_nothing() {
    let Site { client, stored, .. } = site(config());
    for path in ["/whoami", "/keys", "/flash", "/take", "/untouched"] {
        let response = client.get(path).await;
        assert!(response.set_cookie().is_empty(), "{path}");
    }
    assert_eq!(stored.purge(u32::MAX).await, Ok(0));
    assert_eq!(cookie(&client), None);
}

#[tokio::test]
async fn an_id_that_nobody_issued_is_never_adopted() {
    let Site { client, .. } = site(config());
    let mine = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for planted in [
        mine,
        "x",
        "",
        "eyJhIjoxfQ.ZVPxAA.hG4LXFRbN7aPAMuhb5V_1Ol-cgU",
    ] {
        client.cookies().set("__Host-session", planted);
        assert_eq!(client.get("/whoami").await.text(), "nobody");
        client.get("/login/1").await;
        let issued = cookie(&client).unwrap();
        assert_ne!(issued, planted);
        assert!(!issued.starts_with("AAAAAAAAAAAAAAAAAAAAAA"));
        client.post("/logout").await;
    }
}

#[tokio::test]
async fn parallel_writes_of_different_keys_are_all_kept() {
    let Site { client, .. } = site(config());
    client.get("/login/1").await;
    let writes = (0..200).map(|n| client.put(format!("/key/k{n}/{n}")));
    for response in together(writes).await {
        assert_eq!(response.status(), 200);
    }
    let keys = client.get("/keys").await;
    assert_eq!(keys.text().split(' ').count(), 201);
}

#[tokio::test]
async fn parallel_updates_are_all_counted() {
    let Site { client, .. } = site(config());
    client.get("/login/1").await;
    let mut answers: Vec<u32> = together((0..100).map(|_| client.post("/visit")))
        .await
        .iter()
        .map(|response| response.text().parse().unwrap())
        .collect();
    answers.sort_unstable();
    assert_eq!(answers, (1..=100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_locked_route_has_the_session_for_itself() {
    let Site { client, .. } = site(config());
    client.get("/login/1").await;
    for response in together((0..50).map(|_| client.post("/locked/2"))).await {
        assert_eq!(response.status(), 200);
    }
    assert_eq!(client.post("/locked/0").await.text(), "100");
}

#[tokio::test]
#[should_panic = "a session in a cookie cannot be locked"]
async fn a_cookie_session_cannot_be_locked() {
    let _ = site(SessionConfig::new(SecretKey::generate()));
}

#[tokio::test]
async fn of_parallel_takes_one_gets_the_message() {
    for path in ["/flash", "/take"] {
        let Site { client, .. } = site(config());
        client.get("/login/1").await;
        client.put("/key/notice/saved").await;
        let polls = (0..50).map(|_| client.get("/whoami"));
        together(polls).await;
        let takes = together((0..50).map(|_| client.get(path))).await;
        let got = takes.iter().filter(|take| take.text() == "saved").count();
        assert_eq!(got, 1, "{path}");
        assert!(takes.iter().all(|take| take.status() == 200));
        assert_eq!(client.get("/keys").await.text(), "user_id");
    }
}

#[tokio::test]
async fn a_head_request_and_a_page_fetched_ahead_take_nothing() {
    let Site { client, .. } = site(config());
    client.get("/login/1").await;
    client.put("/key/notice/saved").await;
    for path in ["/flash", "/take"] {
        client.head(path).await;
        let ahead = client.get(path).header("sec-purpose", "prefetch").await;
        assert_eq!(ahead.status(), 503, "{path}");
    }
    assert_eq!(client.get("/flash").await.text(), "saved");
}

#[tokio::test]
async fn login_and_logout_change_the_secret_and_the_old_one_is_worth_nothing() {
    let Site { client, .. } = site(config());
    client.put("/key/theme/dark").await;
    let anonymous = cookie(&client).unwrap();
    client.get("/login/1").await;
    let logged_in = cookie(&client).unwrap();
    assert_ne!(anonymous, logged_in);
    assert_eq!(anonymous[..22], logged_in[..22], "it is the same session");
    assert_eq!(client.post("/sign-out").await.text(), "Some(1)");
    for old in [anonymous, logged_in] {
        let thief = client.another();
        thief.cookies().set("__Host-session", &old);
        let answer = thief.get("/whoami").await;
        assert_eq!(answer.text(), "nobody");
        assert!(answer.set_cookie().is_empty());
    }
    assert_eq!(client.get("/keys").await.text(), "theme");
}

#[tokio::test]
async fn a_slow_writer_does_not_revive_a_session_that_has_ended() {
    for way_out in ["/logout", "/sign-out"] {
        let Site { client, pause, .. } = site(config());
        client.get("/login/1").await;
        let old = cookie(&client).unwrap();
        let slow = tokio::spawn(client.post("/slow/late").into_future());
        pause.opened.notified().await;
        client.post(way_out).await;
        pause.go_on.notify_one();
        let slow = slow.await.unwrap();
        assert_eq!(slow.status(), 409, "{way_out}");
        assert!(slow.set_cookie().is_empty());
        client.cookies().set("__Host-session", &old);
        assert_eq!(client.get("/whoami").await.text(), "nobody");
    }
}

#[tokio::test]
async fn a_slow_reader_beside_a_renewal_is_served_and_leaves_the_new_cookie_alone() {
    let Site { client, pause, .. } = site(config());
    client.get("/login/1").await;
    let old = cookie(&client).unwrap();
    let slow = tokio::spawn(client.post("/slow/nothing").into_future());
    pause.opened.notified().await;
    client.post("/renew").await;
    pause.go_on.notify_one();
    let slow = slow.await.unwrap();
    assert_eq!(
        (slow.status().as_u16(), slow.text()),
        (200, "Some(1)".to_owned())
    );
    assert!(slow.set_cookie().is_empty());
    assert_eq!(client.get("/whoami").await.text(), "1");

    // With the secret before: read for 30 s, never written.
    let late = client.another();
    late.cookies().set("__Host-session", &old);
    assert_eq!(late.get("/whoami").await.text(), "1");
    let write = late.put("/key/a/1").await;
    assert_eq!(write.status(), 409);
    assert!(write.set_cookie().is_empty());
    client.clock().advance(Duration::from_secs(31));
    assert_eq!(late.get("/whoami").await.text(), "nobody");
    assert_eq!(client.get("/whoami").await.text(), "1");
}

#[tokio::test]
async fn who_logs_in_with_a_secret_of_before_is_a_new_session() {
    let Site { client, stored, .. } = site(config());
    client.get("/login/1").await;
    let old = cookie(&client).unwrap();
    client.post("/logout").await;
    client.cookies().set("__Host-session", &old);
    assert_eq!(client.put("/key/a/1").await.status(), 409);
    assert_eq!(client.get("/login/2").await.status(), 200);
    assert_ne!(cookie(&client).unwrap()[..22], old[..22]);
    assert_eq!(client.get("/whoami").await.text(), "2");
    assert_eq!(stored.of_user(&1).await.unwrap(), []);
}

#[tokio::test]
async fn a_session_lives_on_while_it_is_used_and_no_longer() {
    let day = Duration::from_secs(24 * 3600);
    let Site { client, .. } = site(config().permanent_lifetime(10 * day));
    client.get("/login/1").await;
    for _ in 0..12 {
        client.clock().advance(day);
        let response = client.get("/whoami").await;
        assert_eq!(response.text(), "1");
        assert_eq!(response.set_cookie().len(), 1, "after a tenth of its life");
        assert!(client.get("/whoami").await.set_cookie().is_empty());
    }
    let stolen = cookie(&client).unwrap();
    client.clock().advance(10 * day + Duration::from_secs(1));
    client.cookies().set("__Host-session", &stolen);
    assert_eq!(client.get("/whoami").await.text(), "nobody");
}

#[tokio::test]
async fn an_absolute_lifetime_ends_a_session_that_is_used_all_the_time() {
    let hour = Duration::from_secs(3600);
    let Site { client, .. } = site(config().absolute_lifetime(5 * hour));
    client.get("/login/1").await;
    let stolen = cookie(&client).unwrap();
    for _ in 0..4 {
        client.clock().advance(hour);
        assert_eq!(client.get("/whoami").await.text(), "1");
    }
    client.clock().advance(hour + Duration::from_secs(1));
    client.cookies().set("__Host-session", &stolen);
    assert_eq!(client.get("/whoami").await.text(), "nobody");
}

#[tokio::test]
async fn a_users_sessions_are_listed_and_ended_one_by_one_or_together() {
    let Site { client, stored, .. } = site(config());
    let phone = client.another();
    client.get("/login/1").await;
    phone.clock().advance(Duration::from_secs(5));
    phone.get("/login/1").await;
    client.another().get("/login/2").await;
    let records = stored.of_user(&1).await.unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].created_at - records[0].created_at, 5);
    let of = |client: &TestClient| -> SessionId { cookie(client).unwrap()[..22].parse().unwrap() };
    assert_eq!(records[0].id, of(&client));
    let shown = format!("{records:?}");
    assert!(!shown.contains(&cookie(&client).unwrap()[23..]));

    assert_eq!(stored.end_others_of_user(&1, of(&phone)).await, Ok(1));
    assert_eq!(client.get("/whoami").await.text(), "nobody");
    assert_eq!(phone.get("/whoami").await.text(), "1");
    assert_eq!(stored.end(of(&phone)).await, Ok(true));
    assert_eq!(stored.end(of(&phone)).await, Ok(false));
    assert_eq!(phone.get("/whoami").await.text(), "nobody");
}

#[tokio::test]
async fn one_login_more_than_is_allowed_ends_the_oldest() {
    let Site { client, .. } = site(config().sessions_per_user(NonZeroU32::new(2).unwrap()));
    let browsers = [client.another(), client.another(), client.another()];
    for browser in &browsers {
        browser.get("/login/1").await;
        browser.clock().advance(Duration::from_secs(1));
    }
    let mut who = Vec::new();
    for browser in &browsers {
        who.push(browser.get("/whoami").await.text());
    }
    assert_eq!(who, ["nobody", "1", "1"]);
}

#[tokio::test]
async fn a_visitor_with_a_cookie_of_before_the_store_stays_logged_in() {
    let before = SessionConfig::new(SecretKey::generate());
    let serializer = before.clone().serializer();
    let config = before.clone().store(MemoryStore::new());
    let Site { client, .. } = site(config.also_read(before, "2199-12-31").unwrap());
    let cookie_session = serializer
        .encode(r#"{"user_id":7,"theme":"dark"}"#, client.clock().now())
        .unwrap();
    client.cookies().set("__Host-session", &cookie_session);
    assert_eq!(client.get("/whoami").await.text(), "7");
    let moved = cookie(&client).unwrap();
    assert_eq!(moved.len(), 66);
    assert_eq!(client.get("/keys").await.text(), "theme user_id");
}
