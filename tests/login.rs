//! Users over HTTP: what a login, a higher epoch, a role and an old password mean to a visitor. What OWASP's guidance asks has
//! its number of our list in its name.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::get as serve;
use axum::{Extension, Router};
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::{TestClient, TestResponse};

#[derive(Clone, Debug)]
struct User {
    id: u64,
    epoch: u64,
    roles: Vec<&'static str>,
}

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.id
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.contains(&role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        permission == "post.edit" && self.has_role("writer")
    }
}

/// The application's users, and how often one was loaded.
#[derive(Clone, Default)]
struct Database {
    users: Arc<Mutex<BTreeMap<u64, User>>>,
    loads: Arc<AtomicU32>,
    is_down: Arc<Mutex<bool>>,
}

impl Database {
    fn with_users() -> Self {
        let database = Self::default();
        for (id, roles) in [(1, vec!["admin"]), (2, vec!["writer"])] {
            let epoch = 0;
            let user = User { id, epoch, roles };
            database.users.lock().unwrap().insert(id, user);
        }
        database
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut User)) -> User {
        let mut users = self.users.lock().unwrap();
        let user = users.get_mut(&id).unwrap();
        change(user);
        user.clone()
    }
}

impl UserLoader for Database {
    type User = User;
    type Error = &'static str;

    async fn load(&self, id: u64) -> Result<Option<User>, Self::Error> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        if *self.is_down.lock().unwrap() {
            return Err("no connection");
        }
        Ok(self.users.lock().unwrap().get(&id).cloned())
    }
}

#[post("/login/{id}")]
async fn login(
    axum::extract::Path(id): axum::extract::Path<u64>,
    session: Session,
    State(database): State<Database>,
) -> Result<()> {
    session.login(&database.change(id, |_| ()))
}

#[post("/logout")]
async fn logout(session: Session) -> Result<()> {
    session.logout()
}

/// Ends the user's other sessions and goes on with this one.
#[post("/password")]
#[login_required(fresh)]
async fn change_password(
    user: CurrentUser<User>,
    session: Session,
    State(database): State<Database>,
) -> Result<()> {
    session.login(&database.change(user.id, |user| user.epoch += 1))
}

#[post("/logout-everywhere")]
#[login_required]
async fn log_out_everywhere(user: CurrentUser<User>, State(database): State<Database>) {
    database.change(user.id, |user| user.epoch += 1);
}

#[post("/confirm")]
#[login_required]
async fn confirm(session: Session) -> Result<()> {
    session.confirm_login()
}

#[get("/account")]
#[login_required]
async fn account(CurrentUser(user): CurrentUser<User>) -> String {
    format!("account of {}", user.id)
}

#[get("/email")]
#[login_required(fresh)]
async fn email() {}

#[get("/payment")]
#[login_required(fresh(within = "10m"))]
async fn payment() {}

#[get("/admin")]
#[login_required(role = "admin", fresh(within = "10m"))]
async fn admin() {}

#[get("/edit")]
#[login_required(permission = "post.edit")]
#[session(read_only)]
async fn edit() {}

#[get("/greeting")]
async fn greeting(user: Option<CurrentUser<User>>) -> String {
    user.map_or("nobody".to_owned(), |user| format!("user {}", user.id))
}

fn routes() -> Routes<Database> {
    routes![
        login,
        logout,
        change_password,
        log_out_everywhere,
        confirm,
        account,
        email,
        payment,
        admin,
        edit,
        greeting
    ]
}

fn visitor(database: &Database) -> TestClient {
    let config = SessionConfig::new(SecretKey::generate())
        .login_page("/login")
        .unwrap();
    TestClient::with_config(config, |sessions| {
        routes()
            .with_sessions(sessions.with_users(database.clone()))
            .with_state(database.clone())
    })
}

fn cookie(client: &TestClient) -> String {
    client.cookies().get("__Host-session").unwrap()
}

/// The account page for whoever sends this cookie.
async fn account_with(client: &TestClient, cookie: &str) -> u16 {
    let other = client.another();
    let cookie = format!("__Host-session={cookie}");
    let answer = other.get("/account").header("cookie", cookie).await;
    answer.status().as_u16()
}

async fn page(client: &TestClient, path: &str) -> TestResponse {
    client.get(path).header("accept", "text/html").await
}

#[tokio::test]
async fn owasp_11_a_confirmed_password_changes_the_cookie_and_keeps_the_login() {
    let client = visitor(&Database::with_users());
    client.post("/login/1").await;
    let before = cookie(&client);
    client.clock().advance(Duration::from_secs(11 * 60));
    assert_eq!(client.get("/payment").await.status(), 401);
    assert_eq!(client.post("/confirm").await.status(), 200);
    assert_ne!(cookie(&client), before);
    assert_eq!(client.get("/payment").await.status(), 200);
    let other = client.another();
    let old = format!("__Host-session={before}");
    let answer = other.get("/payment").header("cookie", old).await;
    assert_eq!(answer.status(), 401, "the old cookie has no new rights");
}

#[tokio::test]
async fn owasp_12_after_a_logout_the_old_cookie_fails_from_the_users_next_epoch() {
    let database = Database::with_users();
    let client = visitor(&database);
    client.post("/login/1").await;
    let old = cookie(&client);
    client.post("/logout").await;
    assert_eq!(client.get("/account").await.status(), 401);
    assert_eq!(
        account_with(&client, &old).await,
        200,
        "nothing is kept of it"
    );
    database.change(1, |user| user.epoch += 1);
    assert_eq!(account_with(&client, &old).await, 401);
}

#[tokio::test]
async fn owasp_14_a_logout_can_send_clear_site_data() {
    async fn leave(session: Session) -> Result<[(&'static str, &'static str); 1]> {
        session.logout()?;
        Ok([("clear-site-data", r#""cookies", "storage""#)])
    }
    let client = TestClient::new(|sessions| Router::new().route("/", serve(leave)).layer(sessions));
    client.login(1).await;
    let response = client.get("/").await;
    let lines = response.headers().get_all("clear-site-data");
    let all: Vec<_> = lines.iter().map(|line| line.to_str().unwrap()).collect();
    assert!(all.contains(&r#""cookies", "storage""#), "{all:?}");
    assert!(client.cookies().names().is_empty());
}

#[tokio::test]
async fn owasp_20_a_password_change_ends_the_users_other_sessions() {
    let database = Database::with_users();
    let here = visitor(&database);
    let (elsewhere, somebody_else) = (here.another(), here.another());
    here.post("/login/1").await;
    elsewhere.post("/login/1").await;
    somebody_else.post("/login/2").await;
    let before = cookie(&here);
    assert_eq!(here.post("/password").await.status(), 200);
    assert_eq!(here.get("/account").await.text(), "account of 1");
    assert_eq!(elsewhere.get("/account").await.status(), 401);
    assert_eq!(elsewhere.get("/greeting").await.text(), "nobody");
    assert_eq!(account_with(&here, &before).await, 401);
    assert_eq!(somebody_else.get("/account").await.text(), "account of 2");
}

#[tokio::test]
async fn owasp_21_log_out_everywhere_ends_all_of_them_at_once() {
    let database = Database::with_users();
    let here = visitor(&database);
    let elsewhere = here.another();
    here.post("/login/1").await;
    elsewhere.post("/login/1").await;
    here.post("/logout-everywhere").await;
    for client in [&here, &elsewhere] {
        assert_eq!(client.get("/account").await.status(), 401);
        assert!(client.session().await.get("user_id").is_none());
    }
    here.post("/login/1").await;
    assert_eq!(here.get("/account").await.text(), "account of 1");
}

#[tokio::test]
async fn owasp_24_a_route_that_needs_a_fresh_login_refuses_a_stale_one() {
    let client = visitor(&Database::with_users());
    client.login(1).await;
    assert_eq!(client.get("/account").await.status(), 200);
    assert_eq!(
        client.get("/email").await.status(),
        401,
        "no password was given"
    );
    let answer = page(&client, "/email").await;
    assert_eq!(answer.location(), Some("/login?next=/email"));

    client.post("/login/1").await;
    client.clock().advance(Duration::from_secs(10 * 60));
    assert_eq!(client.get("/payment").await.status(), 200);
    client.clock().advance(Duration::from_secs(1));
    assert_eq!(client.get("/payment").await.status(), 401);
    let answer = page(&client, "/payment").await;
    assert_eq!(answer.location(), Some("/login?next=/payment"));
    assert_eq!(client.get("/email").await.status(), 200);
}

#[tokio::test]
async fn who_is_logged_in_and_not_allowed_is_answered_403_and_never_sent_to_the_login_page() {
    let client = visitor(&Database::with_users());
    assert_eq!(page(&client, "/admin").await.status(), 303);
    client.login(2).await;
    let answer = page(&client, "/admin").await;
    assert_eq!(answer.status(), 403, "though the login is stale as well");
    assert_eq!(client.get("/edit").await.status(), 200);
    client.post("/login/1").await;
    assert_eq!(client.get("/admin").await.status(), 200);
    assert_eq!(page(&client, "/edit").await.status(), 403);
}

#[tokio::test]
async fn a_user_is_loaded_once_and_only_where_asked_for() {
    let database = Database::with_users();
    let client = visitor(&database);
    client.post("/login/1").await;
    client.post("/logout").await;
    client.get("/account").await;
    assert_eq!(database.loads.load(Ordering::SeqCst), 0);
    client.post("/login/1").await;
    client.get("/account").await;
    assert_eq!(database.loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_user_who_is_gone_is_nobody() {
    let database = Database::with_users();
    let client = visitor(&database);
    client.post("/login/1").await;
    database.users.lock().unwrap().remove(&1);
    assert_eq!(client.get("/greeting").await.text(), "nobody");
    assert_eq!(client.get("/account").await.status(), 401);
}

#[tokio::test]
async fn a_database_that_is_down_logs_nobody_out() {
    let database = Database::with_users();
    let client = visitor(&database);
    client.post("/login/1").await;
    *database.is_down.lock().unwrap() = true;
    let answer = client.get("/account").await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    assert!(!answer.text().contains("no connection"));
    *database.is_down.lock().unwrap() = false;
    assert_eq!(client.get("/account").await.text(), "account of 1");
}

#[tokio::test]
async fn a_role_is_never_open_where_the_layer_loads_no_users() {
    let client = TestClient::new(|sessions| {
        Router::new()
            .route("/by-hand", serve(admin))
            .layer(sessions)
    });
    assert_eq!(client.get("/by-hand").await.status(), 401);
    client.login(1).await;
    assert_eq!(client.get("/by-hand").await.status(), 500);
}

#[tokio::test]
async fn a_current_user_of_another_type_is_an_error_and_no_user() {
    #[derive(Clone)]
    struct Customer;
    impl AuthUser for Customer {
        type Id = u64;
        fn id(&self) -> u64 {
            1
        }
    }
    async fn customer(_: CurrentUser<Customer>, _: Extension<()>) {}
    let database = Database::with_users();
    let client = TestClient::new(|sessions| {
        Router::new()
            .route("/", serve(customer))
            .layer(sessions.with_users(database))
    });
    assert_eq!(client.get("/").await.status(), 401);
    client.login(1).await;
    assert_eq!(client.get("/").await.status(), 500);
}

#[tokio::test]
async fn a_handler_that_asks_for_a_role_is_called_as_a_function() {
    let database = Database::with_users();
    let session = session_runtime::testing::session();
    assert!(Gate::<admin>::for_test(&session).is_err());
    session.login(&database.change(2, |_| ())).unwrap();
    assert!(Gate::<admin>::for_test(&session).is_err());
    session.login(&database.change(1, |_| ())).unwrap();
    admin(Gate::for_test(&session).unwrap()).await;
}
