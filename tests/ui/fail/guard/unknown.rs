use session_runtime::prelude::*;

#[get("/")]
#[guard(IsOwner)]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![index];
}
