//! Without a route attribute, or past `routes![]`.

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
