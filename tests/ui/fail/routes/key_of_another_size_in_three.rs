//! Each later handler that keeps another type under a key is told.

use session_runtime::prelude::*;

const CART: Key<u8> = Key::new("cart");

#[get("/a")]
async fn a(#[session] cart: Option<u32>) -> String {
    format!("{cart:?}")
}

#[get("/b")]
async fn b() {}

#[get("/c")]
async fn c(#[session(set, key = CART)] slot: Slot<u8>) -> Result<()> {
    slot.set(1)
}

fn main() {
    let _: Routes<()> = routes![a, b, c];
}
