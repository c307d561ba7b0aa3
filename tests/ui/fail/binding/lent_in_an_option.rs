use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] name: Option<&str>) -> String {
    format!("{name:?}")
}

fn main() {
    let _: Routes<()> = routes![index];
}
