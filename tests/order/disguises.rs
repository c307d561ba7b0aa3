//! Attributes that are hidden, renamed, or made by something else.

#![allow(
    clippy::duplicated_attributes,
    clippy::non_minimal_cfg,
    reason = "a guard must not care what else is written"
)]

use axum::http::Method;
use session_runtime::login_required as lr;
use session_runtime::{get, login_required, routes};

use crate::visit::shut_everywhere;
use crate::wiring;

#[tokio::test]
async fn under_every_disguise() {
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
async fn under_another_name_of_the_handler_itself() {
    use full_path as renamed;
    mod prelude {
        pub use crate::foreign::*;
    }
    use prelude::*;
    shut_everywhere(routes![renamed, traced_last, wiring::routed]).await;
}

#[get("/skip")]
#[rustfmt::skip]
#[lr]
#[rustfmt::skip]
async fn skip() -> &'static str {
    "skip"
}

#[get("/tool")]
#[rustfmt::skip]
#[clippy::msrv = "1.95"]
#[login_required]
async fn tool() -> &'static str {
    "tool"
}

#[::session_runtime::get("/full-path")]
#[::session_runtime::login_required]
async fn full_path() -> &'static str {
    "full_path"
}

#[session_runtime::login_required]
#[session_runtime::get("/full-path-above")]
async fn full_path_above() -> &'static str {
    "full_path_above"
}

#[cfg_attr(all(), get("/cfg-attr"), lr, tracing::instrument)]
async fn cfg_attr_all() -> &'static str {
    "cfg_attr_all"
}

#[get("/cfg-attr-nested")]
#[cfg_attr(all(), cfg_attr(all(), rustfmt::skip, lr))]
async fn cfg_attr_nested() -> &'static str {
    "cfg_attr_nested"
}

#[cfg_attr(all(), lr)]
#[cfg_attr(any(), get("/never"))]
#[get("/cfg-attr-above")]
async fn cfg_attr_above() -> &'static str {
    "cfg_attr_above"
}

/// Documentation, lints and conditions stand between.
#[get("/between")]
#[doc(hidden)]
#[cfg(all())]
#[allow(clippy::unused_async)]
#[lr]
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
        async fn $name() -> &'static str {
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
    async fn by_item() -> &'static str {
        "by_item"
    }
);

macro_rules! tokens {
    ($($token:tt)*) => { $($token)* };
}
tokens! { tokens! {
    #[get("/by-tokens")] #[lr] async fn by_tokens() -> &'static str { "by_tokens" }
} }

/// Names that lie: a guard called `session`, a `get` called `post`.
mod liars {
    pub(super) use session_runtime::{get as post, login_required as session};
}
#[liars::post("/liars")]
#[liars::session]
async fn lying_names() -> &'static str {
    "lying_names"
}

#[get("/twice")]
#[get("/twice-again")]
#[lr]
async fn twice() -> &'static str {
    "twice"
}

#[get("/first")]
#[lr]
#[get("/last")]
async fn around() -> &'static str {
    "around"
}

#[get("/raw")]
#[lr]
async fn r#match() -> &'static str {
    "match"
}

/// A parameter called like the generated one, and a type called like ours.
#[get("/names")]
#[lr]
async fn names(__gate: Method) -> String {
    struct Gate;
    let _ = Gate;
    format!("names{}", &__gate.as_str()[..0])
}
