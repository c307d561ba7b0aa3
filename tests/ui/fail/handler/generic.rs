use session_runtime::prelude::*;

#[get("/")]
async fn index<T: Default>(#[session] visits: Option<u32>) -> String {
    let _ = T::default();
    format!("{visits:?}")
}

fn main() {}
