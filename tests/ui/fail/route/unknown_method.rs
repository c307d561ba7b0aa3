use session_runtime::prelude::*;

#[route("/basket", methods(GET, PSOT))]
async fn basket() {}

fn main() {}
