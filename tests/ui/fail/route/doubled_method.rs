//! One method twice: the later one is marked.

use session_runtime::prelude::*;

#[route("/basket", methods(GET, POST, GET))]
async fn basket() {}

fn main() {}
