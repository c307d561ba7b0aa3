use axum::extract::Path;
use session_runtime::prelude::*;

#[get("/users/{name}")]
async fn user(Path(name): Path<&str>) -> String {
    name.to_owned()
}

fn main() {
    let _: Routes<()> = routes![user];
}
