//! A default that is no value of the parameter's type.

use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(default = "en")] language: String) -> String {
    language
}

fn main() {
    let _: Routes<()> = routes![index];
}
