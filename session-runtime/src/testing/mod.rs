//! Tests.

use std::sync::Arc;

use crate::session::{Session, Settings, Snapshot};

/// An empty session outside any request.
pub fn session() -> Session {
    Session::opened(
        Arc::new(Settings {
            login_key: "user_id".into(),
            login_page: None,
        }),
        Snapshot::default(),
    )
}
