//! What a gate holds for its handler: the values of its `#[session]` parameters, without their types.
//!
//! The handler and its contract both know the types. They stand in no associated type and no parameter of the gate: a public
//! handler's are visible to all, and the types of its values are often private. What a value is, is not known here.

use std::any::Any;

use crate::layer::Refusal;

/// The values, of which only the handler knows what they are. Where there are none, they take no memory.
pub type Values = Box<dyn Any + Send>;

/// Values as a tuple: a generic function does with it what would else be written, and compiled, for each handler.
pub trait Held: Any + Send + Sized {
    /// The same on their way from the session: each is there or is not.
    type Read;
    #[doc(hidden)]
    fn all(read: Self::Read) -> Result<Self, Refusal>;
}

/// All values, if all of them are there.
///
/// # Errors
///
/// Why the first of those that are not there is not.
pub fn all<T: Held>(read: T::Read) -> Result<T, Refusal> {
    T::all(read)
}

/// Holds all values, if all of them are there.
///
/// # Errors
///
/// Those of [`all`].
pub fn hold<T: Held>(read: T::Read) -> Result<Values, Refusal> {
    Ok(Box::new(T::all(read)?))
}

macro_rules! held {
    ($($value:ident)*) => {
        impl<$($value: Any + Send),*> Held for ($($value,)*) {
            type Read = ($(Result<$value, Refusal>,)*);

            #[allow(non_snake_case, reason = "a variable for each type")]
            fn all(($($value,)*): Self::Read) -> Result<Self, Refusal> {
                Ok(($($value?,)*))
            }
        }
    };
}

held!();
held!(V1);
held!(V1 V2);
held!(V1 V2 V3);
held!(V1 V2 V3 V4);
held!(V1 V2 V3 V4 V5);
held!(V1 V2 V3 V4 V5 V6);
held!(V1 V2 V3 V4 V5 V6 V7);
held!(V1 V2 V3 V4 V5 V6 V7 V8);
