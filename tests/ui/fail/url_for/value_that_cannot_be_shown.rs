//! A value that no text can be made of.

use session_runtime::prelude::*;

struct Id;

#[get("/users/{id}")]
async fn user() {}

fn main() {
    let _ = url_for!(user, id = Id);
}
