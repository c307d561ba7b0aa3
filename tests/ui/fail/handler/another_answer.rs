use session_runtime::prelude::*;

#[post("/visit")]
async fn visit(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    *visits
}

fn main() {}
