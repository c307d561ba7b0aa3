//! A real PostgreSQL of the tests' own: on a free port, in a temporary folder, ended by its process id when the tests end,
//! however they end.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Who the tests are to the database.
const ROLE: &str = "app";

/// For how long a server may take to start, which after a crash it does by reading its log.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, which ends with this.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    owner: Option<Owner>,
    settings: &'static [&'static str],
    process: Mutex<Option<Child>>,
    watchdog: Option<(Child, ChildStdin)>,
}

/// Who the server runs as where that may not be whoever runs the tests: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Server {
    /// One that the tests of a program share. It keeps nothing from a machine's crash, and is the quicker for it.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::with_settings(&["-c", "fsync=off"]))
    }

    /// One of a test's own.
    pub(crate) fn start() -> Self {
        Self::with_settings(&[])
    }

    /// One of a test's own that takes encrypted connections only, and shows this certificate.
    pub(crate) fn encrypted(certificate: &str, key: &str) -> Self {
        let server = Self::made(&["-c", "ssl=on", "-c", "fsync=off"]);
        for (name, content) in [
            ("server.crt", certificate),
            ("server.key", key),
            ("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n"),
        ] {
            let path = server.folder.join("data").join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            if let Some(owner) = server.owner {
                chown(&path, Some(owner.user), Some(owner.group)).unwrap();
            }
        }
        server.restart();
        server
    }

    /// One of a test's own, with these arguments to `postgres`.
    pub(crate) fn with_settings(settings: &'static [&'static str]) -> Self {
        let server = Self::made(settings);
        server.restart();
        server
    }

    /// One that has not been started yet.
    fn made(settings: &'static [&'static str]) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("session-postgres-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let owner = owner();
        if let Some(owner) = owner {
            chown(&folder, Some(owner.user), Some(owner.group)).unwrap();
        }
        let server = Self {
            programs: programs(),
            watchdog: Some(watchdog(&folder)),
            folder,
            port: free_port(),
            owner,
            settings,
            process: Mutex::default(),
        };
        server.succeed(server.program("initdb").args([
            "--pgdata=data",
            "--username=app",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        server
    }

    /// A new database, and its address.
    pub(crate) fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// What `psql` prints for a statement, columns with `|` between them.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> String {
        self.succeed(self.client("psql", database).args([
            "--no-psqlrc",
            "--no-align",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            "--command",
            statement,
        ]))
    }

    /// Everything that is in a database, as text.
    pub(crate) fn dump(&self, database: &str) -> String {
        self.succeed(self.client("pg_dump", database).arg("--inserts"))
    }

    /// Ends every process of the server at once, as a crash does.
    pub(crate) fn crash(&self) {
        let mut process = self.process.lock().unwrap();
        let mut server = process.take().unwrap();
        let main = server.id().to_string();
        // The others first: they would notice that the main one has ended, and clean up.
        signal("STOP", &[main.as_str()]);
        let children = format!("/proc/{main}/task/{main}/children");
        let children = fs::read_to_string(children).unwrap();
        signal("KILL", &children.split_whitespace().collect::<Vec<_>>());
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Starts a server that has crashed, and waits until it answers.
    pub(crate) fn restart(&self) {
        let begun = Instant::now();
        let mut process = self.process.lock().unwrap();
        let mut server = process.insert(self.spawn());
        while !self.is_ready() {
            assert!(begun.elapsed() < PATIENCE, "{}", self.log());
            // What is left of the one before may still hold its memory.
            if server.try_wait().unwrap().is_some() {
                server = process.insert(self.spawn());
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// Lets the processes that serve a database do nothing, and afterwards go on: whoever asks one of them gets no answer.
    pub(crate) fn pause<T>(&self, database: &str, meanwhile: impl FnOnce() -> T) -> T {
        let processes = format!(
            "SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        );
        let processes = self.sql(database, &processes);
        let processes: Vec<_> = processes.split_whitespace().collect();
        signal("STOP", &processes);
        let result = meanwhile();
        signal("CONT", &processes);
        result
    }

    fn spawn(&self) -> Child {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        self.program("postgres")
            .args(["-D", "data", "-k", "", "-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "max_connections=200", "-p", &self.port.to_string()])
            .args(self.settings)
            // Who stops the tests at the terminal leaves it to the watchdog.
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn is_ready(&self) -> bool {
        let mut client = self.client("pg_isready", "postgres");
        client.output().unwrap().status.success()
    }

    fn client(&self, program: &str, database: &str) -> Command {
        let mut command = self.program(program);
        // Certificates are looked for at home, which is not this user's where the tests run as root.
        command.env("HOME", &self.folder);
        command
            .args(["--host=127.0.0.1", "--username", ROLE])
            .args(["--port", &self.port.to_string(), "--dbname", database]);
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder);
        if let Some(owner) = self.owner {
            command.uid(owner.user).gid(owner.group);
        }
        command
    }

    fn succeed(&self, command: &mut Command) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "{command:?}: {stderr}{}", self.log());
        String::from_utf8(stdout).unwrap().trim_end().to_owned()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((mut watchdog, leash)) = self.watchdog.take() {
            drop(leash);
            let _ = watchdog.wait();
        }
        let process = self.process.get_mut();
        if let Some(mut server) = process.unwrap_or_else(PoisonError::into_inner).take() {
            let _ = server.wait();
        }
    }
}

/// A process that ends the server and removes its folder when ours lets go of it, by dropping the server or by ending: a
/// static is never dropped, and a test may be killed.
fn watchdog(folder: &Path) -> (Child, ChildStdin) {
    // The quick way down, which takes the processes of the connections along.
    let script = r#"cat >&2; kill -QUIT "$(head -n 1 data/postmaster.pid)"; while [ -e data/postmaster.pid ] && [ $((n += 1)) -lt 50 ]; do sleep 0.1; done; rm -rf "$0""#;
    let mut watchdog = Command::new("sh")
        .args(["-c", script])
        .arg(folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let leash = watchdog.stdin.take().unwrap();
    (watchdog, leash)
}

/// Where PostgreSQL's programs are: Debian has a folder for each version, and none of them on the path.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<_> = debian
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort_by_key(|bin| version(bin).unwrap_or(0));
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        // Where it is a link, the other programs are beside what it leads to.
        .find_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.to_owned()))
        .expect("PostgreSQL is not installed: on Debian, `apt-get install postgresql`; elsewhere, put its `initdb` and `postgres` on the path")
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

fn owner() -> Option<Owner> {
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let of = |name: &str| {
        Some(Owner {
            user: id(&["-u", name])?,
            group: id(&["-g", name])?,
        })
    };
    Some(of("postgres").or_else(|| of("nobody")).expect("as root, the tests need a user `postgres` or `nobody`, since PostgreSQL refuses to run as root"))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .ok()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn signal(name: &str, processes: &[&str]) {
    let mut kill = Command::new("kill");
    kill.arg("-s").arg(name).args(processes);
    // A process may have ended meanwhile, which is all that is wanted.
    let _ = kill.stderr(Stdio::null()).status();
}
