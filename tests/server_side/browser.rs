//! A browser that asks the processes of a site in turn.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::common::Answer;
use crate::site::Site;

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

    /// Sends so many requests, so many at a time, and returns their answers.
    pub fn send_many(
        &self,
        count: usize,
        at_a_time: usize,
        request: impl Fn(usize) -> (&'static str, String) + Sync,
    ) -> Vec<Answer> {
        let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..at_a_time {
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
