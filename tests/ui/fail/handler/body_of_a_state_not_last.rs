//! Where it takes the router's state to know that an extractor reads the body, `routes![]` says so.

use axum::extract::{FromRequest, Path, Request};
use session_runtime::prelude::*;

struct Signed(String);

impl FromRequest<&'static str> for Signed {
    type Rejection = axum::extract::rejection::StringRejection;

    async fn from_request(request: Request, state: &&'static str) -> std::result::Result<Self, Self::Rejection> {
        String::from_request(request, state).await.map(Self)
    }
}

#[post("/{id}")]
async fn index(signed: Signed, Path(id): Path<u64>) -> String {
    format!("{id} {}", signed.0)
}

fn main() {
    let _: Routes<&'static str> = routes![index];
}
