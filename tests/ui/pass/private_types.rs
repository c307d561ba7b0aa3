//! A public handler whose session values, guards, state and extractors are private types (E0446).

#![deny(warnings)]

use serde::{Deserialize, Serialize};
use session_runtime::prelude::*;

mod shop {
    use axum::extract::{FromRequestParts, State};
    use axum::http::StatusCode;
    use axum::http::request::Parts;
    use session_runtime::{Guard, ReadOnlySession};

    use super::*;

    #[derive(Clone, Default, Deserialize, Serialize)]
    struct Cart(Vec<u64>);

    #[derive(Clone)]
    struct Stock;

    struct Buyer;

    struct IsOpen;

    const CART: Key<Cart> = Key::new("cart");

    impl<S: Sync> FromRequestParts<S> for Buyer {
        type Rejection = StatusCode;

        async fn from_request_parts(_: &mut Parts, _: &S) -> std::result::Result<Self, StatusCode> {
            Ok(Self)
        }
    }

    impl<S: Sync> Guard<S> for IsOpen {
        type Refusal = StatusCode;

        async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> std::result::Result<(), StatusCode> {
            Ok(())
        }
    }

    #[get("/read")]
    #[guard(IsOpen)]
    #[allow(private_interfaces)]
    pub async fn read(#[session] cart: Option<Cart>, _: Buyer) -> String {
        cart.unwrap_or_default().0.len().to_string()
    }

    #[post("/update")]
    pub async fn update(#[session(default)] cart: &mut Cart) {
        cart.0.push(1);
    }

    #[post("/take")]
    pub async fn take(#[session(pop)] cart: Option<Cart>) {
        drop(cart);
    }

    #[post("/write")]
    pub async fn write(#[session(set, key = CART)] slot: Slot<Cart>) -> Result<()> {
        slot.set(Cart::default())
    }

    #[get("/judge")]
    pub async fn judge(#[session] cart: std::result::Result<Cart, SessionError>) {
        drop(cart);
    }

    #[get("/one-default")]
    pub async fn one_default(#[session(default = Cart(vec![1]))] cart: Cart) {
        drop(cart);
    }

    #[post("/maybe")]
    #[allow(private_interfaces)]
    pub async fn maybe(State(_): State<Stock>, #[session] cart: &mut Option<Cart>) {
        *cart = None;
    }

    pub fn routes() -> axum::Router {
        let routes = routes![read, update, take, write, judge, one_default, maybe];
        routes.without_sessions().with_state(Stock)
    }
}

fn main() {
    let _: Routes = routes![shop::update, shop::take, shop::write, shop::judge, shop::one_default];
    drop(shop::routes());
}
