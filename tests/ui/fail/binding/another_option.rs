use own::Option;
use session_runtime::prelude::*;

mod own {
    pub struct Option<T>(pub std::option::Option<T>);
}

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("{:?}", user_id.0)
}

fn main() {}
