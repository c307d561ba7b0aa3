//! A type without a default value.

use serde::{Deserialize, Serialize};
use session_runtime::prelude::*;

#[derive(Deserialize, Serialize)]
struct Cart;

#[get("/")]
async fn index(#[session(default)] cart: Cart) {
    drop(cart);
}

fn main() {
    let _: Routes<()> = routes![index];
}
