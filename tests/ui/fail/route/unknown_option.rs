//! A slip in an option's name.

use session_runtime::prelude::*;

#[route("/basket", method(GET))]
async fn basket() {}

fn main() {}
