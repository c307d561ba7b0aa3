//! How many parameters a handler has, as a type.
//!
//! axum finds it out by trying every number that there may be, and that is a good part of what the compiler does for a route. The
//! attributes have seen the function, and say it in its contract.

macro_rules! arities {
    ($($(#[$doc:meta])* $arity:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $arity;
    )*};
}

arities! {
    /// None.
    Arity0
    /// One.
    Arity1
    /// Two.
    Arity2
    /// Three.
    Arity3
    /// Four.
    Arity4
    /// Five.
    Arity5
    /// Six.
    Arity6
    /// Seven.
    Arity7
    /// Eight.
    Arity8
    /// Nine.
    Arity9
    /// Ten.
    Arity10
    /// Eleven.
    Arity11
    /// Twelve.
    Arity12
    /// Thirteen.
    Arity13
    /// Fourteen.
    Arity14
    /// Fifteen.
    Arity15
    /// Sixteen.
    Arity16
    /// Not known: a parameter stands under `#[cfg(..)]`, which an attribute sees before it is evaluated.
    ArityUnknown
}
