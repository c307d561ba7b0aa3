use session_runtime::prelude::*;

#[get("/users/{id}/{tab}")]
async fn user() {}

fn main() {
    let _ = url_for!(user, id = 5);
}
