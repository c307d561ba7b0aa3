use axum::http::Method;
use session_runtime::prelude::*;

#[get("/")]
#[login_required]
async fn index(
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
    _: Method,
) {
}

fn main() {}
