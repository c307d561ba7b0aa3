use session_runtime::prelude::*;

#[post("/visit")]
async fn visit(#[session(default)] visits: &mut u32) {
    tokio::spawn(async move { *visits += 1 });
}

fn main() {}
