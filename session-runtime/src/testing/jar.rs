//! The cookies that one visitor's browser keeps (RFC 6265, section 5.3 and 5.4). Knows nothing of sessions: ours and
//! foreign cookies are alike.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;

use super::received::{CookieRefused, ReceivedCookie};

/// The cookies of one [`TestClient`](super::TestClient), to look at and to tamper with.
///
/// It behaves as a browser that visits one site over https: `Path`, `Max-Age` and `Expires` count, against the client's
/// clock; cookies that browsers refuse are not kept; every `Domain` is taken for the site's own. Clones are the same jar.
///
/// # Examples
///
/// ```
/// use axum::{Router, routing::get};
/// use session_runtime::testing::TestClient;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = TestClient::new(|_| Router::new().route("/", get(async || [("set-cookie", "theme=dark")])));
/// client.get("/").await;
/// assert_eq!(client.cookies().get("theme").as_deref(), Some("dark"));
///
/// client.cookies().set("theme", "light");
/// client.cookies().add("lang=en; Path=/shop")?;
/// assert_eq!(client.cookies().header("/"), "theme=light");
/// assert_eq!(client.cookies().header("/shop/tea"), "lang=en; theme=light");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct CookieJar {
    /// In the order in which they were first received.
    cookies: Arc<Mutex<Vec<ReceivedCookie>>>,
    clock: Clock,
}

impl CookieJar {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            cookies: Arc::default(),
            clock,
        }
    }

    /// The value of the cookie `name`; of the first, if there are several for different paths or domains.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.find(name, |cookie| cookie.value.clone())
    }

    /// When the cookie `name` expires, in unix seconds; `None` if there is none, or if it ends with the browser.
    #[must_use]
    pub fn expires(&self, name: &str) -> Option<u64> {
        self.find(name, |cookie| cookie.expires).flatten()
    }

    /// The names of all cookies, in the order in which they came.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.alive()
            .iter()
            .map(|cookie| cookie.name.clone())
            .collect()
    }

    /// What a request for `path` says in its `Cookie` header; empty if it has none.
    #[must_use]
    pub fn header(&self, path: &str) -> String {
        let cookies = self.alive();
        let mut sent: Vec<_> = cookies
            .iter()
            .filter(|cookie| cookie.matches(path))
            .collect();
        // Longer paths first; of equal ones, the older.
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        pairs(sent)
    }

    /// Gives the cookies called `name` this value, and leaves the rest of them as it is; if there are none, adds one for the
    /// whole site that ends with the browser. Nothing is checked: it is for tampering.
    pub fn set(&self, name: &str, value: &str) {
        let mut cookies = self.alive();
        let mut found = false;
        for cookie in cookies.iter_mut().filter(|cookie| cookie.name == name) {
            value.clone_into(&mut cookie.value);
            found = true;
        }
        if !found {
            cookies.push(ReceivedCookie {
                name: name.to_owned(),
                value: value.to_owned(),
                domain: None,
                path: "/".to_owned(),
                expires: None,
            });
        }
    }

    /// Takes a `Set-Cookie` line as if it had come with the response for `/`.
    ///
    /// # Errors
    ///
    /// [`CookieRefused`] if browsers would not keep it; the jar is then as it was.
    pub fn add(&self, set_cookie: &str) -> Result<(), CookieRefused> {
        self.receive(set_cookie, "/").map(|_| ())
    }

    /// Forgets the cookies called `name`.
    pub fn remove(&self, name: &str) {
        self.lock().retain(|cookie| cookie.name != name);
    }

    /// Forgets all cookies.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Takes a `Set-Cookie` line of the response to a request for `request_path`, and returns what it said.
    pub(super) fn receive(
        &self,
        line: &str,
        request_path: &str,
    ) -> Result<ReceivedCookie, CookieRefused> {
        let now = self.clock.now();
        let received = ReceivedCookie::parse(line, request_path, now)?;
        let mut cookies = self.lock();
        match cookies.iter_mut().find(|known| received.replaces(known)) {
            // It keeps its place: what counts is when the cookie was first made.
            Some(known) => *known = received.clone(),
            None => cookies.push(received.clone()),
        }
        cookies.retain(|cookie| !cookie.is_expired(now));
        Ok(received)
    }

    /// The cookies called `name`, for whatever path, as a `Cookie` header says them.
    pub(super) fn named(&self, name: &str) -> String {
        pairs(self.alive().iter().filter(|cookie| cookie.name == name))
    }

    /// Forgets the cookies that end with the browser.
    pub(super) fn end_with_browser(&self) {
        self.lock().retain(|cookie| cookie.expires.is_some());
    }

    fn find<T>(&self, name: &str, see: impl FnOnce(&ReceivedCookie) -> T) -> Option<T> {
        self.alive()
            .iter()
            .find(|cookie| cookie.name == name)
            .map(see)
    }

    /// The cookies that have not expired by now.
    fn alive(&self) -> MutexGuard<'_, Vec<ReceivedCookie>> {
        let now = self.clock.now();
        let mut cookies = self.lock();
        cookies.retain(|cookie| !cookie.is_expired(now));
        cookies
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ReceivedCookie>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CookieJar {
    /// Shows names only: a value may be a session.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CookieJar").field(&self.names()).finish()
    }
}

fn pairs<'a>(cookies: impl IntoIterator<Item = &'a ReceivedCookie>) -> String {
    let pairs: Vec<_> = cookies
        .into_iter()
        .map(|cookie| format!("{}={}", cookie.name, cookie.value))
        .collect();
    pairs.join("; ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn jar(lines: &[&str]) -> CookieJar {
        let jar = CookieJar::new(Clock::manual(1_700_000_000));
        for line in lines {
            jar.add(line).unwrap();
        }
        jar
    }

    #[test]
    fn longer_paths_come_first_and_then_older_cookies() {
        let jar = jar(&["a=1", "b=2; Path=/x", "c=3", "a=4"]);
        assert_eq!(jar.header("/x/y"), "b=2; a=4; c=3");
        assert_eq!(jar.header("/"), "a=4; c=3");
    }

    #[test]
    fn cookies_of_another_path_or_domain_are_others() {
        let jar = jar(&["a=1", "a=2; Domain=.Example.com", "a=3; Path=/x"]);
        assert_eq!(jar.header("/x"), "a=3; a=1; a=2");
        jar.add("a=; Domain=example.com; Max-Age=0").unwrap();
        assert_eq!(jar.named("a"), "a=1; a=3");
    }

    #[test]
    fn a_cookie_is_gone_when_its_time_is_over() {
        let jar = jar(&["a=1; Max-Age=60", "b=2"]);
        assert_eq!(jar.expires("a"), Some(1_700_000_060));
        jar.clock.advance(Duration::from_secs(59));
        assert_eq!(jar.header("/"), "a=1; b=2");
        jar.clock.advance(Duration::from_secs(1));
        assert_eq!(jar.names(), ["b"]);
    }

    #[test]
    fn what_ends_with_the_browser_ends_with_it() {
        let jar = jar(&["a=1; Max-Age=60", "b=2"]);
        jar.end_with_browser();
        assert_eq!(jar.names(), ["a"]);
    }

    #[test]
    fn a_tampered_cookie_keeps_its_path() {
        let jar = jar(&["a=1; Path=/x"]);
        jar.set("a", "2");
        assert_eq!(jar.header("/"), "");
        assert_eq!(jar.header("/x"), "a=2");
        jar.remove("a");
        jar.set("a", "3");
        assert_eq!(jar.header("/"), "a=3");
    }

    #[test]
    fn a_refused_cookie_changes_nothing() {
        let jar = jar(&["__Host-a=1; Path=/; Secure"]);
        assert!(jar.add("__Host-a=2; Path=/").is_err());
        assert_eq!(jar.get("__Host-a").as_deref(), Some("1"));
    }

    #[test]
    fn no_value_is_shown() {
        assert_eq!(format!("{:?}", jar(&["a=secret"])), r#"CookieJar(["a"])"#);
    }
}
