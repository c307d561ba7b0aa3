//! Chromium by remote control: as much of WebDriver (W3C) as these tests need, spoken to chromedriver.
//!
//! It knows pages, clicks and cookies, and nothing of sessions. `SESSION_TEST_CHROMIUM` and `SESSION_TEST_CHROMEDRIVER` name the
//! two programs; `cargo xtask test` sets them.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio, id};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::wait::until;

/// WebDriver's key for a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What makes Chromium start in a container and speak to nobody but the test.
const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    // Root, as which a container runs it, has no sandbox.
    "--no-sandbox",
    "--disable-gpu",
    // A container's shared memory is too small for it.
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A folder that a browser keeps its cookies in. It is deleted when dropped.
pub struct Profile {
    folder: PathBuf,
}

impl Profile {
    /// A profile that nobody has used.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{}-{count}", id()));
        // One of a test that was killed, under a process id that is used again.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A running browser with one window. It is ended when dropped, in the way that lets it write its cookies down.
pub struct Browser {
    driver: Driver,
    /// The address of its WebDriver session.
    session: String,
    profile: Option<Profile>,
}

impl Browser {
    /// Starts a browser that nobody has used.
    pub fn start() -> Self {
        Self::start_with(Profile::new())
    }

    /// Starts a browser with what an earlier one has left.
    pub fn start_with(profile: Profile) -> Self {
        let driver = Driver::start();
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.folder.display()));
        let chromium = program("SESSION_TEST_CHROMIUM").into_string().unwrap();
        let options = json!({ "binary": chromium, "args": arguments });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options });
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } });
        let started = driver.call("POST", "/session", &wanted);
        let id = started["sessionId"].as_str().unwrap();
        Self {
            session: format!("/session/{id}"),
            driver,
            profile: Some(profile),
        }
    }

    /// Ends the browser and starts it again.
    pub fn restart(mut self) -> Self {
        let profile = self.profile.take().unwrap();
        drop(self);
        Self::start_with(profile)
    }

    /// Goes to an address, as if it were typed, and waits for the page.
    pub fn go(&self, address: &str) {
        self.post("/url", &json!({ "url": address }));
    }

    /// Presses the back button, and waits for the page.
    pub fn back(&self) {
        self.post("/back", &json!({}));
    }

    /// Clicks on what a CSS selector finds.
    pub fn click(&self, selector: &str) {
        let found = json!({ "using": "css selector", "value": selector });
        let found = self.post("/element", &found);
        let element = found[ELEMENT].as_str().unwrap();
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        let address = self.get("/url");
        address.as_str().unwrap().to_owned()
    }

    /// What the page shows.
    pub fn text(&self) -> String {
        let text = self.run("return document.body.innerText");
        text.as_str().unwrap().trim().to_owned()
    }

    /// Waits until the page shows `text`: a click does not wait for the page that it leads to.
    #[track_caller]
    pub fn expect(&self, text: &str) {
        until(
            || self.text() == text,
            || format!("{} to show `{text}`, not `{}`", self.address(), self.text()),
        );
    }

    /// Runs the body of a JavaScript function in the page, and waits for its promise if it returns one.
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The cookies that the browser would send to the page's site, as WebDriver describes them; `HttpOnly` ones, too.
    pub fn cookies(&self) -> Vec<Value> {
        let cookies = self.get("/cookie");
        cookies.as_array().unwrap().clone()
    }

    fn get(&self, command: &str) -> Value {
        let path = format!("{}{command}", self.session);
        self.driver.call("GET", &path, &Value::Null)
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        let path = format!("{}{command}", self.session);
        self.driver.call("POST", &path, body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that has failed already must not fail anew while it cleans up.
        let _ = self.driver.send("DELETE", &self.session, &Value::Null);
    }
}

/// A running chromedriver.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new(program("SESSION_TEST_CHROMEDRIVER"))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut driver = Self { child, port: 0 };
        let mut said = Vec::new();
        while driver.port == 0 {
            let Some(Ok(line)) = lines.next() else {
                panic!("chromedriver did not start; it said:\n{}", said.join("\n"));
            };
            driver.port = port(&line).unwrap_or_default();
            said.push(line);
        }
        // What it says later is read, so that it never waits for a reader.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        driver
    }

    /// Sends a command and returns its value. An error of WebDriver is one of the test.
    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.send(method, path, body);
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let value = answer["value"].take();
        if let Some(error) = value["error"].as_str() {
            panic!("{method} {path} {body}: {error}: {}", value["message"]);
        }
        value
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(std::io::Error::other)?;
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads `ChromeDriver was started successfully on port 36553.`
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

fn program(variable: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| {
        panic!("{variable} must name a program; `cargo xtask test --only browser` sets it")
    })
}
