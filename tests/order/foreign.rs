//! Attributes of others, anywhere; `debug_handler` anywhere but topmost.

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
