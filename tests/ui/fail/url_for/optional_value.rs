use session_runtime::prelude::*;

#[get("/search")]
async fn search() {}

fn main() {
    let page: Option<u32> = Some(2);
    let _ = url_for!(search, page = page);
}
