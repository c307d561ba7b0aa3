use session_runtime::prelude::*;

#[session(read_only)]
#[get("/")]
async fn index(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

fn main() {}
