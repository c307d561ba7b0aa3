use axum::http::HeaderMap;
use session_runtime::prelude::*;

#[get("/")]
async fn index(headers: &HeaderMap) -> String {
    headers.len().to_string()
}

fn main() {
    let _: Routes<()> = routes![index];
}
