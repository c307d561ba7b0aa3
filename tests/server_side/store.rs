//! The stores that the tests know, and how each is made for one test. It knows nothing of what is asked of them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{postgres_server, redis_nodes, redis_server};

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Memory,
    Sqlite,
    Redis,
    RedisCluster,
    Postgres,
}

/// A store of a test's own, which ends with this.
pub struct Place {
    /// As `--store` takes it.
    pub address: String,
    /// How many processes of the application see the same sessions in it.
    pub processes: usize,
    _file: Option<File>,
}

/// A file of SQLite's, which is removed with this.
struct File(PathBuf);

/// A store's server of a test's own, which may be killed.
pub enum Server {
    Redis(redis_server::Server),
    RedisCluster(redis_nodes::Cluster),
    Postgres(postgres_server::Server),
}

impl Store {
    /// A store that is empty, or in which other tests have other users.
    pub fn open(self) -> Place {
        match self {
            Self::Memory => Place {
                // Another process would not see its memory.
                processes: 1,
                ..Place::at("memory".to_owned())
            },
            Self::Sqlite => {
                static FILES: AtomicUsize = AtomicUsize::new(0);
                let number = FILES.fetch_add(1, Ordering::Relaxed);
                let name = format!("server-side-test-{}-{number}.sqlite", std::process::id());
                let file = std::env::temp_dir().join(name);
                Place {
                    address: format!("sqlite:{}", file.display()),
                    processes: 2,
                    _file: Some(File(file)),
                }
            }
            Self::Redis => Place::at(redis_server::Server::shared().url()),
            Self::RedisCluster => Place::at(redis_nodes::Cluster::shared().url()),
            // The processes make its tables when they start.
            Self::Postgres => Place::at(postgres_server::Server::shared().database()),
        }
    }

    /// A server that no other test asks, and that keeps what it has acknowledged whenever it is killed.
    pub fn server(self) -> Server {
        match self {
            Self::Redis => Server::Redis(redis_server::Server::start()),
            Self::RedisCluster => Server::RedisCluster(redis_nodes::Cluster::start()),
            // What a process has written outlives it without being on the disk, and the server starts again sooner.
            Self::Postgres => {
                Server::Postgres(postgres_server::Server::with_settings(&["-c", "fsync=off"]))
            }
            _ => panic!("{self:?} is no server that can be killed here"),
        }
    }
}

impl Place {
    /// What two processes share at this address.
    pub fn at(address: String) -> Self {
        Self {
            address,
            processes: 2,
            _file: None,
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Server {
    /// What two processes share on it.
    pub fn place(&self) -> Place {
        Place::at(match self {
            Self::Redis(server) => server.url(),
            Self::RedisCluster(cluster) => cluster.url(),
            Self::Postgres(server) => server.database(),
        })
    }

    /// `kill -9` of all that it runs.
    pub fn kill(&mut self) {
        match self {
            Self::Redis(server) => server.kill(),
            Self::RedisCluster(cluster) => cluster.nodes.iter_mut().for_each(|node| node.kill()),
            Self::Postgres(server) => server.crash(),
        }
    }

    /// Starts it again on the same port, with what it has kept.
    pub fn restart(&mut self) {
        match self {
            Self::Redis(server) => server.restart(),
            Self::RedisCluster(cluster) => {
                cluster.nodes.iter_mut().for_each(|node| node.restart());
            }
            Self::Postgres(server) => server.restart(),
        }
    }
}
