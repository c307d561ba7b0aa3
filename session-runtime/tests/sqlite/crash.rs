//! Other processes on the same file, and what is left of a file whose process was killed. The processes are this test's own
//! executable, told by an environment variable what to do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rusqlite::Connection;
use session_runtime::store::SessionStore as _;

use crate::{Folder, load, runtime, session, set, store, value};

/// The file that another process writes to, the name of its values, and how many it writes.
const TASK: &str = "SESSION_TEST_SQLITE_WRITER";

#[test]
fn what_was_acknowledged_before_a_kill_is_in_the_file() {
    let folder = Folder::new();
    create(&folder);
    // The last ones are so many that the log is written back meanwhile.
    for (round, writes) in [100, 100, 1_000].into_iter().enumerate() {
        let mut writer = start(&folder.file(), &format!("round{round}-"), u32::MAX);
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let acknowledged: Vec<_> = lines
            .map(Result::unwrap)
            .filter(|line| line.starts_with("wrote "))
            .take(writes)
            .collect();
        writer.kill().unwrap();
        writer.wait().unwrap();
        assert_eq!(acknowledged.len(), writes);

        let verdict: String = Connection::open(folder.file())
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
        let values = runtime().block_on(async {
            let store = folder.store();
            let after = format!("after{round}");
            set(&store, 1, &after, "true").await;
            load(&store, 1).await.values
        });
        for line in acknowledged {
            let name = line.trim_start_matches("wrote ");
            assert!(values.contains(&value(name, "true")), "{name} is lost");
        }
    }
}

#[test]
fn three_processes_that_begin_together_lose_nothing() {
    let folder = Folder::new();
    let writers: Vec<_> = ["a", "b", "c"]
        .into_iter()
        .map(|name| start(&folder.file(), name, 200))
        .collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}");
    }
    let loaded = runtime().block_on(load(&folder.store(), 1));
    assert_eq!(loaded.values.len(), 600);
}

/// What the other processes do.
#[test]
#[ignore = "it is started by the tests above"]
fn writes_as_it_is_told() {
    let Ok(task) = std::env::var(TASK) else {
        // All ignored tests are run, and this is a part of the others.
        return;
    };
    let mut parts = task.split('\n');
    let mut next = || parts.next().unwrap();
    let (path, name, count) = (next(), next(), next().parse::<u32>().unwrap());
    runtime().block_on(async {
        let store = store(Path::new(path));
        // Whoever comes first makes it.
        let _ = store.create(session(1)).await;
        for number in 0..count {
            let name = format!("{name}{number}");
            set(&store, 1, &name, "true").await;
            let mut out = std::io::stdout();
            writeln!(out, "wrote {name}").unwrap();
            out.flush().unwrap();
        }
    });
}

fn create(folder: &Folder) {
    let store = folder.store();
    runtime().block_on(store.create(session(1))).unwrap();
}

fn start(path: &Path, name: &str, count: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "sqlite::crash::writes_as_it_is_told",
        ])
        .env(TASK, format!("{}\n{name}\n{count}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
