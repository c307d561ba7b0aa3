//! What tests over a socket share: a program that is started and stopped, and a visitor with a cookie jar.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A program that serves HTTP on loopback until it is dropped.
pub struct Server {
    child: Child,
    address: String,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Server {
    /// Starts one of the examples on a free port, with only these variables added to the environment.
    pub fn example(name: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = example(name);
        for variable in ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "RUST_LOG"] {
            command.env_remove(variable);
        }
        Self::start(command.env("PORT", "0").envs(variables.iter().copied()))
    }

    /// Starts a program that prints its address, `http://…`, when it is ready.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        for pipe in [Box::new(out) as Box<dyn Read + Send>, Box::new(err)] {
            let send = send.clone();
            thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = send.send(line);
                }
            });
        }
        let mut server = Self {
            child,
            address: String::new(),
            lines,
            seen: Vec::new(),
        };
        let ready = server.wait_for("http://");
        let (_, address) = ready.split_once("http://").unwrap();
        server.address = address.split(['/', ' ']).next().unwrap().to_owned();
        server
    }

    /// Waits for a line that contains `text`, and returns it.
    pub fn wait_for(&mut self, text: &str) -> String {
        if let Some(line) = self.seen.iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        loop {
            let Ok(line) = self.lines.recv_timeout(Duration::from_secs(30)) else {
                panic!(
                    "the program did not print `{text}`; it printed:\n{}",
                    self.seen.join("\n")
                );
            };
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// All that the program has printed so far.
    pub fn printed(&mut self) -> String {
        self.seen.extend(self.lines.try_iter());
        self.seen.join("\n")
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A visitor with a cookie jar, which like a browser's does not tell the ports of one host apart.
#[derive(Default)]
pub struct Visitor {
    pub jar: BTreeMap<String, String>,
}

/// An answer, its body read.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Visitor {
    pub fn get(&mut self, server: &Server, path: &str) -> Answer {
        self.send(server, "GET", path, &[])
    }

    /// Sends a form whose fields are encoded already.
    pub fn post_form(&mut self, server: &Server, path: &str, fields: &str) -> Answer {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send_body(server, "POST", path, &headers, fields)
    }

    /// Sends a request and keeps the cookies of the answer. Redirects are not followed.
    pub fn send(
        &mut self,
        server: &Server,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.send_body(server, method, path, headers, "")
    }

    fn send_body(
        &mut self,
        server: &Server,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            server.address
        );
        if !self.jar.is_empty() {
            let pairs: Vec<_> = self
                .jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request += &format!("Cookie: {}\r\n", pairs.join("; "));
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let answer = Answer::parse(&response);
        for line in answer.header_lines("set-cookie") {
            self.keep(line);
        }
        answer
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    pub fn parse(response: &str) -> Self {
        let (head, text) = response.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        Self {
            status,
            headers,
            text: text.to_owned(),
        }
    }

    pub fn header_lines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn header(&self, name: &str) -> String {
        self.header_lines(name).collect::<Vec<_>>().join(" | ")
    }
}

/// One of the examples, built and ready to be started.
pub fn example(name: &str) -> Command {
    // Asking cargo takes longer than to start the example, so each test program asks once.
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.contains(name) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--example", name])
            .status()
            .unwrap();
        assert!(status.success(), "the example `{name}` does not build");
        built.insert(name.to_owned());
    }
    Command::new(example_path(name))
}

/// Examples are built beside the folder of the test programs.
fn example_path(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    profile
        .join("examples")
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION)
}
