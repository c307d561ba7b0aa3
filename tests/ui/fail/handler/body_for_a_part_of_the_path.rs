use session_runtime::prelude::*;

#[get("/users/{name}")]
async fn user(name: String) -> String {
    format!("Hello, {name}")
}

fn main() {
    let _: Routes<()> = routes![user];
}
