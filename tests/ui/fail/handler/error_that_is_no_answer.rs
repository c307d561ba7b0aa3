use std::error::Error;

use session_runtime::prelude::*;

#[get("/")]
async fn index(session: Session) -> Result<String, Box<dyn Error>> {
    session.set("visited", true)?;
    Ok("hello".to_owned())
}

fn main() {
    let _: Routes<()> = routes![index];
}
