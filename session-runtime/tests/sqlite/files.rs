//! Which files a store takes, and how it leaves them.

use rusqlite::Connection;
use session_runtime::store::{NewSession, Opened, SessionStore, SqliteStore, StoreError};

use crate::{Folder, NOW, load, opening, session, set, value};

#[tokio::test]
async fn sessions_are_there_when_the_file_is_opened_again() {
    let folder = Folder::new();
    let created = NewSession {
        values: vec![value("city", "\"Reykjavik\"")],
        user: Some("7".to_owned()),
        label: Some("a phone".to_owned()),
        ..session(1)
    };
    folder.store().create(created.clone()).await.unwrap();
    let again = folder.store();
    let loaded = load(&again, 1).await;
    assert_eq!(loaded.values, created.values);
    assert_eq!(loaded.record.label, created.label);
    let records = again.sessions_of("7".to_owned(), NOW).await.unwrap();
    assert_eq!(records, [loaded.record]);
    assert_eq!(again.create(created).await, Err(StoreError::Exists));
}

#[tokio::test]
async fn a_value_is_kept_byte_for_byte() {
    let folder = Folder::new();
    let store = folder.store();
    store.create(session(1)).await.unwrap();
    let long = format!("\"{}\"", "ä".repeat(1 << 20));
    for json in [
        "1e5",
        "1.0",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\0\"",
        "123456789012345678901234567890",
        "null",
        "{}",
        " [1 , 2]",
        "NaN",
        "",
        &long,
    ] {
        set(&store, 1, "a\0b", json).await;
        assert_eq!(load(&store, 1).await.values, [value("a\0b", json)]);
    }
    set(&store, 1, "a", "1").await;
    set(&store, 1, "A", "2").await;
    assert_eq!(load(&store, 1).await.values.len(), 3);
}

#[tokio::test]
async fn a_purge_removes_no_more_than_it_is_told_and_none_that_is_alive() {
    let folder = Folder::new();
    let store = folder.store();
    let mut writes = Vec::new();
    for number in 0..1_200_u128 {
        writes.push(store.create(NewSession {
            id: session_runtime::store::SessionId::from_bytes(number.to_be_bytes()),
            values: vec![value("a", "1"), value("b", "2")],
            ..session(0)
        }));
    }
    for write in writes {
        write.await.unwrap();
    }
    store
        .create(NewSession {
            now: NOW + 1,
            ..session(200)
        })
        .await
        .unwrap();
    let last = NOW + 3600;
    assert_eq!(store.purge(last, 10_000).await, Ok(0));
    assert_eq!(store.purge(last + 1, 0).await, Ok(0));
    assert_eq!(store.purge(last + 1, 1_001).await, Ok(1_001));
    assert_eq!(store.purge(last + 1, u32::MAX).await, Ok(199));
    load(&store, 200).await;
    let values: u32 = Connection::open(folder.file())
        .unwrap()
        .query_row("SELECT count(*) FROM value", [], |row| row.get(0))
        .unwrap();
    assert_eq!(values, 0);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let theirs = Connection::open(folder.file()).unwrap();
    theirs
        .execute_batch("CREATE TABLE session (name TEXT)")
        .unwrap();
    let before = std::fs::read(folder.file()).unwrap();
    let refused = folder.store().prepare().await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the session store holds what this version cannot read: the file is another program's database; give the sessions a file of their own",
    );
    assert!(std::fs::read(folder.file()).unwrap() == before);
}

#[tokio::test]
async fn tables_of_another_version_are_refused_at_the_first_use() {
    let folder = Folder::new();
    folder.store().prepare().await.unwrap();
    Connection::open(folder.file())
        .unwrap()
        .pragma_update(None, "user_version", 2)
        .unwrap();
    let Err(StoreError::Incompatible { reason }) = folder.store().open(opening(1)).await else {
        panic!("a version that nobody knows");
    };
    assert!(reason.contains("version 2"), "{reason}");
    assert!(reason.contains("knows version 1"), "{reason}");
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let text = "a diary, and nothing that a program wrote\n".repeat(100);
    std::fs::write(folder.file(), &text).unwrap();
    let refused = folder.store().prepare().await;
    assert!(
        matches!(refused, Err(StoreError::Incompatible { .. })),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), text);
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_an_error_until_it_can() {
    let folder = Folder::new();
    let missing = folder.file().with_file_name("missing");
    let store = SqliteStore::new(missing.join("sessions.sqlite"));
    let Err(StoreError::Unreachable { reason }) = store.open(opening(1)).await else {
        panic!("there is no folder");
    };
    assert!(reason.contains("sessions.sqlite"), "{reason}");
    std::fs::create_dir(missing).unwrap();
    assert_eq!(store.open(opening(1)).await, Ok(Opened::Unknown));
}

#[tokio::test]
async fn a_path_that_is_no_files_is_refused() {
    for path in [":memory:", ""] {
        let refused = SqliteStore::new(path).prepare().await.unwrap_err();
        assert!(refused.to_string().contains("MemoryStore"), "{refused}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let store = folder.store();
    store.create(session(1)).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.file().parent().unwrap())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(files.len(), 3);
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.path());
    }
}
