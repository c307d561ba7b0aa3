use session_runtime::prelude::*;

#[login_required]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![index];
}
