//! Names of values in the session, with or without their type. Knows no value.

use std::fmt;
use std::marker::PhantomData;

/// The name of a value in the session, with the value's type.
///
/// Declared once as a constant, it makes every use of the name agree on the type: a binding of another type does not
/// compile.
///
/// ```
/// use session_runtime::{Key, Session};
///
/// const VISITS: Key<u32> = Key::new("visits");
///
/// fn count(session: &Session) -> session_runtime::Result<u32> {
///     let visits = session.get(VISITS)?.unwrap_or(0) + 1;
///     session.set(VISITS, visits)?;
///     Ok(visits)
/// }
///
/// let session = session_runtime::testing::session();
/// assert_eq!(count(&session)?, 1);
/// assert_eq!(count(&session)?, 2);
/// # Ok::<(), session_runtime::SessionError>(())
/// ```
pub struct Key<T> {
    name: &'static str,
    migrate: Option<Migration<T>>,
    value: PhantomData<fn() -> T>,
}

/// Reads a shape that an earlier version wrote.
pub(crate) type Migration<T> = fn(serde_json::Value) -> Option<T>;

impl<T> Key<T> {
    /// A key for values of type `T`, kept in the session under `name`.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            migrate: None,
            value: PhantomData,
        }
    }

    /// Reads the shape that an earlier version of the application wrote, where the present one does not fit.
    ///
    /// `from_old` gets the stored value; `None` means that it cannot read it either. The value is written in the new
    /// shape when the application next sets it.
    ///
    /// ```
    /// use session_runtime::{testing, Key};
    ///
    /// // Yesterday the cart was a list of names; today it is a count.
    /// const CART: Key<u32> = Key::new("cart").migrate(|old| old.as_array()?.len().try_into().ok());
    ///
    /// let session = testing::session();
    /// session.set("cart", ["tea", "milk"])?;
    /// assert_eq!(session.get(CART)?, Some(2));
    /// # Ok::<(), session_runtime::SessionError>(())
    /// ```
    #[must_use]
    pub const fn migrate(self, from_old: fn(serde_json::Value) -> Option<T>) -> Self {
        Self {
            migrate: Some(from_old),
            ..self
        }
    }

    /// The name under which the value is kept.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> AsRef<str> for Key<T> {
    /// The name, for what asks for no type.
    fn as_ref(&self) -> &str {
        self.name
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

/// What names a value of type `T` in the session: a [`Key<T>`], or a string, which names a value of any type.
///
/// It is implemented for `Key<T>`, `&str`, `&String` and `String`, and cannot be implemented elsewhere.
pub trait AsKey<T>: sealed::Named<T> {}

impl<T, K: sealed::Named<T>> AsKey<T> for K {}

pub(crate) mod sealed {
    use super::{Key, Migration};

    pub trait Named<T> {
        fn name(&self) -> &str;

        fn migration(&self) -> Option<Migration<T>> {
            None
        }
    }

    impl<T> Named<T> for Key<T> {
        fn name(&self) -> &str {
            self.name
        }

        fn migration(&self) -> Option<Migration<T>> {
            self.migrate
        }
    }

    impl<T> Named<T> for &str {
        fn name(&self) -> &str {
            self
        }
    }

    impl<T> Named<T> for &String {
        fn name(&self) -> &str {
            self
        }
    }

    impl<T> Named<T> for String {
        fn name(&self) -> &str {
            self
        }
    }
}
