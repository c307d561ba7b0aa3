use session_runtime::prelude::*;

struct IsOwner;

#[get("/")]
#[guard(IsOwner)]
async fn index(#[session] user_id: Option<u64>, body: String) -> String {
    format!("{user_id:?} {body}")
}

fn main() {
    let _: Routes<()> = routes![index];
}
