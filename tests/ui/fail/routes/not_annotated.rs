use session_runtime::prelude::*;

async fn index() {}

fn main() {
    let _: Routes<()> = routes![index];
}
