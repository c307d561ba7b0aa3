//! What is said of the whole session stands on the function.

use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(permanent)] visits: Option<u32>) -> String {
    format!("{visits:?}")
}

fn main() {}
