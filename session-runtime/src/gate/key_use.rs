//! What a handler does with one session key, as a constant: the key, the access, the type of its value, and how the value is
//! read for the parameter that names it.
//!
//! The one constant of a parameter serves the gate, which reads the values by it, and the tables, which show and compare it. A
//! bound on a value's type stands on the function that makes the constant, so that a type which no session can hold is told
//! once, where the handler's signature names it.

use std::any::{Any, TypeId};
use std::convert::identity;
use std::fmt;
use std::marker::PhantomData;
use std::panic::RefUnwindSafe;

use super::binding::{Slot, read, read_default, read_option, read_result, slot};
use super::update::{Update, update, update_default, update_option};
use super::value::{ReadValue, UpdateValue, WriteValue};
use super::values::{self, Kept};
use crate::layer::Refusal;
use crate::session::{Key, Session, SessionError, is_reserved};

/// A session key that a handler's parameter names; [`Route::keys`](crate::Route::keys) gives them.
///
/// ```
/// use session_runtime::{Access, prelude::*};
///
/// #[get("/")]
/// async fn index(#[session(pop)] notice: Option<String>) {}
///
/// let routes: Routes = routes![index];
/// for route in routes.table().routes() {
///     let [notice] = route.keys() else { unreachable!() };
///     assert_eq!((notice.name(), notice.access()), ("notice", Access::Pop));
///     assert_eq!(notice.to_string(), "pop notice");
/// }
/// ```
#[derive(Clone, Copy)]
pub struct KeyUse {
    pub(crate) name: &'static str,
    /// [`mark`] of the name.
    pub(crate) mark: u64,
    how: &'static How,
    pub(crate) value: &'static ValueType,
    /// The [`Key`] constant that the parameter names, if it names one: it may read older shapes.
    key: Option<Erased>,
    /// What makes the value where there is none, if that is written out: an [`Otherwise`].
    otherwise: Option<Erased>,
}

/// A constant whose type only those know who use it.
type Erased = &'static (dyn Any + Send + Sync + RefUnwindSafe);

/// What is done with a key. There is one for each way and each type, however many handlers use it.
struct How {
    access: Access,
    keep: Keep,
    /// How it is read when the handler asks for it, if it may wait until then, as there always is a value: a [`Late`].
    late: Option<Erased>,
}

/// Reads the value of a key and keeps it, and then those behind it.
type Keep = fn(&KeyUse, &Session, &[KeyUse]) -> Result<Kept, Refusal>;

/// Reads the value of a key, or makes one.
struct Late<T>(fn(&KeyUse, &Session) -> T);

/// The type of a value, as far as it is compared and shown.
#[derive(Debug)]
pub(crate) struct ValueType {
    pub(crate) size: usize,
    pub(crate) align: usize,
    // Pointers, as neither can be compared or read in a constant.
    id: fn() -> TypeId,
    name: fn() -> &'static str,
}

/// Makes a value where there is none: `#[session(default = ..)]`.
#[derive(Debug)]
pub struct Otherwise<T>(pub fn() -> T);

/// What a handler does with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// `#[session] name: Option<T>`.
    Read,
    /// `#[session(default)] name: &mut T`: read, changed, written back.
    Update,
    /// `#[session(pop)] name: Option<T>`: read and removed.
    Pop,
    /// `#[session(set)] name: Slot<T>`.
    Set,
}

impl KeyUse {
    /// The same for the parameter's [`Key`] constant, whose type [`check_key`] compares.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<T: 'static>(mut self, key: &'static Key<T>) -> Self {
        self.name = key.name();
        self.mark = mark(self.name);
        self.key = Some(key);
        self
    }

    /// The same for a value that is kept as a `T`: whoever reads or writes an `Option<T>` keeps a `T`, or nothing.
    #[doc(hidden)]
    #[must_use]
    pub const fn keeps<T: 'static>(mut self) -> Self {
        self.value = Way::<T>::VALUE;
        self
    }

    /// The key's name in the session.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the handler does with it.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.how.access
    }

    /// The type of its value as [`std::any::type_name`] has it, for people to read.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        (self.value.name)()
    }

    /// Whether the type is the same as that of another use.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        (self.value.id)() == (other.value.id)()
    }

    /// Reads the value and keeps it, and then those behind it.
    ///
    /// # Errors
    ///
    /// Why one that the handler cannot do without is not there.
    pub(super) fn keep(&self, session: &Session, behind: &[Self]) -> Result<Kept, Refusal> {
        (self.how.keep)(self, session, behind)
    }

    /// Whether the value may be read when the handler asks for it.
    pub(super) fn may_wait(&self) -> bool {
        self.how.late.is_some()
    }

    /// The value for a handler that asks for it, if it may wait until then and that is its type.
    #[inline]
    pub(super) fn late<T: 'static>(&self, session: &Session) -> Option<T> {
        let Late(read) = (self.how.late? as &dyn Any).downcast_ref::<Late<T>>()?;
        Some(read(self, session))
    }

    fn key<T: 'static>(&self) -> Key<T> {
        let constant = self.key.and_then(|key| (key as &dyn Any).downcast_ref());
        constant.copied().unwrap_or(Key::new(self.name))
    }

    fn otherwise<T: 'static>(&self) -> fn() -> T {
        let otherwise = self
            .otherwise
            .and_then(|otherwise| (otherwise as &dyn Any).downcast_ref());
        match otherwise {
            Some(Otherwise(make)) => *make,
            None => unreachable!("whoever asks for it was given it when the constant was made"),
        }
    }
}

impl How {
    /// Read at the gate.
    const fn new(access: Access, keep: Keep) -> Self {
        Self {
            access,
            keep,
            late: None,
        }
    }

    /// Read when the handler asks, if it may wait until then.
    const fn late(access: Access, keep: Keep, late: Erased) -> Self {
        Self {
            access,
            keep,
            late: Some(late),
        }
    }
}

/// What tells a key's name from others in one number, so that a constant need not compare texts: FNV-1a, which the macro works
/// out for a name in quotes.
#[must_use]
pub(crate) const fn mark(name: &str) -> u64 {
    let (mut mark, mut bytes) = (0xcbf2_9ce4_8422_2325, name.as_bytes());
    while let [byte, more @ ..] = bytes {
        mark = (mark ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = more;
    }
    mark
}

/// Refuses, when compiled, a key constant of another type, and one that names what the session keeps for itself.
///
/// # Panics
///
/// If it names that, which the compiler shows as an error.
#[expect(clippy::panic, reason = "a panic in a constant is a compiler error")]
pub const fn check_key<T>(key: Key<T>) {
    if is_reserved(key.name()) {
        panic!("this key's name is one that the session keeps for itself; choose another");
    }
}

impl fmt::Debug for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}: {}", self.type_name())
    }
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.access(), self.name)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Update => "update",
            Self::Pop => "pop",
            Self::Set => "set",
        })
    }
}

/// A use of a key. No function, as each call in a constant takes the compiler tens of thousands of instructions, and there is such a
/// constant for each parameter.
macro_rules! used {
    ($name:ident, $mark:ident, $how:ident) => {
        used!(@ $name, $mark, $how, None)
    };
    ($name:ident, $mark:ident, $how:ident, $otherwise:ident) => {
        used!(@ $name, $mark, $how, Some($otherwise))
    };
    (@ $name:ident, $mark:ident, $how:ident, $otherwise:expr) => {
        KeyUse {
            name: $name,
            mark: $mark,
            how: Way::<T>::$how,
            value: Way::<T>::VALUE,
            key: None,
            otherwise: $otherwise,
        }
    };
}

/// `#[session] name: T`.
#[must_use]
pub const fn reads<T: ReadValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, READS)
}

/// `#[session] name: Option<T>`.
#[must_use]
pub const fn reads_option<T: ReadValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, READS_OPTION)
}

/// `#[session] name: Result<T, SessionError>`.
#[must_use]
pub const fn reads_result<T: ReadValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, READS_RESULT)
}

/// `#[session(default)] name: T`.
#[must_use]
pub const fn reads_default<T: ReadValue + Default + 'static>(
    name: &'static str,
    mark: u64,
) -> KeyUse {
    used!(name, mark, READS_DEFAULT)
}

/// `#[session(default = ..)] name: T`.
#[must_use]
pub const fn reads_or<T: ReadValue + 'static>(
    name: &'static str,
    mark: u64,
    otherwise: &'static Otherwise<T>,
) -> KeyUse {
    used!(name, mark, READS_OR, otherwise)
}

/// `#[session(pop)] name: T`.
#[must_use]
pub const fn takes<T: ReadValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, TAKES)
}

/// `#[session(pop)] name: Option<T>`.
#[must_use]
pub const fn takes_option<T: ReadValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, TAKES_OPTION)
}

/// `#[session(pop, default)] name: T`.
#[must_use]
pub const fn takes_default<T: ReadValue + Default + 'static>(
    name: &'static str,
    mark: u64,
) -> KeyUse {
    used!(name, mark, TAKES_DEFAULT)
}

/// `#[session(pop, default = ..)] name: T`.
#[must_use]
pub const fn takes_or<T: ReadValue + 'static>(
    name: &'static str,
    mark: u64,
    otherwise: &'static Otherwise<T>,
) -> KeyUse {
    used!(name, mark, TAKES_OR, otherwise)
}

/// `#[session] name: &mut T`.
#[must_use]
pub const fn updates<T: UpdateValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, UPDATES)
}

/// `#[session] name: &mut Option<T>`.
#[must_use]
pub const fn updates_option<T: UpdateValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, UPDATES_OPTION)
}

/// `#[session(default)] name: &mut T`.
#[must_use]
pub const fn updates_default<T: UpdateValue + Default + 'static>(
    name: &'static str,
    mark: u64,
) -> KeyUse {
    used!(name, mark, UPDATES_DEFAULT)
}

/// `#[session(default = ..)] name: &mut T`.
#[must_use]
pub const fn updates_or<T: UpdateValue + 'static>(
    name: &'static str,
    mark: u64,
    otherwise: &'static Otherwise<T>,
) -> KeyUse {
    used!(name, mark, UPDATES_OR, otherwise)
}

/// `#[session(set)] name: Slot<T>`.
#[must_use]
pub const fn writes<T: WriteValue + 'static>(name: &'static str, mark: u64) -> KeyUse {
    used!(name, mark, WRITES)
}

/// The ways to use a key for a value of this type.
struct Way<T>(PhantomData<T>);

/// Keeps what was read.
macro_rules! keep {
    ($read:expr, $kept:expr) => {
        |key, session, behind| values::keep($kept($read(key, session)), session, behind)
    };
}

/// A way that may wait until the handler asks.
macro_rules! late {
    ($access:ident, $read:expr) => {
        late!($access, $read, identity)
    };
    ($access:ident, $read:expr, $kept:expr) => {
        &How::late(Access::$access, keep!($read, $kept), &Late($read))
    };
}

impl<T: 'static> Way<T> {
    const VALUE: &'static ValueType = &ValueType {
        size: size_of::<T>(),
        align: align_of::<T>(),
        id: TypeId::of::<T>,
        name: std::any::type_name::<T>,
    };
}

impl<T: ReadValue + 'static> Way<T> {
    const READS: &'static How = &How::new(Access::Read, keep_value::<T>);
    const READS_OPTION: &'static How = late!(Read, option::<T>);
    const READS_OR: &'static How = late!(Read, value_or::<T>);
    const READS_RESULT: &'static How = late!(Read, result::<T>);
    const TAKES: &'static How = &How::new(Access::Pop, keep_value::<T>);
    const TAKES_OPTION: &'static How = &How::new(Access::Pop, keep!(option::<T>, identity));
    const TAKES_OR: &'static How = &How::new(Access::Pop, keep!(value_or::<T>, identity));
}

impl<T: ReadValue + Default + 'static> Way<T> {
    const READS_DEFAULT: &'static How = late!(Read, value_or_default::<T>);
    const TAKES_DEFAULT: &'static How =
        &How::new(Access::Pop, keep!(value_or_default::<T>, identity));
}

impl<T: UpdateValue + 'static> Way<T> {
    const UPDATES: &'static How = &How::new(Access::Update, |key, session, behind| {
        let update = update(session, key.key::<T>())?;
        values::keep(update.kept(), session, behind)
    });
    const UPDATES_OPTION: &'static How = late!(Update, update_of_option::<T>, Update::kept);
    const UPDATES_OR: &'static How = late!(Update, update_or::<T>, Update::kept);
}

impl<T: UpdateValue + Default + 'static> Way<T> {
    const UPDATES_DEFAULT: &'static How = late!(Update, update_or_default::<T>, Update::kept);
}

impl<T: WriteValue + 'static> Way<T> {
    const WRITES: &'static How = late!(Set, slot_for::<T>);
}

fn keep_value<T: ReadValue + 'static>(
    key: &KeyUse,
    session: &Session,
    behind: &[KeyUse],
) -> Result<Kept, Refusal> {
    values::keep(read(session, key.key::<T>())?, session, behind)
}

fn option<T: ReadValue + 'static>(key: &KeyUse, session: &Session) -> Option<T> {
    read_option(session, key.key())
}

fn result<T: ReadValue + 'static>(key: &KeyUse, session: &Session) -> Result<T, SessionError> {
    read_result(session, key.key())
}

fn value_or<T: ReadValue + 'static>(key: &KeyUse, session: &Session) -> T {
    read_default(session, key.key(), key.otherwise())
}

fn value_or_default<T: ReadValue + Default + 'static>(key: &KeyUse, session: &Session) -> T {
    read_default(session, key.key(), T::default)
}

fn update_of_option<T: UpdateValue + 'static>(
    key: &KeyUse,
    session: &Session,
) -> Update<Option<T>> {
    update_option(session, key.key())
}

fn update_or<T: UpdateValue + 'static>(key: &KeyUse, session: &Session) -> Update<T> {
    update_default(session, key.key(), key.otherwise())
}

fn update_or_default<T: UpdateValue + Default + 'static>(
    key: &KeyUse,
    session: &Session,
) -> Update<T> {
    update_default(session, key.key(), T::default)
}

fn slot_for<T: WriteValue + 'static>(key: &KeyUse, session: &Session) -> Slot<T> {
    slot(session, key.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_of_a_key_may_be_kept_wherever_a_text_may() {
        fn is_as_free_as_a_text<T: Send + Sync + std::panic::UnwindSafe + RefUnwindSafe>(_: T) {}
        is_as_free_as_a_text(reads::<std::cell::Cell<u8>>("k", 0));
    }

    #[test]
    fn a_constant_gives_its_name_and_an_option_its_inner_type() {
        const COUNT: Key<Option<u8>> = Key::new("count");
        const USE: KeyUse = writes::<Option<u8>>("", 0).of(&COUNT).keeps::<u8>();
        assert_eq!((USE.name(), USE.type_name()), ("count", "u8"));
        assert_eq!(USE.mark, mark("count"));
        assert!(USE.is_as(&reads::<u8>("other", 0)));
        assert!(!USE.is_as(&reads::<i8>("other", 0)));
    }
}
