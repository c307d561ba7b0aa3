use session_runtime::prelude::*;

#[get("/{id}/friends/{id}")]
async fn friend() {}

fn main() {}
