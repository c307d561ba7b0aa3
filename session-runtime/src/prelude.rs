//! What an application's handlers and guards need, to be imported as a whole.
//!
//! ```
//! use session_runtime::prelude::*;
//! ```

pub use axum::response::Redirect;

pub use crate::{
    AuthUser, CurrentUser, Gate, Guard, Key, LoginRequired, ReadOnlySession, Result, Routes,
    Session, SessionConfig, SessionError, SessionLayer, Slot, UserLoader, any, csrf_exempt, delete,
    get, guard, head, login_required, options, patch, post, public, put, route, routes, session,
    url_for,
};
