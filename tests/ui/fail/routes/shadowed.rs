use session_runtime::prelude::*;

#[get("/")]
#[login_required]
async fn index() -> &'static str {
    "secret"
}

fn main() {
    let index = || async { "open" };
    let _: Routes<()> = routes![index];
}
