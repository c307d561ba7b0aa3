use session_runtime::prelude::*;

mod admin {
    use session_runtime::prelude::*;

    #[get("/")]
    #[login_required]
    pub async fn index() -> &'static str {
        "secret"
    }
}

use admin::*;

async fn index() -> &'static str {
    "open"
}

fn main() {
    let _: Routes<()> = routes![index];
}
