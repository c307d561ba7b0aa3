//! The example's processes on one store, and a browser that asks them in turn.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::common::{Answer, Server, example};
use crate::{postgres_server, redis_nodes, redis_server};

/// How many requests are on their way at one time.
const IN_FLIGHT: usize = 200;

/// Processes of the example that share a store.
pub struct Site {
    servers: Mutex<Vec<Server>>,
    addresses: Vec<String>,
    store: String,
    next: AtomicUsize,
    file: Option<PathBuf>,
}

impl Site {
    /// One process, since another would not see its memory.
    pub fn memory() -> Self {
        Self::of("memory".to_owned(), 1, None)
    }

    /// Two processes on one new file.
    pub fn sqlite() -> Self {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let name = format!("server-side-test-{}-{number}.sqlite", std::process::id());
        let file = std::env::temp_dir().join(name);
        Self::of(format!("sqlite:{}", file.display()), 2, Some(file))
    }

    /// Two processes on one Redis.
    pub fn redis() -> Self {
        Self::of(redis_server::Server::shared().url(), 2, None)
    }

    /// Two processes on one Redis Cluster.
    pub fn redis_cluster() -> Self {
        Self::of(redis_nodes::Cluster::shared().url(), 2, None)
    }

    /// Two processes on a new database, whose tables they make when they start.
    pub fn postgres() -> Self {
        Self::of(postgres_server::Server::shared().database(), 2, None)
    }

    fn of(store: String, processes: usize, file: Option<PathBuf>) -> Self {
        let servers: Vec<_> = (0..processes).map(|_| start(&store)).collect();
        Self {
            addresses: servers
                .iter()
                .map(|server| server.address().to_owned())
                .collect(),
            servers: Mutex::new(servers),
            store,
            next: AtomicUsize::new(0),
            file,
        }
    }

    /// Kills the first process (on Unix with SIGKILL) and starts another in its place.
    pub fn kill_first(&mut self) {
        let servers = self.servers.get_mut().unwrap();
        drop(servers.remove(0));
        servers.insert(0, start(&self.store));
        self.addresses[0] = servers[0].address().to_owned();
    }

    /// The processes' addresses.
    pub fn addresses(&self) -> Vec<String> {
        self.addresses.clone()
    }

    /// Each process in its turn.
    fn address(&self) -> &str {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        &self.addresses[number % self.addresses.len()]
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Ok(servers) = self.servers.get_mut() {
            servers.clear();
        }
        if let Some(file) = &self.file {
            for end in ["", "-wal", "-shm"] {
                let mut path = file.clone().into_os_string();
                path.push(end);
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn start(store: &str) -> Server {
    let mut command = example("server-side");
    for variable in ["SECRET_KEY_FALLBACKS", "SESSION_STORE", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command
        .args(["--store", store])
        .env("PORT", "0")
        .env("SESSION_COOKIE_SECURE", "false")
        .env("SECRET_KEY", "1e2c81d14f9f4cf5a8a9e2a9d5b7d3f0");
    Server::start(&mut command)
}

/// A browser with one cookie.
pub struct Browser<'a> {
    site: &'a Site,
    cookie: Mutex<Option<String>>,
}

impl<'a> Browser<'a> {
    /// One that has never been here.
    pub fn new(site: &'a Site) -> Self {
        let cookie = Mutex::default();
        Self { site, cookie }
    }

    /// One in which this user is logged in.
    pub fn of_user(site: &'a Site, user: &str) -> Self {
        let browser = Self::new(site);
        let login = browser.send("GET", &format!("/login/{user}"));
        assert_eq!((login.status, &*login.text), (200, user));
        browser
    }

    /// Sends a request to one of the processes, and keeps the cookie of the answer.
    pub fn send(&self, method: &str, path: &str) -> Answer {
        let answer = self.send_without_keeping(method, path);
        self.keep(&answer);
        answer
    }

    pub fn send_without_keeping(&self, method: &str, path: &str) -> Answer {
        ask(self.site.address(), method, path, self.cookie().as_deref()).unwrap()
    }

    /// Does with the answer's cookie what a browser does.
    pub fn keep(&self, answer: &Answer) {
        for line in answer.header_lines("set-cookie") {
            let (pair, attributes) = line.split_once(';').unwrap();
            let removed = attributes.contains("Max-Age=0");
            *self.cookie.lock().unwrap() = (!removed).then(|| pair.to_owned());
        }
    }

    /// The cookie's name and value.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    /// Another browser with the same cookie, as a thief has one.
    pub fn copy(&self) -> Self {
        Self {
            site: self.site,
            cookie: Mutex::new(self.cookie()),
        }
    }

    /// Sends so many requests, as many at a time as there may be, and returns their answers.
    pub fn send_many(
        &self,
        count: usize,
        request: impl Fn(usize) -> (&'static str, String) + Sync,
    ) -> Vec<Answer> {
        let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..count.min(IN_FLIGHT) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            break;
                        }
                        let (method, path) = request(number);
                        let answer = self.send_without_keeping(method, &path);
                        answers.lock().unwrap().push(answer);
                    }
                });
            }
        });
        answers.into_inner().unwrap()
    }
}

/// A user whom no other test has, nor one that has run on the store before.
pub fn somebody() -> String {
    static USERS: AtomicUsize = AtomicUsize::new(0);
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let number = USERS.fetch_add(1, Ordering::Relaxed);
    format!("user-{}-{number}", since.unwrap().as_nanos())
}

/// Sends one request. The error is the connection's.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    cookie: Option<&str>,
) -> std::io::Result<Answer> {
    let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 0\r\n{cookie}\r\n"
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request.as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    match response.contains("\r\n\r\n") {
        true => Ok(Answer::parse(&response)),
        false => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}
