use session_runtime::prelude::*;

#[get("/")]
#[public]
async fn index() {}

#[get("/admin")]
async fn admin() {}

fn main() {
    let _: Routes<()> = routes![strict; index, admin];
}
