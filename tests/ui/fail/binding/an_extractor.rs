use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] session: Session) -> String {
    format!("{:?}", session.keys())
}

fn main() {}
