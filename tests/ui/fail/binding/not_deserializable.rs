use session_runtime::prelude::*;

struct Cart;

#[get("/")]
async fn index(#[session] cart: Option<Cart>) -> String {
    cart.is_some().to_string()
}

fn main() {}
