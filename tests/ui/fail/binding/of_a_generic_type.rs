use session_runtime::prelude::*;

#[get("/")]
async fn index<T: Clone + Default + Send>(#[session] value: Option<T>, #[session(default)] last: &mut T) {
    *last = value.unwrap_or_default();
}

fn main() {}
