//! The store in Redis does what every store must do, and so do two of one server, as two processes have them, and two of one
//! cluster.

use session_runtime::store::RedisStore;
use session_runtime::testing::store_suite;
use session_runtime::testing::store_suite::Handles;

use crate::server::Server;

async fn store() -> RedisStore {
    RedisStore::new(&Server::shared().url()).unwrap()
}

store_suite!(store);

mod two_processes {
    use super::{Handles, RedisStore, store, store_suite};

    async fn stores() -> Handles<RedisStore> {
        Handles::new([store().await, store().await])
    }

    store_suite!(stores);
}

mod cluster {
    use super::{Handles, RedisStore, store_suite};
    use crate::nodes::Cluster;

    async fn stores() -> Handles<RedisStore> {
        let url = Cluster::shared().url();
        Handles::new([(); 2].map(|()| RedisStore::new(&url).unwrap()))
    }

    store_suite!(stores);
}
