use session_runtime::prelude::*;

fn count(session: &Session) -> Result<()> {
    session.set("visits", 1)
}

#[session(read_only)]
#[get("/")]
async fn index(session: Session) -> Result<()> {
    count(&session)
}

fn main() {
    let _: Routes<()> = routes![index];
}
