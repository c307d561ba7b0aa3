use session_runtime::prelude::*;

struct IsOwner;

#[get("/")]
#[guard(IsOwner)]
#[guard(IsOwner)]
async fn index() {}

fn main() {}
