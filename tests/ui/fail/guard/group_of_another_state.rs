use axum::extract::State;
use axum::http::{StatusCode, request::Parts};
use session_runtime::prelude::*;
use session_runtime::{Guard, ReadOnlySession};

#[derive(Clone)]
struct Blog;

struct IsOwner;

impl Guard<Blog> for IsOwner {
    type Refusal = StatusCode;

    async fn check(
        &self,
        _: &ReadOnlySession,
        _: &mut Parts,
        _: &Blog,
    ) -> Result<(), StatusCode> {
        Ok(())
    }
}

#[get("/")]
async fn index(_: State<u8>) {}

fn main() {
    let _: Routes<u8> = routes![index].guarded(IsOwner);
}
