//! The application that these tests ask: the shared routes, and those that are about requests at the same time.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use session_runtime::StoredSessions;
use session_runtime::prelude::*;
use session_runtime::testing::{TestClient, TestResponse};
use tokio::sync::Notify;

use crate::site::{keys, login, login_permanently, logout, renew, set, sign_out, whoami};

#[post("/visit")]
pub(crate) async fn visit(#[session(default)] visits: &mut u32) -> String {
    // Long enough for another request to come in between, if it could.
    tokio::task::yield_now().await;
    *visits += 1;
    visits.to_string()
}

#[get("/flash")]
async fn flash(#[session(pop)] notice: Option<String>) -> String {
    notice.unwrap_or_default()
}

#[get("/take")]
async fn take(session: Session) -> Result<String> {
    Ok(session.take("notice").await?.unwrap_or_default())
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "ok"
}

#[post("/locked/{value}")]
#[session(lock)]
async fn locked(session: Session, Path(value): Path<u32>) -> Result<String> {
    let before: u32 = session.get("sum")?.unwrap_or(0);
    tokio::task::yield_now().await;
    session.set("sum", before + value)?;
    Ok((before + value).to_string())
}

#[derive(Clone)]
struct User(u64);

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.0
    }
}

#[post("/log-in/{user}")]
async fn log_in(session: Session, Path(user): Path<u64>) -> Result<()> {
    session.login(&User(user))
}

/// Opens the session, says so, and waits until it may go on.
#[post("/slow/{name}")]
async fn slow(
    session: Session,
    Path(name): Path<String>,
    axum::extract::State(pause): axum::extract::State<Arc<Pause>>,
) -> Result<String> {
    let before: Option<u64> = session.get("user_id")?;
    pause.opened.notify_one();
    pause.go_on.notified().await;
    if name != "nothing" {
        session.set(name, 1)?;
    }
    Ok(format!("{before:?}"))
}

/// The same for a login.
#[post("/slow-log-in/{user}")]
async fn slow_log_in(
    session: Session,
    Path(user): Path<u64>,
    axum::extract::State(pause): axum::extract::State<Arc<Pause>>,
) -> Result<()> {
    pause.opened.notify_one();
    pause.go_on.notified().await;
    session.login(&User(user))
}

#[derive(Default)]
pub(crate) struct Pause {
    pub(crate) opened: Notify,
    pub(crate) go_on: Notify,
}

/// A visitor of it, and what a test needs beside.
pub(crate) struct App {
    pub(crate) client: TestClient,
    pub(crate) pause: Arc<Pause>,
    pub(crate) stored: StoredSessions,
}

pub(crate) fn app(config: SessionConfig) -> App {
    let pause = Arc::new(Pause::default());
    let mut stored = None;
    let client = TestClient::with_config(config, |sessions| -> Router {
        stored = sessions.stored_sessions();
        routes![
            login,
            login_permanently,
            log_in,
            whoami,
            logout,
            sign_out,
            renew,
            set,
            keys,
            visit,
            flash,
            take,
            untouched,
            locked,
            slow,
            slow_log_in
        ]
        .with_sessions(sessions)
        .with_state(pause.clone())
    });
    let stored = stored.expect("there is a store");
    App {
        client,
        pause,
        stored,
    }
}

/// What all of these answer, at one time.
pub(crate) async fn together(
    requests: impl IntoIterator<Item = session_runtime::testing::TestRequest>,
) -> Vec<TestResponse> {
    let running: Vec<_> = requests
        .into_iter()
        .map(|request| tokio::spawn(request.into_future()))
        .collect();
    let mut responses = Vec::new();
    for request in running {
        responses.push(request.await.unwrap());
    }
    responses
}
