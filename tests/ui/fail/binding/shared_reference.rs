use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] name: &String) -> String {
    name.clone()
}

fn main() {}
