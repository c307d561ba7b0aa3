use session_runtime::prelude::*;

#[get("/users/:id")]
async fn user() -> String {
    url_for!(user, id = 5)
}

fn main() {
    let _: Routes<()> = routes![user];
}
