//! That only a handler's last parameter reads the body, told where the parameter stands.
//!
//! Which extractors fit is known in `routes![]` alone, with the router's state. That a type reads the body is known before: it
//! is `FromRequest`, by an implementation of its own, for a router without state already.

use std::marker::PhantomData;

use axum::extract::FromRequest;

/// Asks of a type whether it reads the body: `<Reads<T>>::BODY`, with [`ReadsNoBody`] in scope.
///
/// The constant of the type itself goes before that of the trait, and is there where its bound holds. So what cannot be told,
/// since it needs a state, is taken to stand where it may.
#[derive(Debug)]
pub struct Reads<T>(PhantomData<T>);

impl<T: FromRequest<()>> Reads<T> {
    /// It does.
    pub const BODY: bool = true;
}

/// The answer for all other types.
pub trait ReadsNoBody {
    /// It does not, as far as can be told.
    const BODY: bool = false;
}

impl<T> ReadsNoBody for Reads<T> {}

/// What is in front of a handler whose parameters are in order.
pub trait InOrder<Front> {
    /// The same again.
    type Front;
}

/// Whether the parameters are in order.
#[derive(Debug)]
pub struct Order<const IS_RIGHT: bool>;

impl<Front> InOrder<Front> for Order<true> {
    type Front = Front;
}

/// [`InOrder::Front`], by a name that is written as those of the fronts are.
pub type Ordered<Front, Order> = <Order as InOrder<Front>>::Front;
