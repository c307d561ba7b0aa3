//! Which layers stand around a route: none, one, one twice, several.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get as on_get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::{CookieSettings, Refusal, Session, SessionConfig, SessionLayer, Sessions};

use super::{app, layer, read, routes, write};
use crate::common::{Log, get};

#[tokio::test]
async fn without_a_layer_a_handler_answers_500_and_the_log_says_what_to_add() {
    let log = Log::new();
    let answer = get(&routes(), "/read", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.text, "Something went wrong on our side.");
    let text = log.text();
    assert!(
        text.contains("`GET /read` needs the session, but no `SessionLayer` is around it"),
        "{text}"
    );
    assert!(text.contains(".layer(SessionLayer::new(config))"), "{text}");
}

#[tokio::test]
async fn one_cookie_name_around_a_route_twice_is_found_and_said() {
    let log = Log::new();
    let app = app().layer(layer());
    let answer = get(&app, "/untouched", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let text = log.text();
    let sentence = "two `SessionLayer`s around this route both use the cookie `__Host-session`";
    assert_eq!(text.matches(sentence).count(), 1, "{text}");
}

#[tokio::test]
async fn layers_with_different_cookie_names_live_around_one_route() {
    async fn both(sessions: Sessions) -> Result<String, Refusal> {
        let outer = sessions.named("__Host-outer").await?;
        let inner = sessions.named("__Host-inner").await?;
        outer.set("who", "outer")?;
        inner.set("who", "inner")?;
        Ok("ok".to_owned())
    }
    let named = |name: &str| {
        let config = SessionConfig::new(SecretKey::generate());
        SessionLayer::new(config.cookie(CookieSettings::new().name(name)).unwrap())
    };
    let who = async |session: Session| session.get::<String>("who").map(Option::unwrap_or_default);
    let app = Router::new()
        .route("/both", on_get(both))
        .route("/who", on_get(who))
        .route(
            "/none",
            on_get(async |sessions: Sessions| sessions.named("other").await.map(|_| "found")),
        )
        .layer(named("__Host-inner"))
        .layer(named("__Host-outer"));
    let answer = get(&app, "/both", "").await;
    assert_eq!(answer.headers.get_all(SET_COOKIE).iter().count(), 2);
    assert_eq!(get(&app, "/who", &answer.cookie()).await.text, "inner");
    assert_eq!(
        get(&app, "/none", "").await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

/// Its session is saved by then, perhaps with a new secret, which the visitor would else never have.
#[tokio::test]
async fn what_the_inner_layer_has_saved_is_said_although_the_outer_one_cannot_save() {
    async fn both(sessions: Sessions) -> Result<impl IntoResponse, Refusal> {
        let outer = sessions.named("__Host-outer").await?;
        let inner = sessions.named("__Host-inner").await?;
        outer.set("who", "outer")?;
        inner.renew()?;
        Ok(([(SET_COOKIE, "theme=dark")], "ok"))
    }
    let config = |cookie| {
        let config = SessionConfig::new(SecretKey::generate());
        config.cookie(cookie).unwrap()
    };
    let inner = config(CookieSettings::new().name("__Host-inner")).store(MemoryStore::new());
    let outer = config(CookieSettings::new().name("__Host-outer").max_size(20));
    let app = Router::new()
        .route("/write", on_get(write))
        .route("/both", on_get(both))
        .route("/read", on_get(read))
        .layer(SessionLayer::new(inner))
        .layer(SessionLayer::new(outer));
    let before = get(&app, "/write", "").await.cookie();
    let answer = get(&app, "/both", &before).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let set: Vec<_> = answer.headers.get_all(SET_COOKIE).iter().collect();
    assert_eq!(set.len(), 1, "the handler's own answer does not count");
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    let after = answer.cookie();
    assert_ne!(before, after);
    assert_eq!(get(&app, "/read", &after).await.text, "Ada");
}

/// Who is customer 7 must not be the seventh of the staff.
#[tokio::test]
async fn the_cookie_of_one_layer_opens_nothing_under_the_name_of_another_of_the_same_key() {
    const NAMES: [&str; 4] = ["__Host-session", "__Host-staff", "staff", "customers"];

    let key = SecretKey::generate();
    let apps = NAMES.map(|name| {
        let config = SessionConfig::new(key.clone());
        let config = config.cookie(CookieSettings::new().name(name)).unwrap();
        Router::new()
            .route("/write", on_get(write))
            .route("/read", on_get(read))
            .layer(SessionLayer::new(config))
    });
    for (app, name) in apps.iter().zip(NAMES) {
        let cookie = get(app, "/write", "").await.cookie();
        for (other, others) in apps.iter().zip(NAMES) {
            let renamed = cookie.replacen(name, others, 1);
            let seen = get(other, "/read", &renamed).await.text;
            let expected = if others == name { "Ada" } else { "nobody" };
            assert_eq!(seen, expected, "{name} as {others}");
        }
    }
}
