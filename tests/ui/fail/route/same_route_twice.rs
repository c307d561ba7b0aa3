//! One route twice on a function: the later one is marked.

use session_runtime::prelude::*;

#[get("/basket")]
#[route("/basket", methods(POST, GET))]
async fn basket() {}

fn main() {}
