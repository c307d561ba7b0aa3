use axum::extract::Form;
use session_runtime::prelude::*;

struct Credentials {
    name: String,
}

#[post("/login")]
async fn login(Form(credentials): Form<Credentials>) -> String {
    credentials.name
}

fn main() {
    let _: Routes<()> = routes![login];
}
