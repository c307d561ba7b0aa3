use session_runtime::prelude::*;

const PERMANENT: Key<bool> = Key::new("_permanent");

#[get("/")]
async fn index(#[session(pop, key = PERMANENT)] permanent: Option<bool>) -> String {
    format!("{permanent:?}")
}

fn main() {}
