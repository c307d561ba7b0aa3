//! Handlers that a unit test calls as the functions they are.

use axum::extract::State;
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::{Gate, Refusal, testing};

#[get("/plain/{name}")]
async fn plain(name: axum::extract::Path<String>) -> String {
    format!("Hello, {}", *name)
}

#[get("/")]
#[post("/again")]
#[csrf_exempt]
#[public]
async fn declared() -> &'static str {
    "Welcome"
}

#[get("/account")]
#[login_required]
async fn account(
    State(shop): State<&'static str>,
    #[session] user_id: u64,
    #[session(default)] visits: &mut u32,
    #[session(pop)] notice: Option<String>,
) -> String {
    *visits += 1;
    format!("{shop}: {user_id}, {visits}, {notice:?}")
}

/// actix/actix-website #327, BcnRust/devbcn-workshop #21: with its route attribute on, a handler could not be called any
/// more.
#[tokio::test]
async fn a_handler_that_asks_for_nothing_is_called_as_it_was_written() {
    let name = axum::extract::Path("Ada".to_owned());
    assert_eq!(plain(name).await, "Hello, Ada");
    assert_eq!(declared().await, "Welcome");
}

/// The same reports: one that asks for session values is called with a session that has them.
#[tokio::test]
async fn a_handler_that_asks_for_session_values_is_called_with_given_ones() {
    let session = testing::session_with(json!({ "user_id": 7, "notice": "hi" })).unwrap();
    let gate = Gate::for_test(&session).unwrap();
    let text = account(gate, State("tea")).await;
    assert_eq!(text, r#"tea: 7, 1, Some("hi")"#);
    assert_eq!(
        testing::values(&session),
        json!({ "user_id": 7, "visits": 1 })
    );

    let stranger = Gate::<account>::for_test(&testing::session());
    assert_eq!(stranger.err(), Some(Refusal::LoginRequired));
}
