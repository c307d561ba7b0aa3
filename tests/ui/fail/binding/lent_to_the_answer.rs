use session_runtime::prelude::*;

#[get("/name")]
async fn name(#[session(default)] name: &mut String) -> impl axum::response::IntoResponse {
    name.as_str()
}

fn main() {}
