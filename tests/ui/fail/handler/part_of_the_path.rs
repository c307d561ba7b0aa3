use session_runtime::prelude::*;

#[get("/users/{id}")]
async fn user(id: u32) -> String {
    format!("{id}")
}

fn main() {
    let _: Routes<()> = routes![user];
}
