//! What can go wrong with a value or a session. Knows no HTTP: the layer decides which answer an error becomes.

use super::OneLine;

/// The result of what reads or changes a session; a handler may return it as it is.
///
/// ```
/// use session_runtime::prelude::*;
///
/// #[get("/login")]
/// async fn login(session: Session) -> Result<&'static str> {
///     session.set("user_id", 12345)?;
///     Ok("welcome")
/// }
/// ```
pub type Result<T, E = SessionError> = std::result::Result<T, E>;

/// Why a value could not be read or a session could not be changed.
///
/// As a response it is 400 where the session lacks a value that the handler needs ([`Missing`](Self::Missing)), 409 where
/// two changes contradict ([`Conflict`](Self::Conflict), [`Superseded`](Self::Superseded),
/// [`LeaseLost`](Self::LeaseLost)), 503 where the session cannot be had
/// ([`Unavailable`](Self::Unavailable)), and 500 otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The session has no value under this key.
    #[error(
        "the session has no `{key}`; take an `Option<T>` or give a default if it may be missing",
        key = OneLine(.key)
    )]
    Missing {
        /// The key's name.
        key: String,
    },
    /// The value under this key is of another type, most often because an earlier version of the application wrote it.
    #[error(
        "the session's `{key}` is of another type ({reason}); read it as what it is, or give its `Key` a `migrate`",
        key = OneLine(.key)
    )]
    WrongType {
        /// The key's name.
        key: String,
        /// What did not fit. It does not contain the value.
        reason: String,
    },
    /// The value cannot be written as JSON.
    #[error(
        "the value for the session's `{key}` cannot be written as JSON: {reason}",
        key = OneLine(.key),
        reason = OneLine(.reason)
    )]
    Unserializable {
        /// The key's name.
        key: String,
        /// What serde said.
        reason: String,
    },
    /// The key is the library's own.
    #[error(
        "`{key}` is kept by the session itself; use `set_permanent` and its like, or choose another name",
        key = OneLine(.key)
    )]
    Reserved {
        /// The key's name.
        key: String,
    },
    /// The session's label is too long for a list.
    #[error(
        "the session's label has {length} characters, and {limit} are the most; say in a few words what it is, such as `Firefox on Linux`"
    )]
    LabelTooLong {
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The route says `#[session(read_only)]`.
    #[error(
        "`{handler}` says `#[session(read_only)]`, so it cannot change the session; remove `read_only` if it should",
        handler = OneLine(.handler)
    )]
    ReadOnly {
        /// The handler's name, or its path.
        handler: String,
    },
    /// The response's head has been sent, and the session with it.
    #[error(
        "`{handler}` changed the session after the response had begun, which is too late for it to be saved; change it before the handler returns",
        handler = OneLine(.handler)
    )]
    Committed {
        /// The handler's name, or its path.
        handler: String,
    },
    /// The key was written while the handler held it as `&mut`: through [`Session`](crate::Session) by the same handler, or, in
    /// a store, by another request without a `&mut`. Nothing is saved.
    #[error(
        "the session's `{key}` was written while the handler held it as `&mut`; write it in one way only, and in every handler as `&mut` if it must not be lost",
        key = OneLine(.key)
    )]
    Conflict {
        /// The key's name.
        key: String,
    },
    /// Another request has renewed the session since this one loaded it, as a login does, or has ended it. Nothing is saved;
    /// whoever tries again has the session as it is now.
    #[error(
        "another request has renewed or ended the session meanwhile; nothing was saved, and trying again is safe"
    )]
    Superseded,
    /// The handler has held the session for longer than its lease, and another request has taken it over. Nothing is saved.
    #[error(
        "the handler held the session for longer than its lease, and another request has taken it over; do what takes long before or after"
    )]
    LeaseLost,
    /// The session cannot be had at present. It may well exist.
    #[error("the session cannot be had at present: {reason}")]
    Unavailable {
        /// What was in the way.
        reason: String,
    },
}
