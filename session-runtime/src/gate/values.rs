//! What a gate has for its handler: the values of its `#[session]` parameters, in their order. What a value is, is not known
//! here.
//!
//! Only the handler knows the types. They stand in no associated type and no parameter of the gate: a public handler's are
//! visible to all, and the types of its values are often private. So what is read at the gate is kept in boxes without a type.
//! Where nothing comes between the gate and its handler, and no value could refuse the request, each is read when the handler
//! asks for it instead, and needs none.

use std::any::Any;

use super::info::Info;
use super::key_use::KeyUse;
use crate::layer::Refusal;
use crate::session::Session;

/// The values for one handler.
pub(super) enum Values {
    /// Those that have been read.
    Kept(Kept),
    /// None has been read but those that the handler has asked for, so many.
    Unread(usize),
}

/// The first value, with those behind it. Where there are none, it takes no memory.
pub(super) type Kept = Box<dyn Any + Send>;

/// One value.
struct Held<T> {
    value: T,
    behind: Kept,
}

impl Values {
    /// Reads all of them.
    ///
    /// # Errors
    ///
    /// Why the first of those that the handler cannot do without is not there.
    pub(super) fn read(info: &Info, session: &Session) -> Result<Self, Refusal> {
        read_all(info.keys, session).map(Self::Kept)
    }

    /// Reads none of them, if all of them may wait.
    pub(super) fn unread(info: &Info) -> Option<Self> {
        // A handler that begins with an empty session has read before what was in it.
        let may_wait = !info.options.clear && info.keys.iter().all(KeyUse::may_wait);
        may_wait.then_some(Self::Unread(0))
    }

    /// The value for the next parameter.
    #[inline]
    pub(super) fn next<T: 'static>(&mut self, info: &Info, session: &Session) -> T {
        match self {
            Self::Kept(kept) => taken(kept),
            Self::Unread(asked) => {
                let read = info.keys.get(*asked).and_then(|key| key.late(session));
                *asked += 1;
                read.unwrap_or_else(|| differs())
            }
        }
    }
}

/// Reads the values under these keys, in their order, and keeps them.
///
/// # Errors
///
/// See [`Values::read`].
fn read_all(keys: &[KeyUse], session: &Session) -> Result<Kept, Refusal> {
    match keys.split_first() {
        Some((first, behind)) => first.keep(session, behind),
        None => Ok(nothing()),
    }
}

/// Keeps a value, and reads those behind it.
///
/// # Errors
///
/// See [`Values::read`].
pub(super) fn keep<T: Any + Send>(
    value: T,
    session: &Session,
    behind: &[KeyUse],
) -> Result<Kept, Refusal> {
    let behind = read_all(behind, session)?;
    Ok(Box::new(Held { value, behind }))
}

fn nothing() -> Kept {
    Box::new(())
}

/// Takes the first value out.
fn taken<T: Any>(kept: &mut Kept) -> T {
    match std::mem::replace(kept, nothing()).downcast() {
        Ok(held) => {
            let Held { value, behind } = *held;
            *kept = behind;
            value
        }
        Err(_) => differs(),
    }
}

fn differs() -> ! {
    unreachable!("the macro writes a type twice, and both times the same")
}
