use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use session_runtime::{get, session};

struct Session;

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Ok(Self)
    }
}

#[get("/")]
#[session(read_only)]
async fn index(_: Session) {}

fn main() {}
