//! On a function the attribute says nothing without an option.

use session_runtime::prelude::*;

#[get("/")]
#[session]
async fn index() {}

fn main() {}
