//! `#[login_required]` protects wherever it stands, under whatever name, and however the handler is wired.
//!
//! Each handler answers with its own name, so that a test can tell that a user reaches it and a stranger does not.

#![deny(warnings)]
#![allow(
    clippy::duplicated_attributes,
    clippy::non_minimal_cfg,
    reason = "a guard must not care what else is written"
)]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use session_runtime::login_required as lr;
use session_runtime::signing::SecretKey;
use session_runtime::{
    Routes, Session, SessionConfig, SessionError, SessionLayer, any, csrf_exempt, delete, get,
    head, login_required, options, patch, post, put, route, routes, session,
};
use tower::ServiceExt;

#[path = "order/verbs.rs"]
mod verbs;

/// All orders of a route, a guard, a session option, an exemption and a foreign attribute.
mod permutations {
    use super::*;

    macro_rules! permute {
        ($($name:ident: #[$a:meta] #[$b:meta] #[$c:meta] #[$d:meta] #[$e:meta];)*) => {$(
            #[$a] #[$b] #[$c] #[$d] #[$e]
            pub(super) async fn $name() -> &'static str { stringify!($name) }
        )*};
    }

    // A handler for each of the 120 orders, and `all()`.
    include!("order/permutations.rs");
}

#[path = "order/disguised.rs"]
mod disguised;

#[path = "order/foreign.rs"]
mod foreign;

#[path = "order/by_hand.rs"]
mod by_hand;

#[get("/log-in")]
async fn log_in(session: Session) -> Result<(), SessionError> {
    session.set("user_id", 1)
}

#[tokio::test]
async fn in_every_order_with_every_route_attribute() {
    use verbs::*;
    let routes: Routes = routes![
        get_above,
        get_below,
        post_above,
        post_below,
        put_above,
        put_below,
        patch_above,
        patch_below,
        delete_above,
        delete_below,
        head_above,
        head_below,
        any_above,
        any_below,
        route_above,
        route_below,
        options_pass
    ];
    assert_guarded(&routes);
    let app = app(routes);
    for method in [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ] {
        let name = method.as_str().to_lowercase();
        shut(
            &app,
            method.clone(),
            "/verbs/above",
            &format!("{name}_above"),
        )
        .await;
        shut(
            &app,
            method.clone(),
            "/verbs/below",
            &format!("{name}_below"),
        )
        .await;
        shut(&app, method.clone(), "/verbs/any-above", "any_above").await;
        shut(&app, method, "/verbs/any-below", "any_below").await;
    }
    for method in [Method::GET, Method::POST] {
        shut(&app, method.clone(), "/verbs/route-above", "route_above").await;
        shut(&app, method, "/verbs/route-below", "route_below").await;
    }
    // A HEAD request runs the GET handler where it has none of its own.
    for path in ["above", "below", "head-above", "head-below", "any-above"] {
        shut(&app, Method::HEAD, &format!("/verbs/{path}"), "").await;
    }
    let preflight = send(&app, None, Method::OPTIONS, "/verbs/options", unread()).await;
    assert_eq!(preflight, (StatusCode::OK, "options_pass".to_owned()));
}

/// lingthio/Flask-User #137, fedora-infra/tahrir #941.
#[tokio::test]
async fn in_every_order_of_all_attributes() {
    let routes = permutations::all();
    let table = routes.table();
    let rows: Vec<_> = table.routes().collect();
    assert_eq!(rows.len(), 120);
    for row in &rows {
        assert!(
            row.is_guarded() && row.is_csrf_exempt() && row.method() == "POST",
            "{row:?}"
        );
    }
    assert_eq!(table.to_string().matches("read_only").count(), 120);
    let app = app(routes);
    for row in rows {
        shut(&app, Method::POST, row.path(), row.handler()).await;
    }
}

#[tokio::test]
async fn under_every_disguise() {
    use disguised::*;
    shut_everywhere(routes![
        skip,
        tool,
        full_path,
        full_path_above,
        cfg_attr_all,
        cfg_attr_nested,
        cfg_attr_above,
        between,
        by_macro,
        by_macro_above,
        by_path,
        by_renamed_path,
        by_item,
        by_tokens,
        lying_names,
        twice,
        around,
        r#match,
        names
    ])
    .await;
}

#[tokio::test]
async fn among_the_attributes_of_others() {
    use foreign::*;
    shut_everywhere(routes![
        traced_topmost,
        traced_between,
        traced_last,
        debug_between,
        debug_below_guard,
        debug_last
    ])
    .await;
}

#[tokio::test]
async fn under_another_name_of_the_handler_itself() {
    use disguised::full_path as renamed;
    mod prelude {
        pub(super) use crate::foreign::*;
    }
    use prelude::*;
    shut_everywhere(routes![renamed, traced_last, disguised::twice]).await;
}

#[tokio::test]
async fn wired_by_hand() {
    use axum::handler::Handler;
    use axum::routing::{MethodFilter, get, on_service, post};
    let app = Router::new()
        .route("/unrouted", get(by_hand::unrouted).post(by_hand::unrouted))
        .route("/routed", get(by_hand::routed))
        .route("/with-body", post(by_hand::with_body))
        .route("/whole-request", post(by_hand::whole_request))
        .route(
            "/service",
            on_service(MethodFilter::GET, by_hand::routed.with_state(())),
        )
        .route(
            "/middleware",
            MethodRouter::new()
                .get(|| async { "middleware" })
                .layer(from_fn(by_hand::middleware)),
        )
        .route("/log-in", get(log_in))
        .fallback(by_hand::fallback)
        .layer(sessions());
    shut(&app, Method::GET, "/unrouted", "unrouted").await;
    shut(&app, Method::HEAD, "/unrouted", "").await;
    shut(&app, Method::POST, "/unrouted", "unrouted").await;
    shut(&app, Method::GET, "/routed", "routed").await;
    shut(&app, Method::POST, "/with-body", "with_body").await;
    shut(&app, Method::POST, "/whole-request", "whole_request").await;
    shut(&app, Method::GET, "/service", "routed").await;
    shut(&app, Method::GET, "/middleware", "middleware").await;
    shut(&app, Method::GET, "/unknown", "fallback").await;
}

#[tokio::test]
async fn where_the_layer_is_forgotten_it_is_shut_for_all() {
    let by_hand: Router = Router::new()
        .route("/with-body", axum::routing::post(by_hand::with_body))
        .route("/routed", axum::routing::get(by_hand::routed));
    let unlayered: Routes = routes![by_hand::routed];
    let unlayered = unlayered.without_sessions();
    for (app, method, path) in [
        (&by_hand, Method::POST, "/with-body"),
        (&by_hand, Method::GET, "/routed"),
        (&unlayered, Method::GET, "/never-asked"),
    ] {
        let answer = send(app, None, method, path, unread()).await;
        assert_eq!(answer.0, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
}

/// librefang/librefang pull request 3895, maxcountryman/axum-login #57.
#[tokio::test]
async fn merged_before_or_after_the_layer() {
    let group = || -> Routes { routes![foreign::traced_last, log_in] };
    let late = || -> Routes { routes![by_hand::routed] };
    let before = Router::new()
        .merge(late().with_sessions(sessions()))
        .merge(group().with_sessions(sessions()));
    let after = Router::new()
        .merge(group().with_sessions(sessions()))
        .merge(late().with_sessions(sessions()));
    let outside = Router::new()
        .merge(late().without_sessions())
        .merge(group().without_sessions())
        .layer(sessions());
    for app in [before, after, outside] {
        shut(&app, Method::GET, "/traced-last", "traced_last").await;
        shut(&app, Method::GET, "/never-asked", "routed").await;
        assert_eq!(
            send(&app, None, Method::GET, "/unknown", unread()).await.0,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn against_cookies_that_are_not_ours() {
    let app = app(routes![by_hand::routed]);
    let forger = SessionConfig::new(SecretKey::dangerous("another key"));
    let forged: Routes = routes![log_in];
    let forged = cookie(&forged.with_sessions(SessionLayer::new(forger))).await;
    let ours = cookie(&app).await;
    let (name, value) = ours.split_once('=').unwrap();
    let altered = [
        forged,
        format!("{name}="),
        format!("{name}={value}x"),
        format!("{name}=.{value}"),
        value.to_owned(),
    ];
    for cookie in altered {
        let answer = send(&app, Some(&cookie), Method::GET, "/never-asked", unread()).await;
        assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{cookie}");
    }
}

fn sessions() -> SessionLayer {
    SessionLayer::new(SessionConfig::new(SecretKey::dangerous(
        "a key for tests only",
    )))
}

fn app(routes: Routes) -> Router {
    routes.merge(routes![log_in]).with_sessions(sessions())
}

/// The table has to know the guard too, or it could not be trusted.
fn assert_guarded(routes: &Routes) {
    for route in routes.table().routes() {
        assert!(route.is_guarded(), "{route:?}");
    }
}

async fn shut_everywhere(routes: Routes) {
    assert_guarded(&routes);
    let rows: Vec<_> = routes.table().routes().collect();
    let app = app(routes);
    for row in rows {
        shut(&app, Method::GET, row.path(), row.handler()).await;
    }
}

/// A stranger is refused and its body is not read; a user reaches the handler.
async fn shut(app: &Router, method: Method, path: &str, handler: &str) {
    let stranger = send(app, None, method.clone(), path, unread()).await;
    assert_eq!(
        stranger.0,
        StatusCode::UNAUTHORIZED,
        "{method} {path} for a stranger"
    );
    let user = cookie(app).await;
    let user = send(app, Some(&user), method.clone(), path, Body::empty()).await;
    assert_eq!(
        user,
        (StatusCode::OK, handler.to_owned()),
        "{method} {path} for a user"
    );
}

async fn cookie(app: &Router) -> String {
    let request = Request::get("/log-in").body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn send(
    app: &Router,
    cookie: Option<&str>,
    method: Method,
    path: &str,
    body: Body,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = app
        .clone()
        .oneshot(request.body(body).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 4096)
        .await
        .unwrap();
    let text = if status.is_success() {
        String::from_utf8(body.to_vec()).unwrap()
    } else {
        String::new()
    };
    (status, text)
}

/// A body that says when somebody reads it.
fn unread() -> Body {
    Body::from_stream(Unread)
}

struct Unread;

impl futures_core::Stream for Unread {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        panic!("the body was read before the guard had spoken")
    }
}
