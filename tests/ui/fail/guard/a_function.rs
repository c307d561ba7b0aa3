use session_runtime::prelude::*;
use session_runtime::ReadOnlySession;

fn is_admin(session: &ReadOnlySession) -> bool {
    session.contains("admin")
}

#[get("/")]
#[guard(is_admin)]
async fn index() {}

fn main() {
    let _: Routes<()> = routes![index];
}
