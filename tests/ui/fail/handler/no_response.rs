use session_runtime::prelude::*;

struct Page;

#[get("/")]
#[login_required]
async fn index() -> Page {
    Page
}

fn main() {
    let _: Routes<()> = routes![index];
}
