//! Encrypted connections: whom the store trusts, and that nobody else is asked.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use session_runtime::store::{
    Committed, Opened, RedisAddressError, RedisStore, SessionStore as _, StoreError,
};

use crate::authority::Authority;
use crate::nodes::{Cluster, THREE};
use crate::questions::{commit, new, open};
use crate::server::{Server, free_port};

#[tokio::test]
async fn a_server_of_the_named_authority_is_asked_and_nobody_else() {
    let (authority, stranger) = (Files::new(), Files::new());
    let server = Encrypted::start(&authority.of("127.0.0.1"), "no");
    let store = RedisStore::new(&server.url(&authority)).unwrap();
    store.prepare().await.unwrap();
    store.create(new(1)).await.unwrap();
    assert!(matches!(store.open(open(1)).await, Ok(Opened::Alive(_))));

    let without_file = server.url(&authority);
    let without_file = without_file.split('?').next().unwrap();
    for address in [server.url(&stranger), without_file.to_owned()] {
        let store = RedisStore::new(&address).unwrap();
        let error = store.create(new(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().contains("?ssl_ca_certs=FILE"), "{error}");
    }
    let other = Encrypted::start(&authority.of("redis.example"), "no");
    let store = RedisStore::new(&other.url(&authority)).unwrap();
    let error = store.create(new(2)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    assert_eq!(other.server.ask("DBSIZE"), b":0\r\n");
    assert_eq!(server.server.ask("DBSIZE"), b":1\r\n");
}

#[tokio::test]
async fn a_server_that_asks_who_we_are_is_shown_the_certificate_of_the_address() {
    let authority = Files::new();
    let server = Encrypted::start(&authority.of("127.0.0.1"), "yes");
    let own = authority.of("shop.example");
    let url = server.url(&authority);
    let with_own = format!(
        "{url}&ssl_certfile={}&ssl_keyfile={}",
        own.certificate, own.key
    );
    let store = RedisStore::new(&with_own).unwrap();
    store.create(new(1)).await.unwrap();
    let store = RedisStore::new(&url).unwrap();
    let error = store.open(open(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn all_nodes_of_a_cluster_are_asked_through_encrypted_connections() {
    let authority = Files::new();
    let files = authority.of("127.0.0.1");
    let arguments = files.arguments("no");
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let cluster = Cluster::of(&THREE, &arguments);
    let url = format!("{}?ssl_ca_certs={}", cluster.url(), authority.file);
    let store = RedisStore::new(&url).unwrap();
    for number in 1..=30 {
        store.create(new(number)).await.unwrap();
        assert_eq!(store.commit(commit(number)).await, Ok(Committed::Applied));
    }
    for node in &cluster.nodes {
        assert_ne!(node.ask("DBSIZE"), b":0\r\n");
    }
    let stranger = Files::new();
    let url = format!("{}?ssl_ca_certs={}", cluster.url(), stranger.file);
    let store = RedisStore::new(&url).unwrap();
    let error = store.open(open(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn an_address_with_the_wrong_scheme_is_an_error_in_time() {
    let authority = Files::new();
    let server = Encrypted::start(&authority.of("127.0.0.1"), "no");
    let encrypted_by_mistake = format!("rediss://{}", Server::shared().address());
    let plain_by_mistake = format!("redis://127.0.0.1:{}", server.port);
    for address in [encrypted_by_mistake, plain_by_mistake] {
        let store = RedisStore::new(&address).unwrap();
        let began = Instant::now();
        let error = store.open(open(1)).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(2), "{error}");
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    }
}

#[test]
fn a_file_that_holds_no_certificate_is_an_error_before_anything_is_asked() {
    let authority = Files::new();
    let files = authority.of("127.0.0.1");
    for wrong in ["/nowhere/ca.pem".to_owned(), files.key.clone()] {
        let error = RedisStore::new(&format!("rediss://localhost?ssl_ca_certs={wrong}"));
        let error = error.unwrap_err();
        assert!(matches!(error, RedisAddressError::File { .. }), "{error}");
        assert!(error.to_string().contains(&wrong), "{error}");
    }
    let half = format!("rediss://localhost?ssl_certfile={}", files.certificate);
    let error = RedisStore::new(&half).unwrap_err();
    assert!(error.to_string().contains("ssl_keyfile"), "{error}");
}

/// An authority whose certificates are in files, which go with it.
struct Files {
    authority: Authority,
    folder: PathBuf,
    /// Its own certificate.
    file: String,
}

/// The files of a certificate and its key, and of who has signed it.
struct Shown {
    certificate: String,
    key: String,
    authority: String,
}

impl Files {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-redis-authority-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let authority = Authority::new();
        let file = folder.join("authority.pem").display().to_string();
        std::fs::write(&file, &authority.certificate).unwrap();
        Self {
            authority,
            folder,
            file,
        }
    }

    fn of(&self, name: &str) -> Shown {
        let signed = self.authority.sign(name);
        let written = |end: &str, text: &str| {
            let file = self.folder.join(format!("{name}.{end}"));
            std::fs::write(&file, text).unwrap();
            file.display().to_string()
        };
        Shown {
            certificate: written("pem", &signed.certificate),
            key: written("key", &signed.key),
            authority: self.file.clone(),
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Shown {
    fn arguments(&self, asks_who_we_are: &str) -> Vec<String> {
        let pairs = [
            ("--tls-cert-file", &*self.certificate),
            ("--tls-key-file", &self.key),
            ("--tls-ca-cert-file", &self.authority),
            ("--tls-auth-clients", asks_who_we_are),
        ];
        pairs
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value.to_owned()])
            .collect()
    }
}

/// A server with an encrypted port, beside the plain one at which the test asks.
struct Encrypted {
    server: Server,
    port: u16,
}

impl Encrypted {
    fn start(shown: &Shown, asks_who_we_are: &str) -> Self {
        let port = free_port();
        let mut arguments = shown.arguments(asks_who_we_are);
        arguments.extend(["--tls-port".to_owned(), port.to_string()]);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let server = Server::start_with(&arguments);
        Self { server, port }
    }

    fn url(&self, authority: &Files) -> String {
        let (port, file) = (self.port, &authority.file);
        format!("rediss://127.0.0.1:{port}?ssl_ca_certs={file}")
    }
}
