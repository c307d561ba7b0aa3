//! One type under one key, however each handler binds it, is one type.

#![deny(warnings)]

use session_runtime::prelude::*;

const CART: Key<Vec<u8>> = Key::new("cart");

#[get("/option")]
async fn option(#[session] cart: Option<Vec<u8>>) -> String {
    format!("{cart:?}")
}

#[get("/plain")]
async fn plain(#[session(key = CART)] items: Vec<u8>) -> String {
    format!("{items:?}")
}

#[get("/result")]
async fn result(#[session] cart: Result<Vec<u8>, SessionError>) -> String {
    format!("{cart:?}")
}

#[post("/slot")]
async fn slot(#[session(set)] cart: Slot<Vec<u8>>) -> Result<()> {
    cart.set(vec![1])
}

#[post("/update")]
async fn update(#[session(default)] cart: &mut Vec<u8>) {
    cart.push(1);
}

#[post("/update-option")]
async fn update_option(#[session] cart: &mut Option<Vec<u8>>) {
    *cart = None;
}

#[post("/default-option")]
async fn default_option(#[session(default)] cart: &mut Option<Vec<u8>>) {
    *cart = Some(vec![1]);
}

#[post("/pop")]
async fn pop(#[session(pop)] cart: Option<Vec<u8>>) -> String {
    format!("{cart:?}")
}

#[get("/never")]
async fn never(#[session] cart: Option<u64>) -> String {
    format!("{cart:?}")
}

fn main() {
    let _: Routes<()> = routes![
        option,
        plain,
        result,
        slot,
        update,
        update_option,
        default_option,
        #[cfg(any())]
        never,
        pop
    ];
    let _: Routes<()> = routes![never];
}
