use session_runtime::prelude::*;

#[get("/")]
#[public]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![strickt; index];
}
