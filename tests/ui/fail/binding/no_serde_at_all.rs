//! A value that is read and written back needs both of serde's traits, and that is said once.

use session_runtime::prelude::*;

#[derive(Default)]
struct Cart;

#[post("/")]
async fn index(#[session(default)] cart: &mut Cart) {
    *cart = Cart;
}

fn main() {
    let _: Routes<()> = routes![index];
}
