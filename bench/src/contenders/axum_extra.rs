//! axum-extra's signed jar, with the session as JSON in one of its cookies. It has no age: none is signed.

use axum::Router;
use axum::routing::{get, post};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use serde_json::{Map, Value};

use super::{Contender, Role, axum_alone};
use crate::app::served;
use crate::data::{self, LOGGED_IN, NOBODY};
use crate::visit::COOKIE;

pub(super) const CONTENDER: Contender = Contender {
    id: "axum-extra",
    name: "axum-extra 0.12, signed jar",
    role: Role::CookiePeer,
    base_line: axum_alone::ID,
    app: || Box::new(served(router())),
};

fn router() -> Router {
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(read))
        .route("/change", post(change))
        .route("/login", post(login))
        .route("/fill/small", post(fill_small))
        .route("/fill/big", post(fill_big))
        .with_state(Key::generate())
}

async fn read(jar: SignedCookieJar) -> String {
    match load(&jar).get("user_id").and_then(Value::as_u64) {
        Some(user) => user.to_string(),
        None => NOBODY.to_owned(),
    }
}

async fn change(jar: SignedCookieJar) -> (SignedCookieJar, String) {
    let mut session = load(&jar);
    let visits = session.get("visits").and_then(Value::as_u64).unwrap_or(0) + 1;
    session.insert("visits".to_owned(), visits.into());
    (store(jar, session), visits.to_string())
}

async fn login(jar: SignedCookieJar) -> (SignedCookieJar, &'static str) {
    let mut session = load(&jar);
    session.insert("user_id".to_owned(), LOGGED_IN.into());
    (store(jar, session), "welcome")
}

async fn fill_small(jar: SignedCookieJar) -> SignedCookieJar {
    fill(jar, data::small())
}

async fn fill_big(jar: SignedCookieJar) -> SignedCookieJar {
    fill(jar, data::big())
}

fn fill(jar: SignedCookieJar, data: Vec<(&'static str, Value)>) -> SignedCookieJar {
    let session = data
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    store(jar, session)
}

fn load(jar: &SignedCookieJar) -> Map<String, Value> {
    jar.get(COOKIE)
        .and_then(|cookie| serde_json::from_str(cookie.value()).ok())
        .unwrap_or_default()
}

fn store(jar: SignedCookieJar, session: Map<String, Value>) -> SignedCookieJar {
    let cookie = Cookie::build((COOKIE, Value::Object(session).to_string()))
        .http_only(true)
        .path("/")
        .same_site(SameSite::Lax)
        .secure(true);
    jar.add(cookie)
}
