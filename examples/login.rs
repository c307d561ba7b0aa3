//! Users: logging in and out, a page for admins, and one that wants the password of the last ten minutes.
//!
//! `cargo run --example login`, then open the address that it prints. Passwords stand here as they are, which no application may
//! do: keep a hash of each (argon2), and compare with that.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use session_runtime::local_path;
use session_runtime::prelude::*;

#[derive(Clone)]
struct User {
    name: String,
    password: String,
    is_admin: bool,
    epoch: u64,
}

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.name.clone()
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn has_role(&self, role: &str) -> bool {
        role == "admin" && self.is_admin
    }
}

/// In the place of a database.
#[derive(Clone)]
struct Users(Arc<Mutex<BTreeMap<String, User>>>);

impl Users {
    fn find(&self, name: &str) -> Option<User> {
        self.0.lock().unwrap().get(name).cloned()
    }
}

impl UserLoader for Users {
    type User = User;
    type Error = Infallible;

    async fn load(&self, name: String) -> Result<Option<User>, Infallible> {
        Ok(self.find(&name))
    }
}

#[derive(serde::Deserialize)]
struct Next {
    next: Option<String>,
}

#[derive(serde::Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

#[get("/")]
async fn index(user: Option<CurrentUser<User>>) -> Html<String> {
    let name = user.map_or("stranger".to_owned(), |user| user.name.clone());
    Html(format!(
        "<p>Hello, {name}!<p><a href=/admin>Admin</a> <a href=/account>Account</a>\
         <form method=post action=/logout><button>Log out</button></form>"
    ))
}

#[get("/login")]
async fn form() -> Html<&'static str> {
    Html(
        "<form method=post>ada or bob <input name=name> <input name=password type=password \
         placeholder=secret><button>Log in</button></form>",
    )
}

#[post("/login")]
async fn login(
    session: Session,
    State(users): State<Users>,
    Query(Next { next }): Query<Next>,
    Form(given): Form<Credentials>,
) -> Result<Response> {
    let user = users.find(&given.name);
    let Some(user) = user.filter(|user| user.password == given.password) else {
        return Ok((axum::http::StatusCode::UNAUTHORIZED, form().await).into_response());
    };
    session.login(&user)?;
    let next = next.as_deref().and_then(local_path).unwrap_or("/");
    Ok(Redirect::to(next).into_response())
}

#[post("/logout")]
async fn logout(session: Session) -> Result<Redirect> {
    session.logout()?;
    Ok(Redirect::to("/"))
}

#[get("/admin")]
#[login_required(role = "admin")]
async fn admin() -> &'static str {
    "only admins read this"
}

#[get("/account")]
#[login_required(fresh(within = "10m"))]
async fn account(CurrentUser(user): CurrentUser<User>) -> Html<String> {
    Html(format!(
        "<p>{}<form method=post action=/logout-everywhere><button>Log out everywhere</button></form>",
        user.name
    ))
}

#[post("/logout-everywhere")]
#[login_required]
async fn log_out_everywhere(user: CurrentUser<User>, State(users): State<Users>) -> Redirect {
    if let Some(user) = users.0.lock().unwrap().get_mut(&user.name) {
        user.epoch += 1;
    }
    Redirect::to("/")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let user = |name: &str, is_admin| {
        let user = User {
            name: name.to_owned(),
            password: "secret".to_owned(),
            is_admin,
            epoch: 0,
        };
        (name.to_owned(), user)
    };
    let users = Users(Arc::new(Mutex::new(
        [user("ada", true), user("bob", false)].into(),
    )));
    let config = SessionConfig::development()?.login_page("/login")?;
    let sessions = SessionLayer::new(config).with_users(users.clone());
    let app = routes![
        index,
        form,
        login,
        logout,
        admin,
        account,
        log_out_everywhere
    ]
    .with_sessions(sessions)
    .with_state(users);
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
