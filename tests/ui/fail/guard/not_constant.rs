use axum::http::{StatusCode, request::Parts};
use session_runtime::prelude::*;
use session_runtime::{Guard, ReadOnlySession};

struct HasRole(String);

impl<S: Sync> Guard<S> for HasRole {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

#[get("/")]
#[guard(HasRole("admin".to_owned()))]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![index];
}
