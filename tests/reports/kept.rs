//! Where a session is kept: in its cookie, or in a store. What is reported of the one has to hold of the other as well.

use session_runtime::SessionConfig;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;

/// Either way, with what it is called where it fails.
pub fn either_way() -> [(&'static str, SessionConfig); 2] {
    let config = SessionConfig::new(SecretKey::generate());
    [
        ("in a cookie", config.clone()),
        ("in a store", config.store(MemoryStore::new())),
    ]
}
