use axum::extract::State;
use axum::http::{StatusCode, request::Parts};
use session_runtime::prelude::*;
use session_runtime::{Guard, ReadOnlySession};

#[derive(Clone)]
struct Shop;

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

#[get("/shop")]
async fn shop(_: State<Shop>) {}

#[get("/blog")]
#[guard(IsOwner)]
async fn blog() {}

fn main() {
    let _: Routes<Shop> = routes![shop, blog];
}
