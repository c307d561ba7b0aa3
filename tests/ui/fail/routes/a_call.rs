use session_runtime::prelude::*;

#[get("/")]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![index()];
}
