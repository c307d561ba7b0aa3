use axum::http::{StatusCode, request::Parts};
use session_runtime::prelude::*;
use session_runtime::{Guard, ReadOnlySession, testing};

struct IsOwner;

impl<S: Sync> Guard<S> for IsOwner {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

#[get("/")]
#[guard(IsOwner)]
async fn index() {}

fn main() {
    let _ = Gate::<index>::for_test(&testing::session());
}
