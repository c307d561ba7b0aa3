//! Logins that real Flask-Login and we share through one jar, and Flask-WTF's CSRF token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Command;

use axum::Extension;
use axum::extract::ConnectInfo;
use session_runtime::Clock;
use session_runtime::flask::{CsrfTokens, RememberSigner, SessionProtection};
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

use crate::common::{Server, Visitor};
use crate::{KEY, python};

#[derive(Clone)]
struct User(String);

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.0.clone()
    }
}

struct Users;

impl UserLoader for Users {
    type User = User;
    type Error = std::convert::Infallible;

    async fn load(&self, id: String) -> Result<Option<User>, Self::Error> {
        Ok(Some(User(id)))
    }
}

#[get("/login")]
async fn login(session: Session) -> Result<()> {
    session.login(&User("5".to_owned()))?;
    session.remember()
}

#[get("/logout")]
async fn logout(session: Session) -> Result<()> {
    session.logout()
}

#[get("/account")]
#[login_required]
async fn account(user: CurrentUser<User>) -> String {
    user.0.0
}

#[get("/fresh")]
#[login_required(fresh)]
async fn fresh() {}

#[get("/csrf")]
async fn csrf(session: Session) -> Result<String> {
    tokens().generate(&session)
}

#[get("/check")]
async fn check(
    session: Session,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<String> {
    let query = query.unwrap_or_default();
    let token = query.trim_start_matches("token=");
    let verdict = tokens().validate(&session, token)?;
    Ok(verdict.map_or_else(|error| error.to_string(), |()| "valid".to_owned()))
}

fn key() -> SecretKey {
    SecretKey::new(KEY).unwrap()
}

fn tokens() -> CsrfTokens {
    CsrfTokens::new(key(), [])
}

fn ours() -> TestClient {
    let config = SessionConfig::flask(key()).flask_login(SessionProtection::Strong);
    let peer = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4711);
    TestClient::with_config(config.unwrap(), |sessions| {
        routes![login, logout, account, fresh, csrf, check]
            .with_sessions(sessions.with_users(Users))
            .layer(Extension(ConnectInfo(peer)))
    })
}

fn flask_login() -> Server {
    let app = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/python/flask_login_app.py"
    );
    Server::start(Command::new(python()).arg(app).env("SECRET_KEY", KEY))
}

/// One browser's cookies, which both applications get.
struct Browser {
    ours: TestClient,
    flask: Server,
    visitor: Visitor,
    agent: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum To {
    Us,
    Flask,
}

impl Browser {
    fn new() -> Self {
        Self {
            ours: ours(),
            flask: flask_login(),
            visitor: Visitor::default(),
            agent: "A",
        }
    }

    async fn get(&mut self, to: To, path: &str) -> (u16, String) {
        match to {
            To::Us => {
                // What Flask has signed since is not from the future.
                self.ours.clock().set(Clock::system().now());
                self.ours.cookies().clear();
                for (name, value) in &self.visitor.jar {
                    self.ours.cookies().set(name, value);
                }
                let response = self.ours.get(path).header("user-agent", self.agent).await;
                let cookies = self.ours.cookies();
                let named = |name: String| Some((cookies.get(&name)?, name));
                let all = cookies.names().into_iter().filter_map(named);
                self.visitor.jar = all.map(|(value, name)| (name, value)).collect();
                (response.status().as_u16(), response.text())
            }
            To::Flask => {
                let agent = [("User-Agent", self.agent)];
                let answer = self.visitor.send(&self.flask, "GET", path, &agent);
                (answer.status, answer.text)
            }
        }
    }

    async fn is_logged_in(&mut self, to: To) -> bool {
        self.get(to, "/account").await == (200, "5".to_owned())
    }

    async fn is_fresh(&mut self, to: To) -> bool {
        self.get(to, "/fresh").await.0 == 200
    }
}

#[tokio::test]
async fn who_is_logged_in_and_out_with_one_is_so_with_the_other() {
    let mut browser = Browser::new();
    for (first, second) in [(To::Us, To::Flask), (To::Flask, To::Us)] {
        browser.get(first, "/login").await;
        assert!(browser.is_logged_in(second).await, "{second:?}");
        assert!(browser.is_fresh(second).await, "{second:?}");
        browser.get(second, "/logout").await;
        assert!(!browser.is_logged_in(first).await, "{first:?}");
        assert!(!browser.visitor.jar.contains_key("remember_token"));
    }
}

#[tokio::test]
async fn each_restores_the_login_that_the_other_has_remembered() {
    for (first, second) in [(To::Us, To::Flask), (To::Flask, To::Us)] {
        let mut browser = Browser::new();
        browser.get(first, "/login").await;
        browser.visitor.jar.remove("session");
        assert!(browser.is_logged_in(second).await, "{second:?}");
        assert!(!browser.is_fresh(To::Us).await, "{second:?}");
    }
}

#[tokio::test]
async fn report_11_a_remembered_login_that_we_have_restored_lasts_in_real_flask_too() {
    let mut browser = Browser::new();
    let signer = RememberSigner::new(&key(), &[]).unwrap();
    let token = ("remember_token".to_owned(), signer.sign("5"));
    browser.visitor.jar.extend([token.clone()]);
    for to in [To::Us, To::Flask, To::Us, To::Flask, To::Flask] {
        assert!(browser.is_logged_in(to).await, "{to:?}");
        assert!(!browser.is_fresh(to).await, "{to:?}");
        assert_eq!(browser.visitor.jar.get(&token.0), Some(&token.1));
    }
    browser.agent = "B";
    assert!(!browser.is_logged_in(To::Flask).await);
    assert!(!browser.is_logged_in(To::Us).await);
}

#[tokio::test]
async fn a_form_of_one_is_received_by_the_other() {
    let mut browser = Browser::new();
    for (first, second) in [(To::Us, To::Flask), (To::Flask, To::Us)] {
        let (_, token) = browser.get(first, "/csrf").await;
        let (_, verdict) = browser.get(second, &format!("/check?token={token}")).await;
        assert_eq!(verdict, "valid", "{second:?}");
        browser.visitor.jar.clear();
        let (_, verdict) = browser.get(second, &format!("/check?token={token}")).await;
        assert_eq!(verdict, "The CSRF session token is missing.");
    }
}
