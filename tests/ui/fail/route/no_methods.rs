use session_runtime::prelude::*;

#[route("/basket")]
async fn basket() {}

fn main() {}
