use session_runtime::prelude::*;

#[get("/")]
async unsafe fn index() -> &'static str {
    "hello"
}

fn main() {
    let _: Routes<()> = routes![index];
}
