//! What a gate holds for its handler: the values of its `#[session]` parameters, without their types.
//!
//! Only the handler knows the types. They stand in no associated type and no parameter of the gate: a public handler's are
//! visible to all, and the types of its values are often private. What a value is, is not known here.

use std::any::Any;

use super::key_use::KeyUse;
use crate::layer::Refusal;
use crate::session::Session;

/// The first value, with those behind it. Where there are none, it takes no memory.
pub(super) type Values = Box<dyn Any + Send>;

/// One value.
struct Held<T> {
    value: T,
    behind: Values,
}

/// No values.
pub(super) fn none() -> Values {
    Box::new(())
}

/// Reads the values under these keys, in their order.
///
/// # Errors
///
/// Why the first of those that the handler cannot do without is not there.
pub(super) fn read_all(keys: &[KeyUse], session: &Session) -> Result<Values, Refusal> {
    match keys.split_first() {
        Some((first, behind)) => first.read(session, behind),
        None => Ok(none()),
    }
}

/// Holds a value, and reads those behind it.
///
/// # Errors
///
/// Those of [`read_all`].
pub(super) fn hold<T: Any + Send>(
    value: T,
    session: &Session,
    behind: &[KeyUse],
) -> Result<Values, Refusal> {
    let behind = read_all(behind, session)?;
    Ok(Box::new(Held { value, behind }))
}

/// Takes the first value out.
pub(super) fn next<T: Any>(values: &mut Values) -> T {
    match std::mem::replace(values, none()).downcast() {
        Ok(held) => {
            let Held { value, behind } = *held;
            *values = behind;
            value
        }
        Err(_) => unreachable!("the macro writes a type twice, and both times the same"),
    }
}
