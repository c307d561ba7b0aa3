//! An extractor of the application's own that reads the body is known as well as one of axum's.

use axum::extract::{FromRequest, Path, Request};
use session_runtime::prelude::*;

struct Signed(String);

impl<S: Send + Sync> FromRequest<S> for Signed {
    type Rejection = axum::extract::rejection::StringRejection;

    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Self::Rejection> {
        String::from_request(request, state).await.map(Self)
    }
}

#[get("/{id}")]
#[post("/{id}")]
#[login_required]
async fn index(Path(id): Path<u64>, signed: Signed, Path(other): Path<u64>) -> String {
    format!("{id} {} {other}", signed.0)
}

fn main() {
    let _: Routes<()> = routes![index];
}
