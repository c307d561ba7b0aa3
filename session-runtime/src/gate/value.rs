//! What a value in a session has to be able to do, said so that the compiler's error is a sentence.
//!
//! A bound stands where the value's type is named in the handler's signature, once, and nowhere else: what writes a value
//! later has been given a function for it by then.
//!
//! These traits say nothing that serde's do not say. They are ours because only the bound that fails can bring a sentence.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that a handler reads from the session.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a session",
    label = "this type cannot be read from a session",
    note = "a session keeps JSON: derive `serde::Deserialize` for `{Self}`, and let it own its data (`String`, not `&str`)",
    note = "the value stays in the handler while it awaits, so `{Self}` must be `Send` too",
    note = "what takes nothing out of the session, as `Session` itself, `State` or `CurrentUser`, stands without `#[session]`"
)]
pub trait ReadValue: DeserializeOwned + Send {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send> ReadValue for T {}

/// A value that a handler writes into the session.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written into a session",
    label = "this type cannot be written into a session",
    note = "a session keeps JSON: derive `serde::Serialize` for `{Self}`"
)]
pub trait WriteValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> WriteValue for T {}

/// A value that a handler holds as `&mut`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a session and written back",
    label = "this type cannot be kept in a session",
    note = "a session keeps JSON: derive `serde::Deserialize` and `serde::Serialize` for `{Self}`, and let it own its data (`String`, not `&str`)",
    note = "the value stays in the handler while it awaits, so `{Self}` must be `Send` too",
    note = "what takes nothing out of the session, as `Session` itself, `State` or `CurrentUser`, stands without `#[session]`"
)]
pub trait UpdateValue: ReadValue + WriteValue {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Serialize + Send> UpdateValue for T {}
