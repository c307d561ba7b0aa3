use session_runtime::prelude::*;

#[get("/")]
const fn index() -> &'static str {
    "hello"
}

fn main() {
    let _: Routes<()> = routes![index];
}
