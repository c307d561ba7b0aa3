use session_runtime::prelude::*;

#[get("/")]
#[session(read_only)]
async fn index(session: Session) -> Result<()> {
    session.set("visits", 1)
}

fn main() {
    let _: Routes<()> = routes![index];
}
