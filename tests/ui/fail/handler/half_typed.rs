use session_runtime::prelude::*;

#[get("/")]
#[login_required]
async fn index(#[session(default)] visits: &mut u32) -> String {
    let text = String::new();
    *visits += 1;
    text.
}

fn main() {
    let _: Routes<()> = routes![index];
}
