use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(key = "_permanent")] permanent: Option<bool>) -> String {
    format!("{permanent:?}")
}

fn main() {}
