//! Among the attributes of others; `debug_handler` anywhere but topmost.

use session_runtime::login_required as lr;
use session_runtime::{get, routes};

use crate::visit::shut_everywhere;

#[tokio::test]
async fn among_the_attributes_of_others() {
    shut_everywhere(routes![
        traced_topmost,
        traced_between,
        traced_last,
        traced_by_name,
        debug_between,
        debug_below_guard,
        debug_last
    ])
    .await;
}

#[tracing::instrument]
#[get("/traced-topmost")]
#[lr]
pub async fn traced_topmost() -> &'static str {
    "traced_topmost"
}

#[get("/traced-between")]
#[tracing::instrument(ret)]
#[lr]
pub async fn traced_between() -> &'static str {
    "traced_between"
}

#[lr]
#[get("/traced-last")]
#[tracing::instrument(skip_all)]
pub async fn traced_last() -> &'static str {
    "traced_last"
}

/// What names a parameter stands above: below, a session value is no parameter.
#[tracing::instrument(skip(visits), fields(user = ?user_id, visits = *visits))]
#[get("/traced-by-name")]
#[lr]
pub async fn traced_by_name(
    #[session] user_id: Option<u64>,
    #[session(default)] visits: &mut u8,
) -> &'static str {
    *visits = visits.wrapping_add(1);
    "traced_by_name"
}

#[get("/debug-between")]
#[axum::debug_handler]
#[lr]
pub async fn debug_between() -> &'static str {
    "debug_between"
}

#[lr]
#[axum::debug_handler]
#[get("/debug-below-guard")]
pub async fn debug_below_guard() -> &'static str {
    "debug_below_guard"
}

#[get("/debug-last")]
#[tracing::instrument]
#[lr]
#[axum::debug_handler]
pub async fn debug_last(#[session(default)] visits: &mut u8) -> &'static str {
    *visits = visits.wrapping_add(1);
    "debug_last"
}
