use session_runtime::prelude::*;

#[get("/")]
async fn index(#[cfg(all())] #[session] visits: Option<u32>) -> String {
    format!("{visits:?}")
}

fn main() {}
