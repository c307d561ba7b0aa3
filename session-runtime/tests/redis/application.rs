//! An application whose sessions are in Redis.

use axum::Router;
use axum::body::Body;
use http::header::{COOKIE, SET_COOKIE};
use http::{Method, Request, StatusCode};
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::RedisStore;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::server::Server;

#[post("/login")]
async fn login(session: Session) -> Result<()> {
    session.set("user_id", 12345)
}

#[get("/whoami")]
async fn whoami(#[session] user_id: Option<u64>) -> String {
    user_id.map_or_else(|| "nobody".to_owned(), |id| id.to_string())
}

#[post("/visit")]
async fn visit(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[tokio::test]
async fn requests_after_a_silence_are_answered_from_the_session() {
    let server = Server::start_with(&["--timeout", "1"]);
    let application = application(&server);
    let cookie = logged_in(&application).await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    all_are_answered(&application, &cookie).await;
}

#[tokio::test]
async fn requests_after_all_connections_were_killed_are_answered_from_the_session() {
    let server = Server::start();
    let application = application(&server);
    let cookie = logged_in(&application).await;
    for _ in 0..5 {
        server.ask("CLIENT KILL TYPE normal");
        all_are_answered(&application, &cookie).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_updates_in_two_processes_are_all_counted() {
    let server = Server::start();
    let processes = [application(&server), application(&server)];
    let cookie = logged_in(&processes[0]).await;
    let mut requests = JoinSet::new();
    for number in 0..100 {
        let (application, cookie) = (processes[number % 2].clone(), cookie.clone());
        requests.spawn(async move { send(&application, Method::POST, "/visit", &cookie).await });
    }
    while let Some(answer) = requests.join_next().await {
        assert_eq!(answer.unwrap().0, StatusCode::OK);
    }
    let (_, visits, _) = send(&processes[1], Method::POST, "/visit", &cookie).await;
    assert_eq!(visits, "101");
}

#[tokio::test]
async fn a_dump_of_the_server_holds_nothing_that_logs_in() {
    let server = Server::start();
    let application = application(&server);
    let cookie = logged_in(&application).await;
    let (_, name, _) = send(&application, Method::GET, "/whoami", &cookie).await;
    assert_eq!(name, "12345");
    let (id, secret) = cookie.split_once('=').unwrap().1.split_once('.').unwrap();
    assert_eq!(secret.len(), 43);
    let raw = base64_decoded(secret);
    let dump = server.dump();
    assert!(holds(&dump, id.as_bytes()), "the session itself is there");
    assert!(holds(&dump, b"12345"));
    assert!(!holds(&dump, secret.as_bytes()));
    assert!(!holds(&dump, &raw));
}

async fn all_are_answered(application: &Router, cookie: &str) {
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (application, cookie) = (application.clone(), cookie.to_owned());
        requests.spawn(async move { send(&application, Method::GET, "/whoami", &cookie).await });
    }
    while let Some(answer) = requests.join_next().await {
        let (status, text, _) = answer.unwrap();
        assert_eq!((status, text.as_str()), (StatusCode::OK, "12345"));
    }
}

fn application(server: &Server) -> Router {
    let store = RedisStore::new(&server.url()).unwrap();
    let config = SessionConfig::new(SecretKey::generate()).store(store);
    routes![login, whoami, visit].with_sessions(SessionLayer::new(config))
}

async fn logged_in(application: &Router) -> String {
    let (status, _, cookie) = send(application, Method::POST, "/login", "").await;
    assert_eq!(status, StatusCode::OK);
    cookie
}

/// The status, the text, and the cookie that was set.
async fn send(
    application: &Router,
    method: Method,
    path: &str,
    cookie: &str,
) -> (StatusCode, String, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(COOKIE, cookie)
        .body(Body::empty())
        .unwrap();
    let response = application.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let set = response.headers().get(SET_COOKIE);
    let set = set.map_or("", |line| line.to_str().unwrap().split(';').next().unwrap());
    let set = set.to_owned();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    (
        status,
        String::from_utf8(body.unwrap().to_vec()).unwrap(),
        set,
    )
}

fn holds(dump: &[u8], text: &[u8]) -> bool {
    dump.windows(text.len()).any(|window| window == text)
}

/// URL-safe base64 without padding.
fn base64_decoded(text: &str) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut length, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let place = letters.iter().position(|one| *one == letter).unwrap();
        bits = bits << 6 | u32::try_from(place).unwrap();
        length += 6;
        if length >= 8 {
            length -= 8;
            bytes.push(u8::try_from(bits >> length & 0xff).unwrap());
        }
    }
    bytes
}
