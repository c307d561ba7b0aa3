//! `#[guard(..)]` under other names, hidden, made by something else, among the attributes of others, and past `routes![]`.

#![allow(
    clippy::duplicated_attributes,
    clippy::non_minimal_cfg,
    reason = "a guard must not care what else is written"
)]

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use session_runtime::guard as asks;
use session_runtime::{LoginRequired, Routes, any, get, guard, routes, session};

use crate::visit::{
    Writes, app, assert_guarded, log_in, log_in_to_read, sessions, shut_to_readers,
};

#[tokio::test]
async fn under_every_disguise() {
    let routes: Routes = routes![
        above,
        below,
        skip,
        full_path,
        cfg_attr_all,
        cfg_attr_nested,
        between,
        by_macro,
        by_path,
        by_value,
        by_item,
        lying_names,
        twice,
        traced_topmost,
        traced_last,
        debug_between,
        debug_last,
        a_path,
        every_method,
        with_body
    ];
    assert_guarded(&routes);
    let rows: Vec<_> = routes.table().routes().collect();
    let app = app(routes);
    for row in rows {
        let method = row.method().parse().unwrap_or(Method::GET);
        let method = if row.method() == "ANY" {
            Method::DELETE
        } else {
            method
        };
        shut_to_readers(&app, method, row.path(), row.handler()).await;
    }
}

#[tokio::test]
async fn wired_by_hand() {
    use axum::handler::Handler;
    use axum::routing::{MethodFilter, get, on_service};
    let app = Router::new()
        .route("/unrouted", get(unrouted).post(unrouted))
        .route(
            "/service",
            on_service(MethodFilter::GET, above.with_state(())),
        )
        .route(
            "/middleware",
            MethodRouter::new()
                .get(|| async { "middleware" })
                .layer(from_fn(middleware)),
        )
        .route("/log-in", get(log_in))
        .route("/log-in-to-read", get(log_in_to_read))
        .fallback(unrouted)
        .layer(sessions());
    for (method, path, handler) in [
        (Method::GET, "/unrouted", "unrouted"),
        (Method::POST, "/unrouted", "unrouted"),
        (Method::GET, "/service", "above"),
        (Method::GET, "/middleware", "middleware"),
        (Method::GET, "/unknown", "unrouted"),
    ] {
        shut_to_readers(&app, method, path, handler).await;
    }
}

/// The guard of a group and the one of a handler are both asked, whichever is which.
#[tokio::test]
async fn together_with_the_guard_of_a_group() {
    let by_login = || -> Routes { routes![above, every_method].guarded(LoginRequired) };
    let by_own = || -> Routes { routes![login_alone].guarded(Writes) };
    let nested = Routes::new().nest("/a", by_login()).nest("/b", by_own());
    let app = app(nested.merge(by_own()).merge(by_login()));
    for (path, handler) in [
        ("/a/above", "above"),
        ("/b/login-alone", "login_alone"),
        ("/above", "above"),
        ("/login-alone", "login_alone"),
        ("/every-method", "every_method"),
    ] {
        shut_to_readers(&app, Method::GET, path, handler).await;
    }
}

#[asks(Writes)]
#[get("/above")]
async fn above() -> &'static str {
    "above"
}

#[get("/below")]
#[asks(Writes)]
async fn below() -> &'static str {
    "below"
}

#[get("/skip")]
#[rustfmt::skip]
#[asks(Writes)]
#[rustfmt::skip]
async fn skip() -> &'static str {
    "skip"
}

#[::session_runtime::get("/full-path")]
#[::session_runtime::guard(guards::Gate)]
async fn full_path() -> &'static str {
    "full_path"
}

#[cfg_attr(all(), get("/cfg-attr"), asks(Writes), tracing::instrument)]
async fn cfg_attr_all() -> &'static str {
    "cfg_attr_all"
}

#[get("/cfg-attr-nested")]
#[cfg_attr(all(), cfg_attr(all(), rustfmt::skip, asks(Writes)))]
async fn cfg_attr_nested() -> &'static str {
    "cfg_attr_nested"
}

/// Documentation, lints and conditions stand between.
#[get("/own-between")]
#[doc(hidden)]
#[cfg(all())]
#[asks(Writes)]
#[inline]
async fn between() -> &'static str {
    "between"
}

macro_rules! handler {
    ($(#[$meta:meta])* $name:ident, $body:block) => {
        $(#[$meta])*
        async fn $name() -> &'static str $body
    };
}
handler!(
    #[get("/own-by-macro")]
    #[asks(Writes)]
    by_macro,
    { "by_macro" }
);

macro_rules! guarded {
    ($attribute:path, $guard:path, $name:ident, $path:literal) => {
        #[get($path)]
        #[$attribute($guard)]
        async fn $name() -> &'static str {
            stringify!($name)
        }
    };
}
guarded!(
    session_runtime::guard,
    guards::Gate,
    by_path,
    "/own-by-path"
);

macro_rules! by_value {
    ($guard:expr) => {
        #[get("/own-by-value")]
        #[guard($guard)]
        async fn by_value() -> &'static str {
            "by_value"
        }
    };
}
by_value!(Writes);

macro_rules! item {
    ($item:item) => {
        #[get("/own-by-item")]
        $item
    };
}
item!(
    #[asks(Writes)]
    async fn by_item() -> &'static str {
        "by_item"
    }
);

/// Names that lie: the guard is called `public`.
mod liars {
    pub(super) use session_runtime::{get as post, guard as public};
}
#[liars::post("/own-liars")]
#[liars::public(Writes)]
async fn lying_names() -> &'static str {
    "lying_names"
}

#[get("/own-twice")]
#[get("/own-twice-again")]
#[asks(Writes)]
async fn twice() -> &'static str {
    "twice"
}

#[tracing::instrument]
#[get("/own-traced-topmost")]
#[asks(Writes)]
async fn traced_topmost() -> &'static str {
    "traced_topmost"
}

#[asks(Writes)]
#[get("/own-traced-last")]
#[tracing::instrument(skip_all)]
async fn traced_last() -> &'static str {
    "traced_last"
}

#[get("/own-debug-between")]
#[axum::debug_handler]
#[asks(Writes)]
async fn debug_between() -> &'static str {
    "debug_between"
}

#[get("/own-debug-last")]
#[asks(Writes)]
#[axum::debug_handler]
async fn debug_last(#[session(default)] visits: &mut u8) -> &'static str {
    *visits = visits.wrapping_add(1);
    "debug_last"
}

/// A guard that is called like something of ours.
mod guards {
    pub(super) use crate::visit::Writes as Gate;
}
#[get("/a-path")]
#[asks(guards::Gate)]
#[session(read_only)]
async fn a_path() -> &'static str {
    "a_path"
}

#[any("/every-method")]
#[asks(Writes)]
async fn every_method() -> &'static str {
    "every_method"
}

#[session_runtime::post("/with-own-body")]
#[asks(Writes)]
async fn with_body(body: String) -> String {
    format!("with_body{body}")
}

#[get("/login-alone")]
#[session_runtime::login_required]
async fn login_alone() -> &'static str {
    "login_alone"
}

#[asks(Writes)]
async fn unrouted() -> &'static str {
    "unrouted"
}

#[asks(Writes)]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}
