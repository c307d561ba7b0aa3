//! Handlers that aide describes: what stands in their signatures is no hindrance, and the document has the guards' answers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use aide::axum::{ApiRouter, routing};
use aide::openapi::OpenApi;
use axum::extract::State;
use serde_json::{Value, json};
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use session_runtime::{AuthUser, ReadOnlySession, Refusal, SessionHandle};

#[derive(Clone)]
struct User;

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        1
    }
}

#[login_required]
async fn account(State(shop): State<&'static str>, #[session] user_id: u64) -> String {
    format!("{user_id} in {shop}")
}

#[login_required]
async fn visit(#[session(default)] visits: &mut u32, note: String) -> String {
    *visits += 1;
    format!("{note} {visits}")
}

#[login_required(role = "admin")]
async fn admin(_user: CurrentUser<User>) {}

async fn open(_session: Session, _handle: SessionHandle) -> Result<()> {
    Ok(())
}

#[session(read_only)]
async fn reads(session: Session) -> std::result::Result<String, Refusal> {
    let _: &ReadOnlySession = &session;
    Ok(session.keys().join(","))
}

fn document() -> (Value, axum::Router<&'static str>) {
    let mut api = OpenApi::default();
    let router = ApiRouter::new()
        .api_route("/account", routing::get(account))
        .api_route("/visit", routing::post(visit))
        .api_route("/admin", routing::get(admin))
        .api_route("/open", routing::get(open))
        .api_route("/reads", routing::get(reads))
        .finish_api(&mut api);
    (serde_json::to_value(&api).unwrap(), router)
}

fn statuses(document: &Value, path: &str) -> Vec<String> {
    let operations = document["paths"][path].as_object().unwrap();
    let operation = operations.values().next().unwrap();
    let responses = operation["responses"].as_object();
    responses
        .into_iter()
        .flat_map(|all| all.keys().cloned())
        .collect()
}

/// tamasfe/aide #67: session extractors did not fit handlers that are described by OpenAPI.
#[tokio::test]
async fn a_gated_handler_is_described_with_what_its_guards_answer() {
    aide::generate::infer_responses(true);
    let (document, _) = document();
    assert!(statuses(&document, "/account").contains(&"401".to_owned()));
    assert!(!statuses(&document, "/account").contains(&"403".to_owned()));
    assert!(statuses(&document, "/visit").contains(&"401".to_owned()));
    for status in ["401", "403"] {
        assert!(
            statuses(&document, "/admin").contains(&status.to_owned()),
            "{status}"
        );
        assert!(
            !statuses(&document, "/open").contains(&status.to_owned()),
            "{status}"
        );
    }
    let body = &document["paths"]["/visit"]["post"]["requestBody"]["content"];
    assert!(body["text/plain; charset=utf-8"].is_object(), "{document}");
}

#[tokio::test]
async fn a_described_handler_is_guarded_and_has_its_session() {
    let client = TestClient::new(|sessions| {
        let (_, router) = document();
        router.layer(sessions).with_state("Oslo")
    });
    assert_eq!(client.get("/account").await.status(), 401);
    assert_eq!(client.post("/visit").await.status(), 401);
    client.login(7).await;
    assert_eq!(client.get("/account").await.text(), "7 in Oslo");
    assert_eq!(client.post("/visit").body("visit").await.text(), "visit 1");
    assert_eq!(client.session().await, json!({ "user_id": 7, "visits": 1 }));
    assert_eq!(client.get("/reads").await.text(), "user_id,visits");
}
