//! The store in memory, which is the plainest telling of what a store does, so that it and the statements check each other.

use session_runtime::store::MemoryStore;
use session_runtime::testing::store_suite;

async fn store() -> MemoryStore {
    MemoryStore::new()
}

store_suite!(store);
