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

/// A handler above and one below each route attribute.
mod verbs {
    use super::*;

    macro_rules! pairs {
        ($($verb:ident $above:ident $below:ident;)*) => {$(
            #[login_required]
            #[$verb("/verbs/above")]
            pub(super) async fn $above() -> &'static str { stringify!($above) }

            #[$verb("/verbs/below")]
            #[login_required]
            pub(super) async fn $below() -> &'static str { stringify!($below) }
        )*};
    }

    pairs! {
        get get_above get_below;
        post post_above post_below;
        put put_above put_below;
        patch patch_above patch_below;
        delete delete_above delete_below;
    }

    #[login_required]
    #[head("/verbs/head-above")]
    pub(super) async fn head_above() {}

    #[head("/verbs/head-below")]
    #[login_required]
    pub(super) async fn head_below() {}

    #[login_required]
    #[any("/verbs/any-above")]
    pub(super) async fn any_above() -> &'static str {
        "any_above"
    }

    #[any("/verbs/any-below")]
    #[login_required]
    pub(super) async fn any_below() -> &'static str {
        "any_below"
    }

    #[login_required]
    #[route("/verbs/route-above", methods(GET, POST))]
    pub(super) async fn route_above() -> &'static str {
        "route_above"
    }

    #[route("/verbs/route-below", methods(GET, POST))]
    #[login_required]
    pub(super) async fn route_below() -> &'static str {
        "route_below"
    }

    #[options("/verbs/options")]
    #[login_required]
    pub(super) async fn options_pass() -> &'static str {
        "options_pass"
    }
}

/// All orders of a route, a guard, a session option, an exemption and a foreign attribute (REPORTS 23).
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

/// Attributes that are hidden, renamed, or made by something else.
mod disguised {
    use super::*;

    #[get("/skip")]
    #[rustfmt::skip]
    #[lr]
    #[rustfmt::skip]
    pub(super) async fn skip() -> &'static str {
        "skip"
    }

    #[get("/tool")]
    #[rustfmt::skip]
    #[clippy::msrv = "1.95"]
    #[login_required]
    pub(super) async fn tool() -> &'static str {
        "tool"
    }

    #[::session_runtime::get("/full-path")]
    #[::session_runtime::login_required]
    pub(super) async fn full_path() -> &'static str {
        "full_path"
    }

    #[session_runtime::login_required]
    #[session_runtime::get("/full-path-above")]
    pub(super) async fn full_path_above() -> &'static str {
        "full_path_above"
    }

    #[cfg_attr(all(), get("/cfg-attr"), lr, tracing::instrument)]
    pub(super) async fn cfg_attr_all() -> &'static str {
        "cfg_attr_all"
    }

    #[get("/cfg-attr-nested")]
    #[cfg_attr(all(), cfg_attr(all(), rustfmt::skip, lr))]
    pub(super) async fn cfg_attr_nested() -> &'static str {
        "cfg_attr_nested"
    }

    #[cfg_attr(all(), lr)]
    #[cfg_attr(any(), get("/never"))]
    #[get("/cfg-attr-above")]
    pub(super) async fn cfg_attr_above() -> &'static str {
        "cfg_attr_above"
    }

    /// Documentation, lints and conditions stand between.
    #[get("/between")]
    #[doc(hidden)]
    #[cfg(all())]
    #[allow(clippy::unused_async)]
    #[lr]
    #[inline]
    pub(super) async fn between() -> &'static str {
        "between"
    }

    macro_rules! handler {
        ($(#[$meta:meta])* $name:ident, $body:block) => {
            $(#[$meta])*
            pub(super) async fn $name() -> &'static str $body
        };
    }
    handler!(
        #[get("/by-macro")]
        #[lr]
        by_macro,
        { "by_macro" }
    );
    handler!(
        #[lr]
        #[get("/by-macro-above")]
        #[tracing::instrument]
        by_macro_above,
        { "by_macro_above" }
    );

    macro_rules! guarded {
        ($guard:path, $name:ident, $path:literal) => {
            #[get($path)]
            #[$guard]
            pub(super) async fn $name() -> &'static str {
                stringify!($name)
            }
        };
    }
    guarded!(session_runtime::login_required, by_path, "/by-path");
    guarded!(lr, by_renamed_path, "/by-renamed-path");

    macro_rules! item {
        ($item:item) => {
            #[get("/by-item")]
            $item
        };
    }
    item!(
        #[lr]
        pub(super) async fn by_item() -> &'static str {
            "by_item"
        }
    );

    macro_rules! tokens {
        ($($token:tt)*) => { $($token)* };
    }
    tokens! { tokens! {
        #[get("/by-tokens")] #[lr] pub(super) async fn by_tokens() -> &'static str { "by_tokens" }
    } }

    /// Names that lie: a guard called `session`, a `get` called `post`.
    mod liars {
        pub(super) use session_runtime::{get as post, login_required as session};
    }
    #[liars::post("/liars")]
    #[liars::session]
    pub(super) async fn lying_names() -> &'static str {
        "lying_names"
    }

    #[get("/twice")]
    #[get("/twice-again")]
    #[lr]
    pub(super) async fn twice() -> &'static str {
        "twice"
    }

    #[get("/first")]
    #[lr]
    #[get("/last")]
    pub(super) async fn around() -> &'static str {
        "around"
    }

    #[get("/raw")]
    #[lr]
    pub(super) async fn r#match() -> &'static str {
        "match"
    }

    /// A parameter called like the generated one, and a type called like ours.
    #[get("/names")]
    #[lr]
    pub(super) async fn names(__gate: Method) -> String {
        struct Gate;
        let _ = Gate;
        format!("names{}", &__gate.as_str()[..0])
    }
}

/// Attributes of others, anywhere; `debug_handler` anywhere but topmost.
mod foreign {
    use super::*;

    #[tracing::instrument]
    #[get("/traced-topmost")]
    #[lr]
    pub(super) async fn traced_topmost() -> &'static str {
        "traced_topmost"
    }

    #[get("/traced-between")]
    #[tracing::instrument(ret)]
    #[lr]
    pub(super) async fn traced_between() -> &'static str {
        "traced_between"
    }

    #[lr]
    #[get("/traced-last")]
    #[tracing::instrument(skip_all)]
    pub(super) async fn traced_last() -> &'static str {
        "traced_last"
    }

    #[get("/debug-between")]
    #[axum::debug_handler]
    #[lr]
    pub(super) async fn debug_between() -> &'static str {
        "debug_between"
    }

    #[lr]
    #[axum::debug_handler]
    #[get("/debug-below-guard")]
    pub(super) async fn debug_below_guard() -> &'static str {
        "debug_below_guard"
    }

    #[get("/debug-last")]
    #[tracing::instrument]
    #[lr]
    #[axum::debug_handler]
    pub(super) async fn debug_last(#[session(default)] visits: &mut u8) -> &'static str {
        *visits = visits.wrapping_add(1);
        "debug_last"
    }
}

/// Without a route attribute, or past `routes![]`.
mod by_hand {
    use super::*;

    #[lr]
    pub(super) async fn unrouted() -> &'static str {
        "unrouted"
    }

    #[get("/never-asked")]
    #[lr]
    pub(super) async fn routed() -> &'static str {
        "routed"
    }

    #[lr]
    pub(super) async fn with_body(body: String) -> String {
        format!("with_body{body}")
    }

    #[lr]
    pub(super) async fn whole_request(_: Request) -> &'static str {
        "whole_request"
    }

    #[lr]
    pub(super) async fn fallback() -> &'static str {
        "fallback"
    }

    #[lr]
    pub(super) async fn middleware(request: Request, next: Next) -> Response {
        next.run(request).await
    }
}

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

/// REPORTS 24.
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
