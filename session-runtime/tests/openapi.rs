//! Handlers that are described by OpenAPI too: the description stands anywhere among the attributes, and `SessionSecurity` adds
//! what the guards mean for a client.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use session_runtime::{Guard, LoginRequired, ReadOnlySession, SessionSecurity};
use utoipa::openapi::OpenApi as Document;
use utoipa::{Modify, OpenApi};

#[utoipa::path(get, path = "/topmost", responses((status = 200)))]
#[get("/topmost")]
#[login_required]
async fn topmost(State(shop): State<&'static str>, #[session] user_id: u64) -> String {
    format!("{shop} {user_id}")
}

#[get("/between")]
#[utoipa::path(get, path = "/between", responses((status = 200)))]
#[login_required]
async fn between(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[login_required]
#[post("/last")]
#[utoipa::path(post, path = "/last", request_body = u32, responses((status = 200)))]
async fn last(#[session(set)] count: Slot<u32>, Json(new): Json<u32>) -> Result<()> {
    count.set(new)
}

/// tamasfe/aide #67: session extractors did not fit handlers that are described by OpenAPI.
#[tokio::test]
async fn a_gated_handler_is_described_wherever_the_description_stands() {
    #[derive(OpenApi)]
    #[openapi(paths(topmost, between, last))]
    struct Described;

    let routes: Routes<&'static str> = routes![topmost, between, last];
    let document = secured(&routes, Described::openapi());
    for (path, method) in [("/topmost", "get"), ("/between", "get"), ("/last", "post")] {
        let operation = &document["paths"][path][method];
        assert_eq!(statuses(operation), ["200", "401"], "{path}");
        assert_eq!(operation["security"], json!([{ "session": [] }]), "{path}");
    }

    let client = TestClient::new(|sessions| routes.with_sessions(sessions).with_state("tea"));
    for path in ["/topmost", "/between"] {
        assert_eq!(client.get(path).await.status(), 401, "{path}");
    }
    assert_eq!(client.post("/last").json(3).await.status(), 401);
    client.login(1).await;
    assert_eq!(client.get("/topmost").await.text(), "tea 1");
    assert_eq!(client.get("/between").await.text(), "1");
    assert_eq!(client.post("/last").json(3).await.status(), 200);
}

#[test]
fn the_scheme_is_the_sessions_cookie_under_its_real_name() {
    #[derive(OpenApi)]
    #[openapi()]
    struct Empty;

    let secure = SessionSecurity::of(Routes::<()>::new().table(), &sessions());
    let mut document = Empty::openapi();
    secure.clone().scheme("cookie").modify(&mut document);
    let document = serde_json::to_value(document).unwrap();
    assert_eq!(
        document["components"]["securitySchemes"]["cookie"],
        json!({ "type": "apiKey", "in": "cookie", "name": "__Host-session", "description": "The session" })
    );

    let config = SessionConfig::flask(SecretKey::dangerous("a key for tests only"));
    let secure = SessionSecurity::of(Routes::<()>::new().table(), &SessionLayer::new(config));
    let mut document = Empty::openapi();
    secure.modify(&mut document);
    let document = serde_json::to_value(document).unwrap();
    assert_eq!(
        document["components"]["securitySchemes"]["session"]["name"],
        "session"
    );
}

/// Lets nobody through.
struct Nobody;

impl<S: Sync> Guard<S> for Nobody {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

#[get("/")]
#[utoipa::path(get, path = "/", responses((status = 200)))]
async fn open() {}

#[guard(Nobody)]
#[utoipa::path(get, path = "/users/{id}/files/{name}", responses((status = 200)))]
#[get("/users/{user}/files/{*path}")]
async fn own() {}

#[utoipa::path(delete, path = "/both", responses((status = 204)))]
#[guard(Nobody)]
#[login_required]
#[delete("/both")]
async fn both() {}

#[any("/every")]
#[utoipa::path(method(get, put, head), path = "/every", responses((status = 200)))]
#[login_required]
async fn every() {}

#[options("/every")]
#[utoipa::path(options, path = "/every", responses((status = 200)))]
#[login_required]
async fn preflight() {}

#[login_required]
#[utoipa::path(
    get, path = "/said",
    responses((status = 200), (status = 401, description = "As I said")),
    security(("key" = []), ("session" = [])),
)]
#[get("/said")]
async fn said() {}

#[derive(OpenApi)]
#[openapi(paths(open, own, both, every, preflight, said))]
struct Shop;

fn shop() -> Routes {
    routes![open, own, both, every, preflight, said]
}

#[test]
fn an_own_guard_is_a_403_and_what_is_open_stays_as_it_was() {
    let document = secured(&shop(), Shop::openapi());
    let paths = &document["paths"];
    let own = &paths["/users/{id}/files/{name}"]["get"];
    assert_eq!(statuses(own), ["200", "403"]);
    assert_eq!(own["security"], json!([{ "session": [] }]));
    assert_eq!(statuses(&paths["/both"]["delete"]), ["204", "401", "403"]);
    assert_eq!(statuses(&paths["/"]["get"]), ["200"]);
    assert_eq!(paths["/"]["get"]["security"], Value::Null);
}

#[test]
fn a_route_of_every_method_answers_for_all_but_those_that_have_their_own() {
    let document = secured(&shop(), Shop::openapi());
    let every = &document["paths"]["/every"];
    for method in ["get", "put", "head"] {
        assert_eq!(statuses(&every[method]), ["200", "401"], "{method}");
    }
    // A handler that serves `OPTIONS` alone is open, for browsers that ask without cookies.
    assert_eq!(statuses(&every["options"]), ["200"]);
    assert_eq!(every["options"]["security"], Value::Null);
}

#[test]
fn what_the_author_wrote_stays() {
    let document = secured(&shop(), Shop::openapi());
    let said = &document["paths"]["/said"]["get"];
    assert_eq!(said["responses"]["401"]["description"], "As I said");
    assert_eq!(said["security"], json!([{ "key": [] }, { "session": [] }]));
}

#[test]
#[allow(unused_qualifications, reason = "written by the derive")]
fn a_group_guards_its_routes_under_the_path_of_their_nest() {
    #[derive(OpenApi)]
    #[openapi(nest(
        (path = "/admin", api = Shop),
        (path = "/deep/er", api = Shop),
        (path = "/free", api = Shop),
    ))]
    struct Nested;

    let deep = Routes::new().nest("/er", shop()).guarded(Nobody);
    let routes = Routes::new()
        .nest("/admin", shop().guarded(LoginRequired))
        .nest("/deep", deep)
        .nest("/free", shop());
    let document = secured(&routes, Nested::openapi());
    let paths = &document["paths"];
    assert_eq!(statuses(&paths["/admin/"]["get"]), ["200", "401"]);
    assert_eq!(statuses(&paths["/deep/er/"]["get"]), ["200", "403"]);
    assert_eq!(
        statuses(&paths["/deep/er/said"]["get"]),
        ["200", "401", "403"]
    );
    assert_eq!(statuses(&paths["/free/"]["get"]), ["200"]);
    assert_eq!(
        statuses(&paths["/free/both"]["delete"]),
        ["204", "401", "403"]
    );
}

#[test]
fn what_is_in_the_document_and_no_route_is_left_alone() {
    let document = secured(&Routes::<()>::new(), Shop::openapi());
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let before = &serde_json::to_value(Shop::openapi()).unwrap()["paths"][path][method];
            assert_eq!(operation, before, "{method} {path}");
        }
    }
}

/// The four attributes of a handler in each of their orders, with a parameter of the session and one of the body.
mod orders {
    use super::*;

    macro_rules! orders {
        ($($name:ident $path:literal: $(#[$attribute:meta])*;)*) => {
            $(
                $(#[$attribute])*
                #[allow(dead_code, reason = "called through the router")]
                async fn $name(#[session] user_id: Option<u64>, body: String) -> String {
                    format!("{user_id:?}{body}")
                }
            )*

            #[derive(OpenApi)]
            #[openapi(paths($($name),*))]
            pub(super) struct Orders;

            pub(super) fn orders() -> Routes {
                routes![$($name),*]
            }
        };
    }

    orders! {
        a "/a": #[utoipa::path(get, path = "/a", responses((status = 200)))] #[get("/a")] #[login_required] #[guard(Nobody)];
        b "/b": #[utoipa::path(get, path = "/b", responses((status = 200)))] #[guard(Nobody)] #[login_required] #[get("/b")];
        c "/c": #[get("/c")] #[utoipa::path(get, path = "/c", responses((status = 200)))] #[guard(Nobody)] #[login_required];
        d "/d": #[guard(Nobody)] #[utoipa::path(get, path = "/d", responses((status = 200)))] #[login_required] #[get("/d")];
        e "/e": #[login_required] #[guard(Nobody)] #[utoipa::path(get, path = "/e", responses((status = 200)))] #[get("/e")];
        f "/f": #[get("/f")] #[login_required] #[guard(Nobody)] #[utoipa::path(get, path = "/f", responses((status = 200)))];
        g "/g": #[login_required] #[guard(Nobody)] #[get("/g")] #[utoipa::path(get, path = "/g", responses((status = 200)))];
        h "/h": #[guard(Nobody)] #[get("/h")] #[utoipa::path(get, path = "/h", responses((status = 200)))] #[login_required];
        i "/i": #[cfg_attr(all(), login_required, utoipa::path(get, path = "/i", responses((status = 200))), get("/i"))] #[guard(Nobody)];
        j "/j": #[utoipa::path(get, path = "/j", responses((status = 200)))] #[cfg_attr(all(), guard(Nobody), get("/j"), login_required)];
    }
}

#[tokio::test]
async fn the_guards_hold_and_are_described_in_any_order_of_the_attributes() {
    use orders::{Orders, orders};
    let document = secured(&orders(), Orders::openapi());
    let client = TestClient::new(|sessions| orders().with_sessions(sessions));
    let signed_in = TestClient::new(|sessions| orders().with_sessions(sessions));
    signed_in.login(1).await;
    let table = orders().table();
    assert_eq!(table.routes().count(), 10);
    for route in table.routes() {
        let path = route.path();
        let operation = &document["paths"][path]["get"];
        assert_eq!(statuses(operation), ["200", "401", "403"], "{path}");
        // The session and the gate are no parameters of a client's.
        assert_eq!(operation["parameters"], Value::Null, "{path}");
        assert_eq!(client.get(path).await.status(), 401, "{path}");
        assert_eq!(signed_in.get(path).await.status(), 403, "{path}");
    }
}

fn sessions() -> SessionLayer {
    SessionLayer::new(SessionConfig::new(SecretKey::dangerous(
        "a key for tests only",
    )))
}

/// The document with what the routes add to it, as JSON.
fn secured<S: Clone + Send + Sync + 'static>(routes: &Routes<S>, mut document: Document) -> Value {
    SessionSecurity::of(routes.table(), &sessions()).modify(&mut document);
    serde_json::to_value(document).unwrap()
}

fn statuses(operation: &Value) -> Vec<&str> {
    let responses = operation["responses"].as_object();
    let mut statuses: Vec<_> = responses.unwrap().keys().map(String::as_str).collect();
    statuses.sort_unstable();
    statuses
}
