//! A router on a free port of loopback, served from the test's own process, and what it was asked.
//!
//! `127.0.0.1` and `localhost` lead to the same router and are two sites to a browser.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::middleware::{Next, from_fn};
use session_runtime::signing::SecretKey;
use session_runtime::{CookieSettings, SessionConfig, SessionLayer};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Serves a router until it is dropped.
pub struct Site {
    port: u16,
    seen: Arc<Mutex<Vec<Visit>>>,
    _runtime: Runtime,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Method and path.
    pub asked: String,
    /// The header `Sec-Purpose`, or nothing.
    pub purpose: String,
    pub carried_cookies: bool,
    pub status: u16,
    pub set_cookies: bool,
}

impl Site {
    pub fn serve(router: Router) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let seen: Arc<Mutex<Vec<Visit>>> = Arc::default();
        let notes = seen.clone();
        let router = router.layer(from_fn(move |request: Request, next: Next| {
            let notes = notes.clone();
            async move {
                let mut visit = Visit::of(&request);
                let response = next.run(request).await;
                visit.status = response.status().as_u16();
                visit.set_cookies = response.headers().contains_key(SET_COOKIE);
                notes.lock().unwrap().push(visit);
                response
            }
        }));
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async { axum::serve(listener, router).await });
        Self {
            port,
            seen,
            _runtime: runtime,
        }
    }

    /// The address of a path under the site `127.0.0.1`.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The address of a path under the site `localhost`.
    pub fn at_localhost(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// All requests for `asked`, a method and a path, in their order.
    pub fn visits(&self, asked: &str) -> Vec<Visit> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|visit| visit.asked == asked)
            .cloned()
            .collect()
    }
}

impl Visit {
    fn of(request: &Request) -> Self {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        Self {
            asked: format!("{} {}", request.method(), request.uri().path()),
            purpose: header("sec-purpose").unwrap_or_default().to_owned(),
            carried_cookies: header(COOKIE.as_str()).is_some(),
            status: 0,
            set_cookies: false,
        }
    }
}

/// Sessions that work over plain HTTP.
pub fn sessions() -> SessionLayer {
    sessions_with(CookieSettings::new().secure(false))
}

/// Sessions with this cookie.
pub fn sessions_with(cookie: CookieSettings) -> SessionLayer {
    let config = SessionConfig::new(SecretKey::generate());
    SessionLayer::new(config.cookie(cookie).unwrap())
}
