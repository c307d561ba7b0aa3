use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(default)] names: &mut Vec<&str>) {
    names.push("Ada");
}

fn main() {}
