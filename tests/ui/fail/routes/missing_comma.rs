use session_runtime::prelude::*;

#[get("/")]
async fn index() {}

#[get("/about")]
async fn about() {}

fn main() {
    let _: Routes<()> = routes![index about];
}
