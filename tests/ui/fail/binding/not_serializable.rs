//! A value that is written has to be serialized.

use session_runtime::prelude::*;

struct Cart;

#[post("/")]
async fn index(#[session(set)] cart: Slot<Cart>) -> Result<()> {
    cart.set(Cart)
}

fn main() {
    let _: Routes<()> = routes![index];
}
