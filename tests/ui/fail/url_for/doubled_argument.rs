use session_runtime::prelude::*;

#[get("/users/{id}")]
async fn user() {}

fn main() {
    let _ = url_for!(user, id = 5, id = 6);
}
