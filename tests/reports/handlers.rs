//! Annotated handlers: called by hand, under other attributes, and merged into routers.

use axum::extract::{FromRef, State};
use axum::{Json, Router};
use session_runtime::prelude::*;
use session_runtime::testing::{self, TestClient};

#[get("/plain")]
async fn plain() -> &'static str {
    "plain"
}

#[get("/greeting")]
#[login_required]
async fn greeting(
    #[session(default)] visits: &mut u32,
    State(word): State<&'static str>,
) -> String {
    *visits += 1;
    format!("{word} {visits}")
}

/// actix/actix-website #327, BcnRust/devbcn-workshop #21.
#[tokio::test]
async fn a_handler_is_still_a_function_that_a_unit_test_calls() {
    assert_eq!(plain().await, "plain");
    let session = testing::session();
    assert!(
        Gate::<greeting>::for_test(&session).is_err(),
        "guards are asked"
    );
    session.set("user_id", 1).unwrap();
    assert_eq!(
        greeting(Gate::for_test(&session).unwrap(), State("hello")).await,
        "hello 1"
    );
    assert_eq!(testing::values(&session)["visits"], 1);
}

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

#[get("/sub")]
#[axum::debug_handler(state = App)]
#[login_required]
async fn sub_state(State(db): State<Db>, State(_): State<App>, #[session] user_id: u64) -> String {
    format!("{} {user_id}", db.0)
}

#[post("/body")]
#[login_required]
#[axum::debug_handler]
async fn body(#[session] user_id: u64, Json(number): Json<u64>) -> String {
    (user_id + number).to_string()
}

/// tamasfe/aide #67, tokio-rs/axum #3209: the part that is about compiling beside `State`, sub-states and `debug_handler`.
#[tokio::test]
async fn a_gated_handler_takes_states_and_sub_states_and_stands_under_debug_handler() {
    let app = |sessions| {
        let states: Router<App> = routes![sub_state].with_sessions(sessions);
        states.with_state(App { db: Db("pg") })
    };
    let client = TestClient::new(app);
    client.login(5).await;
    assert_eq!(client.get("/sub").await.text(), "pg 5");
    let client = TestClient::new(|sessions| routes![body].with_sessions(sessions));
    client.login(5).await;
    assert_eq!(client.post("/body").json(2).await.text(), "7");
}

#[get("/late")]
#[login_required]
async fn late() -> &'static str {
    "late"
}

#[get("/early")]
#[login_required]
async fn early() -> &'static str {
    "early"
}

/// librefang/librefang pull request 3895, maxcountryman/axum-login #57: the part that is about each route's own attribute.
#[tokio::test]
async fn a_route_that_is_merged_later_is_guarded_by_its_own_attribute_in_either_order() {
    let orders: [fn(SessionLayer) -> Router; 2] = [
        |sessions| {
            Router::new()
                .merge(routes![early].without_sessions())
                .merge(routes![late].without_sessions())
                .layer(sessions)
        },
        |sessions| Router::new().merge(routes![late].merge(routes![early]).with_sessions(sessions)),
    ];
    for order in orders {
        let client = TestClient::new(order);
        for path in ["/late", "/early"] {
            assert_eq!(client.get(path).await.status().as_u16(), 401, "{path}");
        }
        assert_eq!(client.get("/unknown").await.status().as_u16(), 404);
        client.login(1).await;
        assert_eq!(client.get("/late").await.text(), "late");
    }
    // Without a layer a guarded route is closed, and nothing panics.
    let bare = TestClient::new(|_| routes![late].without_sessions());
    assert_eq!(bare.get("/late").await.status().as_u16(), 500);
}
