//! The function of a handler, called with its parameters as a tuple.
//!
//! The contract says how many there are, so that the compiler need not try every number; and what has the handler's name and another
//! number of parameters is told as what it is.

use std::future::{Ready, ready};

use crate::gate::{
    Arity0, Arity1, Arity2, Arity3, Arity4, Arity5, Arity6, Arity7, Arity8, Arity9, Arity10,
    Arity11, Arity12, Arity13, Arity14, Arity15, Arity16, ArityUnknown,
};

/// An async function, seen by its parameters as a tuple. How many there are is said by its contract's front.
#[diagnostic::on_unimplemented(
    message = "this is not the function that the attributes were put on",
    label = "not an async function with the handler's parameters",
    note = "is there a local variable or an import of the same name?"
)]
pub trait AsyncFn<Front, Parameters>: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    type Future: Future;
    #[doc(hidden)]
    fn call(self, parameters: Parameters) -> Self::Future;
}

/// Nothing is this.
pub trait Unlike {}

/// The parameters of nothing.
#[derive(Debug)]
pub enum NoParameters {}

// For nothing. Where there is a second implementation to choose from, the compiler says of what is no such function that there is
// none for it. Of a single one it would say what is missing, and speak of a closure's arguments where a local variable has the
// handler's name.
impl<Front, F: Unlike + Clone + Send + Sync + 'static> AsyncFn<Front, NoParameters> for F {
    type Future = Ready<()>;

    fn call(self, _: NoParameters) -> Ready<()> {
        ready(())
    }
}

macro_rules! async_fns {
    ($($arity:ident $($parameter:ident)*;)*) => {$(
        async_fns!(@one $arity $($parameter)*);
        // Where it is not known how many there are, every number is tried.
        async_fns!(@one ArityUnknown $($parameter)*);
    )*};
    (@one $arity:ident $($parameter:ident)*) => {
        impl<Front, F, R, $($parameter,)*> AsyncFn<(Front, $arity), ($($parameter,)*)> for F
        where
            F: FnOnce($($parameter),*) -> R + Clone + Send + Sync + 'static,
            R: Future,
        {
            type Future = R;

            #[allow(non_snake_case, reason = "a variable for each type")]
            fn call(self, ($($parameter,)*): ($($parameter,)*)) -> R {
                self($($parameter),*)
            }
        }
    };
}

async_fns! {
    Arity0;
    Arity1 A1;
    Arity2 A1 A2;
    Arity3 A1 A2 A3;
    Arity4 A1 A2 A3 A4;
    Arity5 A1 A2 A3 A4 A5;
    Arity6 A1 A2 A3 A4 A5 A6;
    Arity7 A1 A2 A3 A4 A5 A6 A7;
    Arity8 A1 A2 A3 A4 A5 A6 A7 A8;
    Arity9 A1 A2 A3 A4 A5 A6 A7 A8 A9;
    Arity10 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10;
    Arity11 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11;
    Arity12 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12;
    Arity13 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13;
    Arity14 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14;
    Arity15 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15;
    Arity16 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16;
}
