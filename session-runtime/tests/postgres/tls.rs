//! Encrypted connections: whom the store believes, and that it says nothing to anybody else.

use std::fs;
use std::path::PathBuf;

use session_runtime::store::{PostgresStore, SessionStore, StoreError};

use crate::ask::{id, load, new_session};
use crate::authority::Authority;
use crate::server::Server;

/// A server that shows a certificate for this host.
fn serving(authority: &Authority, host: &str) -> Server {
    let shown = authority.sign(host);
    Server::encrypted(&shown.certificate, &shown.key)
}

/// The authority's certificate in a file, beside this server's.
fn written(authority: &Authority, server: &Server, name: &str) -> PathBuf {
    let path = server.folder().join(name);
    fs::write(&path, &authority.certificate).unwrap();
    path
}

/// Why nothing is kept at this address.
async fn refusal(address: &str) -> String {
    let store = PostgresStore::new(address).unwrap();
    let error = store.create(new_session(id(7))).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_believed_whose_host_a_named_authority_vouches_for() {
    let authority = Authority::new();
    let server = serving(&authority, "127.0.0.1");
    let address = server.address("postgres");
    let file = written(&authority, &server, "authority.pem");
    let file = file.to_str().unwrap().replace('/', "%2F");
    for mode in ["require", "verify-full", "verify-ca"] {
        let address = format!("{address}?sslmode={mode}&sslrootcert={file}");
        let store = PostgresStore::new(&address).unwrap();
        // The first of them makes the tables and the session.
        if mode == "require" {
            store.create(new_session(id(0))).await.unwrap();
        }
        load(&store, id(0)).await;
        let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'session-runtime'";
        assert_eq!(server.sql("postgres", encrypted), "t", "{mode}");
    }

    let stranger = written(&Authority::new(), &server, "stranger.pem");
    let stranger = stranger.to_str().unwrap();
    for mode in ["require", "verify-full", "verify-ca"] {
        let refusal = refusal(&format!("{address}?sslmode={mode}&sslrootcert={stranger}")).await;
        assert!(refusal.contains("sslrootcert=FILE"), "{mode}: {refusal}");
    }
    // Nobody that the system knows vouches for it.
    let refusal = refusal(&format!("{address}?sslmode=require")).await;
    assert!(refusal.contains("sslrootcert=FILE"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_another_host_is_believed_only_where_the_authority_is_enough() {
    let authority = Authority::new();
    let server = serving(&authority, "db.example");
    let address = server.address("postgres");
    let file = written(&authority, &server, "authority.pem");
    let file = file.to_str().unwrap();
    for mode in ["require", "verify-full"] {
        let refusal = refusal(&format!("{address}?sslmode={mode}&sslrootcert={file}")).await;
        assert!(refusal.contains("sslmode=verify-ca"), "{mode}: {refusal}");
    }
    let address = format!("{address}?sslmode=verify-ca&sslrootcert={file}");
    let store = PostgresStore::new(&address).unwrap();
    store.create(new_session(id(0))).await.unwrap();
    load(&store, id(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_encryption_is_told_nothing_where_it_is_demanded() {
    let server = Server::shared();
    let file = written(&Authority::new(), server, "authority.pem");
    let address = format!(
        "{}?sslmode=require&sslrootcert={}",
        server.database(),
        file.display()
    );
    let refusal = refusal(&address).await;
    assert!(refusal.contains("does not support TLS"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_demands_no_encryption_has_none() {
    let server = serving(&Authority::new(), "127.0.0.1");
    for options in ["", "?sslmode=prefer"] {
        let address = format!("{}{options}", server.address("postgres"));
        let store = PostgresStore::new(&address).unwrap();
        let error = store.prepare().await.unwrap_err();
        assert!(error.to_string().contains("no encryption"), "{error}");
    }
}
