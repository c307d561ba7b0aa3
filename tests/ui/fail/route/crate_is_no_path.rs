//! Where the runtime is found is a path.

use session_runtime::prelude::*;

#[get("/basket", crate = 5)]
#[login_required]
async fn basket() {}

fn main() {}
