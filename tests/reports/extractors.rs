//! Extractors beside session values: state, a part of it, a body; and what axum's `debug_handler` makes of them.

use axum::Json;
use axum::extract::{FromRef, State};
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

#[derive(Clone)]
struct App {
    db: Db,
}

#[derive(Clone)]
struct Db(&'static str);

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

#[get("/debug-last")]
#[login_required]
#[axum::debug_handler]
async fn debug_last(State(db): State<Db>, #[session] user_id: u64) -> String {
    format!("{} {user_id}", db.0)
}

#[get("/debug-between")]
#[axum::debug_handler(state = App)]
#[login_required]
async fn debug_between(
    State(db): State<Db>,
    State(app): State<App>,
    #[session(default)] visits: &mut u32,
) -> String {
    *visits += 1;
    format!("{} {} {visits}", db.0, app.db.0)
}

#[login_required]
#[axum::debug_handler]
#[post("/debug-body")]
async fn debug_body(State(db): State<Db>, session: Session, Json(order): Json<u32>) -> String {
    format!("{} {order} {:?}", db.0, session.keys())
}

/// tokio-rs/axum #3209: `debug_handler` complained of library extractors that need a state.
#[tokio::test]
async fn a_gated_handler_passes_debug_handler_with_a_state_and_a_part_of_it() {
    let client = TestClient::new(|sessions| {
        let routes = routes![debug_last, debug_between];
        routes
            .with_sessions(sessions)
            .with_state(App { db: Db("db") })
    });
    for path in ["/debug-last", "/debug-between"] {
        assert_eq!(client.get(path).await.status(), 401, "{path}");
    }
    client.login(1).await;
    assert_eq!(client.get("/debug-last").await.text(), "db 1");
    assert_eq!(client.get("/debug-between").await.text(), "db db 1");
}

#[post("/order")]
async fn order(
    State(db): State<Db>,
    Json(count): Json<u32>,
    #[session(default)] orders: &mut Vec<u32>,
    #[session] user_id: Option<u64>,
) -> String {
    orders.push(count);
    format!("{} {orders:?} {user_id:?}", db.0)
}

/// tokio-rs/axum #2317 and #1629: what reads the body must stand last; a
/// session value is no extractor and may stand behind.
#[tokio::test]
async fn a_session_value_may_stand_behind_the_body() {
    let client = TestClient::new(|sessions| {
        let routes = routes![order, debug_body];
        routes
            .with_sessions(sessions)
            .with_state(App { db: Db("db") })
    });
    client.login(1).await;
    let answer = client.post("/order").json(3).await;
    assert_eq!(answer.text(), "db [3] Some(1)");
    let answer = client.post("/debug-body").json(3).await;
    assert_eq!(answer.text(), r#"db 3 ["user_id", "orders"]"#);
}
