use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(defualt)] visits: u32) -> String {
    visits.to_string()
}

fn main() {}
