//! What is said of one value stands on a parameter.

use session_runtime::prelude::*;

#[get("/")]
#[session(pop)]
async fn index() {}

fn main() {}
