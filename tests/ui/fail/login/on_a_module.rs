use session_runtime::prelude::*;

#[login_required]
mod admin {}

fn main() {}
