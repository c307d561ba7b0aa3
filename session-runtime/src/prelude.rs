//! What an application's handlers need, to be imported as a whole.
//!
//! ```
//! use session_runtime::prelude::*;
//! ```

pub use axum::response::Redirect;

pub use crate::{
    AuthUser, CurrentUser, Gate, Key, Result, Routes, Session, SessionConfig, SessionError,
    SessionLayer, Slot, UserLoader, any, csrf_exempt, delete, get, guard, head, login_required,
    options, patch, post, public, put, route, routes, session, url_for,
};
