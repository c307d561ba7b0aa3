//! What a guard in front of a group promises: nothing in the group is open, whenever it was added, and nothing beside it is shut.

use axum::Router;
use http::{Method, StatusCode};
use serde_json::json;
use session_runtime::LoginRequired;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

use super::{Says, client, open};

#[post("/visits")]
async fn visits(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[any("/any")]
async fn anything() {}

#[get("/late")]
async fn late() {}

#[get("/deep/{id}")]
#[guard(Says("c"))]
async fn deep() -> &'static str {
    "deep"
}

#[options("/open")]
async fn open_preflight() {}

#[get("/welcome")]
#[public]
async fn welcome() -> &'static str {
    "welcome"
}

/// A group in which every kind of route stands, guarded at the place that `place` says.
fn group(place: usize) -> Routes {
    let steps: [fn(Routes) -> Routes; 4] = [
        |group| group.merge(routes![open, anything]),
        |group| group.merge(routes![open_preflight, visits]),
        |group| group.nest("/nested", Routes::new().nest("/twice", routes![deep])),
        |group| group.merge(routes![late]),
    ];
    let mut group = Routes::new();
    for (number, step) in steps.into_iter().enumerate() {
        if number == place {
            group = group.guarded(LoginRequired.redirect("/signin"));
        }
        group = step(group);
    }
    if place == steps.len() {
        group = group.guarded(LoginRequired.redirect("/signin"));
    }
    Routes::new().merge(routes![welcome]).nest("/admin", group)
}

const PAGE: (&str, &str) = ("accept", "text/html");

/// librefang/librefang #3895: routes that were added after the guard were open.
#[tokio::test]
async fn a_group_is_guarded_wherever_the_guard_was_added() {
    for place in 0..=4 {
        let table = group(place).table();
        for route in table.routes() {
            let guarded = route.path().starts_with("/admin");
            assert_eq!(route.is_guarded(), guarded, "{place}: {route:?}");
            assert_eq!(
                table.to_string().matches("login (/signin)").count(),
                6,
                "{table}"
            );
        }
        let client = TestClient::new(move |sessions| group(place).with_sessions(sessions));
        let guarded = [
            (Method::GET, "/admin/open"),
            (Method::HEAD, "/admin/open"),
            (Method::GET, "/admin/any"),
            (Method::DELETE, "/admin/any"),
            (Method::OPTIONS, "/admin/any"),
            (Method::POST, "/admin/visits"),
            (Method::GET, "/admin/late"),
            (Method::GET, "/admin/nested/twice/deep/1"),
        ];
        for (method, path) in &guarded {
            let answer = client.request(method.clone(), path).await;
            assert_eq!(answer.status(), 401, "{place}: {method} {path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("vary"), Some("Cookie"));
        }
        let page = client
            .get("/admin/nested/twice/deep/1")
            .header(PAGE.0, PAGE.1)
            .await;
        assert_eq!(page.status(), 303, "{place}");
        assert_eq!(
            page.header("location"),
            Some("/signin?next=/admin/nested/twice/deep/1")
        );
        for (method, path, status) in [
            (Method::GET, "/welcome", 200),
            (Method::GET, "/admin/unknown", 404),
            (Method::GET, "/admin/nested/unknown", 404),
            (Method::GET, "/admin", 404),
            (Method::DELETE, "/admin/open", 405),
            (Method::GET, "/admin/visits", 405),
            (Method::OPTIONS, "/admin/open", 200),
        ] {
            let answer = client
                .request(method.clone(), path)
                .header(PAGE.0, PAGE.1)
                .await;
            assert_eq!(answer.status(), status, "{place}: {method} {path}");
        }
        client.login(1).await;
        assert_eq!(client.get("/admin/open").await.text(), "open");
        assert_eq!(client.post("/admin/visits").await.text(), "1");
        let deep = client.get("/admin/nested/twice/deep/1").await;
        assert_eq!(
            deep.text(),
            "c",
            "the handler's own guard is asked after the group's"
        );
    }
}

#[tokio::test]
async fn the_guards_of_an_outer_group_are_asked_before_those_of_an_inner_one() {
    let routes = || -> Routes {
        let inner = routes![open, deep].guarded(Says("b"));
        Routes::new()
            .merge(inner)
            .guarded(Says("a"))
            .guarded(LoginRequired)
    };
    assert!(
        routes()
            .table()
            .to_string()
            .contains("Says, login, Says, Says(\"c\")")
    );
    let client = client(routes);
    let mut session = json!({});
    for (key, answer) in [
        ("a", "a"),
        ("user_id", "Please log in."),
        ("b", "b"),
        ("c", "c"),
    ] {
        client.set_session(session.clone()).await;
        assert_eq!(client.get("/deep/1").await.text(), answer);
        session[key] = 1.into();
    }
    client.set_session(session).await;
    assert_eq!(client.get("/deep/1").await.text(), "deep");
}

#[tokio::test]
async fn a_group_beside_a_guarded_one_stays_as_it_is() {
    let client = client(|| routes![late].merge(routes![open].guarded(LoginRequired)));
    assert_eq!(client.get("/late").await.status(), 200);
    assert_eq!(client.get("/open").await.status(), 401);
}

#[tokio::test]
async fn without_a_layer_a_guarded_group_is_shut() {
    use tower::ServiceExt;
    let routes: Routes = routes![open];
    let request = http::Request::get("/open")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = routes
        .guarded(LoginRequired)
        .without_sessions()
        .oneshot(request)
        .await;
    assert_eq!(answer.unwrap().status(), 500);
}

#[test]
#[should_panic = "welcome` (session-runtime/tests/guard/group.rs"]
fn a_public_route_cannot_be_added_to_a_guarded_group() {
    let _: Routes = Routes::new()
        .guarded(LoginRequired)
        .nest("/x", routes![welcome]);
}

#[test]
#[should_panic = "is public and stands in a group that the guard `login` is in front of"]
fn a_group_with_a_public_route_cannot_be_guarded() {
    let _: Routes = routes![open, welcome].guarded(LoginRequired);
}

fn files() -> Router {
    Router::new()
        .route("/logo", axum::routing::get(|| async { "logo" }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "no file") })
}

fn health() -> Router {
    Router::new().route("/health", axum::routing::get(|| async { "ok" }))
}

#[tokio::test]
async fn a_router_of_elsewhere_is_public_beside_a_guarded_group_and_shown_as_such() {
    let routes = || -> Routes {
        Routes::new()
            .merge(routes![open].guarded(LoginRequired))
            .nest("/api", Routes::new().merge_public(health()))
            .nest_public("/static", files())
            .merge_public(health())
    };
    let rows: Vec<_> = routes()
        .table()
        .routes()
        .filter(|route| route.is_public() && !route.is_guarded())
        .map(|route| format!("{} {} {}", route.method(), route.path(), route.handler()))
        .collect();
    assert_eq!(
        rows,
        [
            "ANY /api/* (router)",
            "ANY /static/{*rest} (router)",
            "ANY * (router)"
        ]
    );
    let client = client(routes);
    assert_eq!(client.get("/static/logo").await.text(), "logo");
    assert_eq!(client.get("/static/unknown").await.text(), "no file");
    assert_eq!(client.get("/health").await.text(), "ok");
    assert_eq!(client.get("/api/health").await.text(), "ok");
    assert_eq!(client.get("/open").await.status(), 401);
    assert_eq!(client.get("/unknown").await.status(), 404);
}

#[test]
#[should_panic = "the router (session-runtime/tests/guard/group.rs:"]
fn a_public_router_cannot_stand_in_a_guarded_group() {
    let _: Routes = routes![open]
        .nest_public("/static", files())
        .guarded(LoginRequired);
}
