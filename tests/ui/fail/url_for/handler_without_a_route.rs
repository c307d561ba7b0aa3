//! A handler that is wired by hand has no route of ours.

use session_runtime::prelude::*;

#[login_required]
async fn user() {}

fn main() {
    let _ = url_for!(user, id = 5);
}
