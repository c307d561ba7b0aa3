//! Handlers that are described by OpenAPI too. The description's crate is among this crate's dependencies, and not the
//! root's, because the examples would be built with it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::Json;
use axum::extract::State;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use utoipa::OpenApi;

#[utoipa::path(get, path = "/topmost", responses((status = 200), (status = 401)))]
#[get("/topmost")]
#[login_required]
async fn topmost(State(shop): State<&'static str>, #[session] user_id: u64) -> String {
    format!("{shop} {user_id}")
}

#[get("/between")]
#[utoipa::path(get, path = "/between", responses((status = 200), (status = 401)))]
#[login_required]
async fn between(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[login_required]
#[post("/last")]
#[utoipa::path(post, path = "/last", request_body = u32, responses((status = 200), (status = 401)))]
async fn last(#[session(set)] count: Slot<u32>, Json(new): Json<u32>) -> Result<()> {
    count.set(new)
}

#[derive(OpenApi)]
#[openapi(paths(topmost, between, last))]
struct Document;

/// tamasfe/aide #67: session extractors did not fit handlers that are described by OpenAPI.
#[tokio::test]
async fn a_gated_handler_is_described_wherever_the_description_stands() {
    let document = Document::openapi();
    let described: Vec<_> = document.paths.paths.keys().collect();
    assert_eq!(described, ["/between", "/last", "/topmost"]);

    let client = TestClient::new(|sessions| {
        let routes = routes![topmost, between, last];
        routes.with_sessions(sessions).with_state("tea")
    });
    for path in ["/topmost", "/between"] {
        assert_eq!(client.get(path).await.status(), 401, "{path}");
    }
    assert_eq!(client.post("/last").json(3).await.status(), 401);
    client.login(1).await;
    assert_eq!(client.get("/topmost").await.text(), "tea 1");
    assert_eq!(client.get("/between").await.text(), "1");
    assert_eq!(client.post("/last").json(3).await.status(), 200);
}
