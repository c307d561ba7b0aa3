//! What every store must do, through two handles on one file in turn.

use std::path::PathBuf;
use std::sync::LazyLock;

use session_runtime::store::SqliteStore;
use session_runtime::testing::store_suite;
use session_runtime::testing::store_suite::Handles;

/// The file of all these tests, which run at the same time. It stays for whoever wants to look at it, until the next run.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("store_suite.sqlite");
    for end in ["", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
    path
});

async fn store() -> Handles<SqliteStore> {
    Handles::new([crate::store(&FILE), crate::store(&FILE)])
}

store_suite!(store);
