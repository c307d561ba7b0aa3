//! The store in PostgreSQL does what every store must do.

use std::sync::OnceLock;

use session_runtime::store::PostgresStore;
use session_runtime::testing::store_suite;
use session_runtime::testing::store_suite::Handles;

use crate::server::Server;

/// Two, as two processes have them.
async fn store() -> Handles<PostgresStore> {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| Server::shared().database());
    Handles::new([(); 2].map(|()| PostgresStore::new(address).unwrap()))
}

store_suite!(store);
