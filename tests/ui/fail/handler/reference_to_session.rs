use session_runtime::prelude::*;

#[get("/")]
async fn index(session: &Session) -> Result<String> {
    session.set("visits", 1)?;
    Ok(String::new())
}

fn main() {}
