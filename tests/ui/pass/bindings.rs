//! Every attribute and every binding.
#![deny(warnings)]

use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use session_runtime::prelude::*;

const USER_ID: Key<u64> = Key::new("user_id");

mod keys {
    pub const CART: session_runtime::Key<Vec<String>> = session_runtime::Key::new("cart");
}

#[get("/read/{id}")]
#[public]
async fn read(
    Path(id): Path<u64>,
    #[session] a: Option<u64>,
    #[session] b: u64,
    #[session] c: std::result::Result<u64, SessionError>,
    #[session(default)] d: u64,
    #[session(default = 7)] e: u64,
    #[session(key = "uid")] f: Option<u64>,
    #[session(key = USER_ID)] g: Option<u64>,
    #[session(key = keys::CART, default)] h: Vec<String>,
    #[session(key = "pair")] (i, j): (u8, u8),
) -> String {
    format!("{id} {a:?} {b} {c:?} {d} {e} {f:?} {g:?} {h:?} {i} {j}")
}

#[post("/update")]
#[session(renew)]
async fn update(
    #[session(default)] a: &mut u64,
    #[session] b: &mut Option<u64>,
    #[session(default = vec![1])] numbers: &mut Vec<u8>,
    #[session(key = USER_ID)] d: &mut u64,
    request: Request,
) -> impl IntoResponse {
    *a += 1;
    *b = b.take().map(|b| b + 1);
    numbers.push(2);
    *d += 1;
    request.uri().to_string()
}

#[delete("/take")]
#[session(clear)]
async fn take(#[session(pop)] a: Option<u64>, #[session(pop)] b: u64, #[session(pop, default)] c: u64) -> String {
    format!("{a:?} {b} {c}")
}

#[put("/write")]
#[patch("/write")]
#[session(lifetime = "10m")]
async fn write(#[session(set)] a: Slot<u64>, #[session(set, key = USER_ID)] b: Slot<u64>) -> Result<StatusCode> {
    a.set(1)?;
    b.set(2)?;
    Ok(StatusCode::CREATED)
}

#[route("/several", methods(GET, POST))]
#[login_required(redirect = "/login")]
#[session(read_only)]
async fn several(method: Method) -> String {
    method.to_string()
}

#[head("/head")]
#[options("/options")]
#[any("/any")]
#[csrf_exempt]
async fn whatever() {}

fn main() {
    let _: Routes<()> = routes![read, update, take, write, several, whatever];
}
