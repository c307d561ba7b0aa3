use session_runtime::prelude::*;

struct IsOwner;

#[public]
#[get("/")]
#[guard(IsOwner)]
async fn index() {}

fn main() {}
