//! Logins that are remembered beyond their session, over HTTP. What OWASP's guidance asks has its number of our list in its
//! name.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::{TestClient, TestResponse};
use session_runtime::{CookieSettings, SameSite};

const REMEMBER: &str = "__Host-remember";
const SESSION: &str = "__Host-session";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug)]
struct User {
    id: u64,
    epoch: u64,
}

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.id
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }
}

/// Users with ids below 100, all of one epoch.
#[derive(Clone, Default)]
struct Database {
    epoch: Arc<AtomicU64>,
    is_down: Arc<AtomicBool>,
}

impl Database {
    fn user(&self, id: u64) -> User {
        let epoch = self.epoch.load(Ordering::SeqCst);
        User { id, epoch }
    }
}

impl UserLoader for Database {
    type User = User;
    type Error = &'static str;

    async fn load(&self, id: u64) -> Result<Option<User>, Self::Error> {
        // Lets another request come in between.
        tokio::task::yield_now().await;
        match self.is_down.load(Ordering::SeqCst) {
            true => Err("no connection"),
            false => Ok((id < 100).then(|| self.user(id))),
        }
    }
}

#[post("/login/{id}")]
async fn login(
    Path(id): Path<u64>,
    session: Session,
    State(database): State<Database>,
) -> Result<()> {
    session.login(&database.user(id))
}

#[post("/login-remembered/{id}")]
async fn login_remembered(
    Path(id): Path<u64>,
    session: Session,
    State(database): State<Database>,
) -> Result<()> {
    session.login(&database.user(id))?;
    session.remember()
}

#[post("/remember")]
async fn remember_nobody(session: Session) -> Result<()> {
    session.remember()
}

#[post("/logout")]
async fn logout(session: Session) -> Result<()> {
    session.logout()
}

#[post("/clear")]
#[session(clear)]
async fn clear() {}

#[post("/forget")]
async fn forget(#[session(pop)] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[get("/account")]
#[login_required]
async fn account(CurrentUser(user): CurrentUser<User>) -> String {
    format!("account of {}", user.id)
}

#[get("/read-only")]
#[login_required]
#[session(read_only)]
async fn read_only() {}

#[get("/email")]
#[login_required(fresh)]
async fn email() {}

#[get("/public")]
async fn public(session: Session) -> String {
    format!("{:?}", session.keys())
}

#[post("/note")]
async fn note(#[session(set)] note: Slot<u32>) -> Result<()> {
    note.set(1)
}

fn config() -> SessionConfig {
    SessionConfig::new(SecretKey::generate())
}

fn visitor_with(config: SessionConfig, database: &Database) -> TestClient {
    let database = database.clone();
    TestClient::with_config(config, |sessions| -> Router {
        routes![
            login,
            login_remembered,
            remember_nobody,
            logout,
            clear,
            forget,
            account,
            read_only,
            email,
            public,
            note
        ]
        .with_sessions(sessions.with_users(database.clone()))
        .with_state(database)
    })
}

/// A visitor who was logged in as user 7, is remembered, and has begun a new session.
async fn remembered() -> (TestClient, Database) {
    let database = Database::default();
    let client = visitor_with(config(), &database);
    client.post("/login-remembered/7").await;
    client.restart_browser();
    assert_eq!(client.cookies().names(), [REMEMBER]);
    (client, database)
}

/// What the response says of the cookie that remembers, without its value.
fn said(response: &TestResponse) -> Option<BTreeSet<String>> {
    let mut lines = response.set_cookie().into_iter();
    let line = lines.rfind(|line| line.starts_with(REMEMBER))?;
    let parts = line.split("; ").skip(1);
    Some(parts.map(str::to_owned).collect())
}

fn is_remembered(client: &TestClient) -> bool {
    client.cookies().get(REMEMBER).is_some()
}

#[tokio::test]
async fn owasp_24_a_remembered_login_is_refused_where_a_fresh_one_is_needed() {
    let (client, _) = remembered().await;
    assert_eq!(client.get("/email").await.status(), 401);
    assert_eq!(client.get("/account").await.text(), "account of 7");
    assert_eq!(client.get("/email").await.status(), 401);
    client.post("/login/7").await;
    assert_eq!(client.get("/email").await.status(), 200);
}

#[tokio::test]
async fn a_login_is_restored_once_and_then_the_session_has_it() {
    let (client, _) = remembered().await;
    let response = client.get("/account").await;
    assert_eq!(response.set_cookie().len(), 1, "the session's alone");
    client.cookies().remove(REMEMBER);
    let response = client.get("/account").await;
    assert_eq!(response.text(), "account of 7");
    assert!(response.set_cookie().is_empty());
}

#[tokio::test]
async fn a_login_is_restored_where_the_route_itself_cannot_change_the_session() {
    let (client, _) = remembered().await;
    assert_eq!(client.get("/read-only").await.status(), 200);
    assert_eq!(client.session().await["user_id"], 7);
}

#[tokio::test]
async fn a_login_is_restored_only_where_one_is_asked_for() {
    let (client, _) = remembered().await;
    let response = client.get("/public").await;
    assert_eq!(response.text(), "[]");
    assert!(response.set_cookie().is_empty());
}

#[tokio::test]
async fn the_cookie_has_the_attributes_of_the_sessions_and_outlives_the_browser_by_a_year() {
    let client = visitor_with(config(), &Database::default());
    let now = client.clock().now();
    let response = client.post("/login-remembered/7").await;
    let mut attributes = said(&response).unwrap();
    attributes.retain(|attribute| !attribute.starts_with("Expires="));
    let expected = ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"].map(str::to_owned);
    assert_eq!(attributes, expected.into());
    let expires = client.cookies().expires(REMEMBER).unwrap();
    assert_eq!(expires, now + 365 * DAY.as_secs());
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn the_cookies_name_follows_from_the_sessions_or_is_set() {
    for (session, remember, name) in [
        (
            CookieSettings::new().path("/app"),
            None,
            "__Secure-remember",
        ),
        (CookieSettings::new().secure(false), None, "remember"),
        (
            CookieSettings::new().name("__Host-shop"),
            None,
            "__Host-shop-remember",
        ),
        (
            CookieSettings::new(),
            Some(
                CookieSettings::new()
                    .path("/app")
                    .same_site(SameSite::Strict),
            ),
            "__Secure-remember",
        ),
        (
            CookieSettings::new(),
            Some(CookieSettings::new().name("__Host-stay")),
            "__Host-stay",
        ),
    ] {
        let mut config = config().cookie(session).unwrap();
        if let Some(remember) = remember {
            config = config.remember_cookie(remember).unwrap();
        }
        let client = visitor_with(config, &Database::default());
        let response = client.post("/login-remembered/7").await;
        let names: Vec<_> = response
            .set_cookie()
            .iter()
            .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
            .collect();
        assert!(names.contains(&name.to_owned()), "{names:?} {name}");
    }
    let without_secure = CookieSettings::new().name("__Host-stay").secure(false);
    assert!(config().remember_cookie(without_secure).is_err());
}

#[tokio::test]
async fn a_logout_forgets_the_login_however_it_is_done() {
    for path in ["/logout", "/clear", "/forget"] {
        let (client, _) = remembered().await;
        client.get("/account").await;
        let set_with = ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"];
        let response = client.post(path).await;
        let deleted = said(&response).expect(path);
        assert!(set_with.iter().all(|a| deleted.contains(*a)), "{deleted:?}");
        assert!(!is_remembered(&client), "{path}");
        assert_eq!(client.get("/account").await.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn a_logout_forgets_a_login_that_no_session_has() {
    let (client, _) = remembered().await;
    client.post("/logout").await;
    assert!(!is_remembered(&client));
    // Who brings nothing is told nothing.
    assert!(client.post("/logout").await.set_cookie().is_empty());
}

#[tokio::test]
async fn a_higher_epoch_ends_what_was_remembered() {
    let (client, database) = remembered().await;
    database.epoch.store(1, Ordering::SeqCst);
    let response = client.get("/account").await;
    assert_eq!(response.status(), 401);
    assert!(!is_remembered(&client));
    assert_eq!(response.header("vary"), Some("Cookie"));
    client.post("/login-remembered/7").await;
    client.restart_browser();
    assert_eq!(client.get("/account").await.status(), 200);
}

#[tokio::test]
async fn a_user_who_is_gone_is_forgotten() {
    let database = Database::default();
    let client = visitor_with(config(), &database);
    client.post("/login-remembered/100").await;
    client.restart_browser();
    assert_eq!(client.get("/account").await.status(), 401);
    assert!(!is_remembered(&client));
}

#[tokio::test]
async fn a_database_that_is_down_forgets_nobody() {
    let (client, database) = remembered().await;
    database.is_down.store(true, Ordering::SeqCst);
    assert_eq!(client.get("/account").await.status(), 503);
    database.is_down.store(false, Ordering::SeqCst);
    assert_eq!(client.get("/account").await.status(), 200);
}

#[tokio::test]
async fn a_cookie_does_not_count_beyond_its_lifetime_whatever_the_browser_sends() {
    let database = Database::default();
    let client = visitor_with(config().remember_lifetime(30 * DAY), &database);
    client.post("/login-remembered/7").await;
    let value = client.cookies().get(REMEMBER).unwrap();
    client.restart_browser();
    client.clock().advance(30 * DAY);
    client.cookies().set(REMEMBER, &value);
    assert_eq!(client.get("/account").await.status(), 200);
    client.cookies().clear();
    client.clock().advance(Duration::from_secs(1));
    client.cookies().set(REMEMBER, &value);
    assert_eq!(client.get("/account").await.status(), 401);
}

#[tokio::test]
async fn what_is_no_remember_cookie_of_ours_logs_nobody_in_and_is_never_an_error() {
    let database = Database::default();
    let client = visitor_with(config(), &database);
    client.post("/login-remembered/7").await;
    let (own, session) = (
        client.cookies().get(REMEMBER).unwrap(),
        client.cookies().get(SESSION).unwrap(),
    );
    let elsewhere = visitor_with(config(), &database);
    elsewhere.post("/login-remembered/7").await;
    let foreign = elsewhere.cookies().get(REMEMBER).unwrap();
    let altered = format!("a{own}");
    for value in ["", "7", &altered, &foreign, &session] {
        client.cookies().clear();
        client.cookies().set(REMEMBER, value);
        assert_eq!(client.get("/account").await.status(), 401, "{value}");
    }
    // Nor does it stand in for a session.
    client.cookies().clear();
    client.cookies().set(SESSION, &own);
    assert_eq!(client.get("/account").await.status(), 401);
}

#[tokio::test]
async fn a_key_that_became_a_fallback_still_remembers() {
    let (old, database) = (SecretKey::generate(), Database::default());
    let before = visitor_with(SessionConfig::new(old.clone()), &database);
    before.post("/login-remembered/7").await;
    let value = before.cookies().get(REMEMBER).unwrap();
    let after = visitor_with(config().fallbacks([old]), &database);
    after.cookies().set(REMEMBER, &value);
    assert_eq!(after.get("/account").await.text(), "account of 7");
    after.post("/login-remembered/7").await;
    let renewed = after.cookies().get(REMEMBER).unwrap();
    before.cookies().clear();
    before.cookies().set(REMEMBER, &renewed);
    assert_eq!(before.get("/account").await.status(), 401);
}

#[tokio::test]
async fn a_login_as_somebody_else_forgets_who_was_remembered_and_one_as_the_same_does_not() {
    let (client, _) = remembered().await;
    client.post("/login/7").await;
    assert!(is_remembered(&client));
    client.post("/login/8").await;
    assert!(!is_remembered(&client));
}

#[tokio::test]
async fn the_users_of_one_layer_are_not_remembered_by_another_of_the_same_key() {
    let (key, database) = (SecretKey::generate(), Database::default());
    let named = |name: &str| {
        let cookie = CookieSettings::new().name(name);
        SessionConfig::new(key.clone()).cookie(cookie).unwrap()
    };
    let customers = visitor_with(named("customers"), &database);
    customers.post("/login-remembered/7").await;
    let value = customers.cookies().get("customers-remember").unwrap();
    let staff = visitor_with(named("staff"), &database);
    staff.cookies().set("staff-remember", &value);
    assert_eq!(staff.get("/account").await.status(), 401);
}

#[tokio::test]
async fn nobody_is_not_remembered() {
    let client = visitor_with(config(), &Database::default());
    assert_eq!(client.post("/remember").await.status(), 400);
    assert!(!is_remembered(&client));
}

#[tokio::test]
async fn head_and_a_page_fetched_ahead_restore_nothing() {
    let (client, _) = remembered().await;
    assert!(client.head("/account").await.set_cookie().is_empty());
    let ahead = client.get("/account").header("sec-purpose", "prefetch");
    let ahead = ahead.await;
    assert_eq!(ahead.status(), 503, "the visit itself logs in again");
    assert!(ahead.set_cookie().is_empty());
    assert_eq!(client.get("/account").await.status(), 200);
}

#[tokio::test]
async fn a_session_in_a_store_is_restored_as_one_in_a_cookie_is() {
    let database = Database::default();
    let client = visitor_with(config().store(MemoryStore::new()), &database);
    client.post("/login-remembered/7").await;
    client.restart_browser();
    assert_eq!(client.get("/account").await.text(), "account of 7");
    assert_eq!(client.get("/email").await.status(), 401);
    client.post("/logout").await;
    assert_eq!(client.get("/account").await.status(), 401);
    assert!(client.cookies().names().is_empty());
}

/// A request that a browser has sent with the cookies that it has now, and that comes late.
fn late(client: &TestClient) -> TestClient {
    let late = client.another();
    for name in client.cookies().names() {
        let value = client.cookies().get(&name).unwrap();
        late.cookies().set(&name, &value);
    }
    late
}

/// A page that asks the server now and then, and whose question was on its way when the user logged out.
#[tokio::test]
async fn what_was_on_its_way_at_a_logout_does_not_log_in_again() {
    for something_is_left in [false, true] {
        let config = config().store(MemoryStore::new());
        let client = visitor_with(config, &Database::default());
        client.post("/login-remembered/7").await;
        if something_is_left {
            client.post("/note").await;
        }
        let late = late(&client);
        client.post("/logout").await;
        let response = late.get("/account").await;
        assert_eq!(response.status(), 401, "{something_is_left}");
        assert!(response.set_cookie().is_empty(), "{something_is_left}");
    }
}

/// As where a browser is started that opens several pages at once.
#[tokio::test]
async fn a_login_is_restored_for_all_that_ask_for_it_at_once() {
    let config = config().store(MemoryStore::new());
    let client = visitor_with(config, &Database::default());
    client.post("/login-remembered/7").await;
    client.restart_browser();
    client.post("/note").await;
    let late = late(&client);
    let account = || client.get("/account").into_future();
    let (first, second) = tokio::join!(account(), account());
    for answer in [first, second, late.get("/account").await] {
        assert_eq!(answer.text(), "account of 7");
    }
    assert_eq!(client.session().await["user_id"], 7);
}

#[tokio::test]
async fn a_login_that_has_ended_is_refused_to_all_that_ask_at_once() {
    let config = config().store(MemoryStore::new());
    let database = Database::default();
    let client = visitor_with(config, &database);
    client.post("/login/7").await;
    client.post("/note").await;
    database.epoch.fetch_add(1, Ordering::SeqCst);
    let account = || client.get("/account").into_future();
    let (first, second) = tokio::join!(account(), account());
    assert_eq!(
        (first.status(), second.status()),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(client.get("/public").await.text(), r#"["note"]"#);
}
