//! A handle on the session for whoever may look and not touch: a guard, and a handler of a `read_only` route.
//!
//! What it lacks is refused by the compiler, so nothing here fails for want of a right.

use std::fmt;

use serde::de::DeserializeOwned;

use super::{AsKey, Result, Session};

/// A [`Session`] that can be read and not changed: `set`, `pop` and their like do not exist on it.
///
/// A [`Guard`](crate::Guard) is given one, and a `session: Session` parameter is one where the handler says
/// `#[session(read_only)]`. As an extractor it opens the session like `Session` does.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/")]
/// #[session(read_only)]
/// async fn index(session: Session) -> Result<String> {
///     let user: Option<u64> = session.get("user_id")?;
///     Ok(format!("{user:?}"))
/// }
/// # let _: Routes = routes![index];
/// ```
///
/// ```compile_fail,E0599
/// use session_runtime::prelude::*;
///
/// #[get("/")]
/// #[session(read_only)]
/// async fn index(session: Session) -> Result<()> {
///     session.set("user_id", 1)
/// }
/// ```
#[derive(Clone)]
pub struct ReadOnlySession(Session);

impl ReadOnlySession {
    /// A handle on the same session.
    pub(crate) fn of(session: &Session) -> Self {
        Self(session.clone())
    }

    pub(crate) fn session(&self) -> &Session {
        &self.0
    }

    /// The value under `key`, or `None` if there is none; see [`Session::get`].
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`](crate::SessionError::WrongType) if the value does not read as `T`, nor through the key's
    /// [`migrate`](crate::Key::migrate).
    pub fn get<T: DeserializeOwned>(&self, key: impl AsKey<T>) -> Result<Option<T>> {
        self.0.get(key)
    }

    /// Whether there is a value under `key`, of whatever type; see [`Session::contains`].
    #[must_use]
    pub fn contains(&self, key: impl AsRef<str>) -> bool {
        self.0.contains(key)
    }

    /// Whether the session has no value; see [`Session::is_empty`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of all values; see [`Session::keys`].
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.keys()
    }

    /// Whether the session outlives the browser; see [`Session::is_permanent`].
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.0.is_permanent()
    }
}

/// What a `Session` parameter is where the handler says `#[session(read_only)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is called `Session` and is not `session_runtime::Session`",
    label = "a `read_only` handler takes this for the session",
    note = "import it under another name: `use {Self} as OtherSession;`"
)]
pub trait ReadOnly {
    /// The handle without `set`.
    type Handle;
}

impl ReadOnly for Session {
    type Handle = ReadOnlySession;
}

impl ReadOnly for ReadOnlySession {
    type Handle = Self;
}

impl fmt::Debug for ReadOnlySession {
    /// Shows no value, as a session does not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadOnlySession").finish_non_exhaustive()
    }
}
