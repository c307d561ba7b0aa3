use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(pop)] visits: &mut u32) -> String {
    visits.to_string()
}

fn main() {}
