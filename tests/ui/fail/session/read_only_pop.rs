use session_runtime::prelude::*;

#[get("/")]
#[session(read_only)]
async fn index(#[session(pop)] notice: Option<String>) -> String {
    notice.unwrap_or_default()
}

fn main() {}
