//! What comes out: the function with its gate, and beside it the type that carries its contract. Nothing here refuses
//! anything.

mod chain;
mod contract;
mod front;
mod gate;
mod guards;
mod return_type;

pub(crate) use chain::{attribute, marker};
