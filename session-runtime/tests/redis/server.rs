//! A Redis server of a test's own: on a free port, in a temporary folder, ended with the test.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub struct Server {
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
    process: Child,
}

impl Server {
    /// One that writes each change to its file before it answers.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(arguments: &[&str]) -> Self {
        let port = free_port();
        let arguments = arguments.iter().map(ToString::to_string).collect();
        let server = Self::start_in(folder_of(port), port, arguments);
        server.wait();
        server
    }

    /// One in this folder, which may not answer yet.
    pub fn start_in(folder: PathBuf, port: u16, arguments: Vec<String>) -> Self {
        let process = run(port, &folder, &arguments);
        Self {
            port,
            folder,
            arguments,
            process,
        }
    }

    /// One for all tests of this program that need none of their own. It ends with the program, however that ends.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<(Server, Child)> = OnceLock::new();
        let (server, _guardian) = SHARED.get_or_init(|| {
            let server = Self::start_with(&["--appendfsync", "no"]);
            let guardian = guardian([&server]);
            (server, guardian)
        });
        server
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again, on the same port and with the same file.
    pub fn restart(&mut self) {
        self.process = run(self.port, &self.folder, &self.arguments);
        self.wait();
    }

    /// Stops the process without ending it, so that its connections stay and nobody answers.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// What the server answers to a command without spaces in its arguments, as it stands in the protocol.
    pub fn ask(&self, command: &str) -> Vec<u8> {
        self.try_ask(command).unwrap()
    }

    /// Everything that it keeps, as it stands in the protocol.
    pub fn dump(&self) -> Vec<u8> {
        let keys = String::from_utf8(self.ask("KEYS *")).unwrap();
        let mut dump = keys.clone().into_bytes();
        for key in keys.lines().filter(|line| line.contains("session")) {
            let read = if key.contains("session-user:") {
                format!("ZRANGE {key} 0 -1 WITHSCORES")
            } else {
                format!("HGETALL {key}")
            };
            dump.extend(self.ask(&read));
        }
        dump
    }

    /// The same, where it may be away.
    pub fn try_ask(&self, command: &str) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        // The second answer is the mark that the first is whole.
        write!(stream, "{command}\r\nECHO the-end\r\n")?;
        let mark = b"$7\r\nthe-end\r\n";
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !answer.ends_with(mark) {
            match stream.read(&mut buffer)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                read => answer.extend_from_slice(&buffer[..read]),
            }
        }
        answer.truncate(answer.len() - mark.len());
        Ok(answer)
    }

    /// Waits until it answers.
    pub fn wait(&self) {
        let began = Instant::now();
        while self.try_ask("PING").ok().as_deref() != Some(b"+PONG\r\n") {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "redis-server did not answer on port {} within 10 s",
                self.port
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Ends these servers when this program ends, however that happens. What is static is never dropped, but its pipe closes: then
/// the guardian reads the end.
pub fn guardian<'a>(servers: impl IntoIterator<Item = &'a Server>) -> Child {
    let script = r#"read -r _; while [ $# -gt 0 ]; do kill -9 "$1"; rm -rf "$2"; shift 2; done"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "guardian"]);
    for server in servers {
        command.arg(server.process.id().to_string());
        command.arg(&server.folder);
    }
    command.stdin(Stdio::piped()).spawn().unwrap()
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A new folder for a server on this port.
pub fn folder_of(port: u16) -> PathBuf {
    let name = format!("session-redis-{}-{port}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn run(port: u16, folder: &Path, arguments: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string()])
        .args(["--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "yes", "--appendfsync", "always"])
        .arg("--dir")
        .arg(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "redis-server does not start ({error}); install it: apt-get install redis-server"
            )
        })
}
