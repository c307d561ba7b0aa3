//! Above and below every route attribute.

use axum::http::{Method, StatusCode};
use session_runtime::{
    Routes, any, delete, get, head, login_required, options, patch, post, put, route, routes,
};

use crate::visit::{app, assert_guarded, send, shut, unread};

#[tokio::test]
async fn in_every_order_with_every_route_attribute() {
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

macro_rules! pairs {
    ($($verb:ident $above:ident $below:ident;)*) => {$(
        #[login_required]
        #[$verb("/verbs/above")]
        async fn $above() -> &'static str { stringify!($above) }

        #[$verb("/verbs/below")]
        #[login_required]
        async fn $below() -> &'static str { stringify!($below) }
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
async fn head_above() {}

#[head("/verbs/head-below")]
#[login_required]
async fn head_below() {}

#[login_required]
#[any("/verbs/any-above")]
async fn any_above() -> &'static str {
    "any_above"
}

#[any("/verbs/any-below")]
#[login_required]
async fn any_below() -> &'static str {
    "any_below"
}

#[login_required]
#[route("/verbs/route-above", methods(GET, POST))]
async fn route_above() -> &'static str {
    "route_above"
}

#[route("/verbs/route-below", methods(GET, POST))]
#[login_required]
async fn route_below() -> &'static str {
    "route_below"
}

#[options("/verbs/options")]
#[login_required]
async fn options_pass() -> &'static str {
    "options_pass"
}
