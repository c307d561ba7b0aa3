use session_runtime::prelude::*;

#[get("/")]
async fn index(session: Session) -> Result<String> {
    let notice: Option<String> = session.remove("notice")?;
    Ok(notice.unwrap_or_default())
}

fn main() {}
