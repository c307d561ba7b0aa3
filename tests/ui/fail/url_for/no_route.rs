use session_runtime::prelude::*;

fn user() {}

fn main() {
    user();
    let _ = url_for!(user, id = 5);
}
