//! Logins in Flask-Login's setting, as `tests/data/flask/login.json` has recorded them, and what its users complained of.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get as serve;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use session_runtime::flask::{CsrfTokens, RememberSigner, SessionProtection};
use session_runtime::prelude::*;
use session_runtime::signing::{Digest, KeyDerivation, SecretKey, TokenSigner};
use session_runtime::testing::TestClient;

const SECRET: &str = "secret";
const NOW: u64 = 1_700_000_000;

#[derive(Clone)]
struct User(String);

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.0.clone()
    }
}

struct Users;

impl UserLoader for Users {
    type User = User;
    type Error = std::convert::Infallible;

    async fn load(&self, id: String) -> Result<Option<User>, Self::Error> {
        Ok((id != "gone").then_some(User(id)))
    }
}

/// Does what a recorded view did, and tells what it saw of the user.
async fn run(request: Request) -> Result<String, Response> {
    let (mut parts, _) = request.into_parts();
    let ops: Vec<Value> = match parts.headers.get("x-ops") {
        Some(ops) => serde_json::from_slice(ops.as_bytes()).unwrap(),
        None => Vec::new(),
    };
    let mut seen = json!({});
    for op in ops {
        let session = Session::from_request_parts(&mut parts, &()).await;
        let session = session.map_err(IntoResponse::into_response)?;
        let done = match op[0].as_str().unwrap() {
            "login_user" => {
                let id = match &op[1] {
                    Value::String(id) => id.clone(),
                    id => id.to_string(),
                };
                let remember = op[2]["remember"] == true;
                let login = session.login(&User(id));
                login.and_then(|()| if remember { session.remember() } else { Ok(()) })
            }
            "logout_user" => session.logout(),
            "confirm_login" => session.confirm_login(),
            "permanent" => session.set_permanent(true),
            "set" => session.set(op[1].as_str().unwrap(), &op[2]),
            "current_user" => {
                let user = Option::<CurrentUser<User>>::from_request_parts(&mut parts, &());
                let user = user.await.map_err(IntoResponse::into_response)?;
                seen = json!({
                    "authenticated": user.is_some(),
                    "user_id": user.map(|user| user.0.0),
                    "fresh": session.is_fresh(),
                });
                Ok(())
            }
            other => panic!("no operation {other}"),
        };
        done.map_err(IntoResponse::into_response)?;
    }
    Ok(seen.to_string())
}

#[get("/account")]
#[login_required(redirect = "/login")]
async fn account(user: CurrentUser<User>) -> String {
    user.0.0
}

#[get("/fresh")]
#[login_required(redirect = "/login", fresh)]
async fn fresh() {}

/// The peer's address, as a server would note it.
async fn peer(mut request: Request, next: Next) -> Response {
    let address = request.headers().get("x-test-peer");
    let address = address.and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(address) = address {
        let peer = ConnectInfo(SocketAddr::new(address, 4711));
        request.extensions_mut().insert(peer);
    }
    next.run(request).await
}

fn application(sessions: SessionLayer) -> Router {
    let guarded: Router = routes![account, fresh].with_sessions(sessions.clone().with_users(Users));
    Router::new()
        .route("/run", serve(run))
        .route("/login", serve(async || ()))
        .layer(sessions.with_users(Users))
        .merge(guarded)
        .layer(from_fn(peer))
}

fn config(secret: &str) -> SessionConfig {
    SessionConfig::flask(SecretKey::dangerous(secret))
}

fn strong(secret: &str) -> TestClient {
    let config = config(secret).flask_login(SessionProtection::Strong);
    TestClient::with_config(config.unwrap(), application)
}

/// Why a case is not replayed, if it is not.
fn skipped(name: &str) -> Option<&'static str> {
    let reasons = [
        ("duration", "a login has no duration of its own here"),
        ("fresh=False", "a login is fresh here"),
        (
            "inactive user",
            "whether a user may log in, the application judges",
        ),
        ("login_user(force)", "the same"),
        ("REMEMBER_COOKIE_", "the settings are the cookie's own here"),
        (
            "user that is gone",
            "nothing is written and the cookie is deleted here",
        ),
        ("fallback key", "it is accepted here"),
        (
            "beyond ASCII",
            "it is no 500 here; the tokens' own test has it",
        ),
        ("tampered", "the tokens' own test has it"),
        (
            "of nobody with a session",
            "nothing is written without need here",
        ),
        ("every response is Vary", "only what looks is, here"),
    ];
    if matches!(name, "confirm_login" | "confirm_login of nobody") {
        return Some("it begins with a login that is not fresh, or is an error here");
    }
    if name == "strong: User-Agent changes, then confirm_login" {
        return Some("confirming a login that has ended is an error here");
    }
    if name.contains("without any login") && !name.starts_with("off") {
        return Some("where nobody is logged in, nothing is protected here");
    }
    let found = reasons.iter().find(|(part, _)| name.contains(part));
    found.map(|(_, reason)| *reason)
}

/// Flask-Login's token is the HMAC-SHA512 of the id under the secret key, which is how the key of sessions is made of their salt
/// where they are signed with SHA-512, or how they are signed. Who may choose an id must not get either.
#[tokio::test]
async fn no_id_makes_a_key_or_a_signature_of_the_cookie_that_remembers() {
    let session = json!({ "_user_id": "admin" }).to_string();
    let signer = |key: &[u8]| {
        let builder = TokenSigner::builder(SecretKey::dangerous(key)).digest(Digest::Sha512);
        builder.key_derivation(KeyDerivation::None).build()
    };
    let by_another = signer(b"another").sign(session.as_bytes(), NOW);
    let (unsigned, _) = by_another.rsplit_once('.').unwrap();
    for (derivation, id) in [
        (KeyDerivation::Hmac, "cookie-session"),
        (KeyDerivation::None, unsigned),
    ] {
        let config = config(SECRET).digest(Digest::Sha512);
        let config = config.key_derivation(derivation);
        let config = config.flask_login(SessionProtection::Off).unwrap();
        let client = TestClient::with_config(config, application);
        client.clock().set(NOW);
        let ops = json!([["login_user", id, { "remember": true }]]).to_string();
        client.get("/run").header("x-ops", ops).await;
        if let Some(token) = client.cookies().get("remember_token") {
            let tag = unhex(token.rsplit_once('|').unwrap().1);
            let forged = match derivation {
                KeyDerivation::Hmac => signer(&tag).sign(session.as_bytes(), NOW),
                _ => format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(tag)),
            };
            client.cookies().set("session", &forged);
        }
        assert_eq!(client.get("/account").await.text(), id, "{derivation}");
        let ops = json!([["login_user", "ada", { "remember": true }]]).to_string();
        client.get("/run").header("x-ops", ops).await;
        assert!(client.cookies().get("remember_token").is_some());
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

#[tokio::test]
async fn logins_are_what_flask_login_makes_of_them() {
    let recorded: Value = serde_json::from_str(include_str!("data/flask/login.json")).unwrap();
    let mut replayed = 0;
    for part in ["operations", "protection"] {
        for case in recorded[part].as_array().unwrap() {
            let name = case["name"].as_str().unwrap();
            if skipped(name).is_none() {
                replay(name, case).await;
                replayed += 1;
            }
        }
    }
    assert!(replayed >= 25, "only {replayed} cases were replayed");
}

async fn replay(name: &str, case: &Value) {
    let protection = match &case["config"].get("SESSION_PROTECTION") {
        None => SessionProtection::default(),
        Some(Value::String(mode)) if mode == "basic" => SessionProtection::Basic,
        Some(Value::String(mode)) if mode == "strong" => SessionProtection::Strong,
        Some(_) => SessionProtection::Off,
    };
    let config = config(SECRET).flask_login(protection).unwrap();
    let serializer = config.serializer();
    let client = TestClient::with_config(config, application);
    client.clock().set(NOW);
    for (number, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let at = format!("{name}, step {number}");
        client.clock().set(step["now"].as_u64().unwrap());
        let request = &step["request"];
        let carries = |cookie: &str| {
            let carried = request["cookies"].as_array().unwrap();
            carried.iter().any(|carried| carried == cookie)
        };
        for cookie in client.cookies().names() {
            if !carries(&cookie) {
                client.cookies().remove(&cookie);
            }
        }
        if carries("remember_token") && client.cookies().get("remember_token").is_none() {
            let token = RememberSigner::new(&SecretKey::dangerous(SECRET), &[])
                .unwrap()
                .sign("5");
            client.cookies().set("remember_token", &token);
        }
        let ops = step["ops"].as_array().unwrap();
        if !ops.is_empty()
            && ops.iter().all(|op| op[0] == "set")
            && step["session_before"] == json!({})
        {
            // What an application sets by itself may be what sessions keep for themselves here.
            let cookie = serializer
                .encode(&step["session_after"].to_string(), NOW)
                .unwrap();
            client.cookies().set("session", &cookie);
            continue;
        }
        let mut sent = client
            .get(request["path"].as_str().unwrap())
            .header("x-ops", step["ops"].to_string());
        if let Some(agent) = request["user_agent"].as_str() {
            sent = sent.header("user-agent", agent);
        }
        if let Some(peer) = request["remote_addr"].as_str() {
            sent = sent.header("x-test-peer", peer);
        }
        let response = sent
            .header("accept", "text/html")
            .header("sec-fetch-mode", "navigate")
            .await;
        if step["status"] == 200 {
            assert_eq!(response.status(), 200, "{at}");
        }
        if let Some(authenticated) = step["in_handler"].get("authenticated") {
            let seen: Value = response.json().unwrap();
            let expected = json!({
                "authenticated": authenticated,
                "user_id": step["in_handler"]["user_id"],
                "fresh": step["in_handler"]["fresh"],
            });
            assert_eq!(seen, expected, "{at}");
        }
        let after: Value = match client.cookies().get("session") {
            None => json!({}),
            Some(cookie) => {
                serde_json::from_str(serializer.decode(&cookie).unwrap().json()).unwrap()
            }
        };
        let mut expected = step["session_after"].clone();
        // The login page here flashes nothing by itself.
        expected.as_object_mut().unwrap().remove("_flashes");
        // A login that is restored notes its browser here.
        if carries("remember_token") && expected["_fresh"] == false && expected.get("_id").is_none()
        {
            expected["_id"] = after["_id"].clone();
            assert!(after["_id"].is_string(), "{at}");
        }
        assert_eq!(after, expected, "{at}");
        let lines = response.set_cookie();
        let line = lines
            .iter()
            .find(|line| line.starts_with("remember_token="));
        match step["remember_cookie"]["action"].as_str().unwrap() {
            "set" => {
                let sorted = |line: &str| {
                    let mut parts: Vec<_> = line.split("; ").map(str::to_owned).collect();
                    parts.sort();
                    parts
                };
                let expected = step["remember_cookie"]["literal"].as_str().unwrap();
                assert_eq!(sorted(line.expect(&at)), sorted(expected), "{at}");
            }
            // Flask-Login says so where there is no such cookie, too.
            "deleted" => {
                let had = carries("remember_token");
                assert_eq!(
                    line.is_some_and(|line| line.contains("Max-Age=0")),
                    had,
                    "{at}"
                );
            }
            _ => assert_eq!(line, None, "{at}"),
        }
    }
}

/// One GET of the account from this browser: whether it is logged in, and whether freshly.
async fn visit(client: &TestClient, agent: &str) -> (u16, u16) {
    let get = |path: &'static str| {
        client
            .get(path)
            .header("user-agent", agent)
            .header("x-test-peer", "127.0.0.1")
    };
    let account = get("/account").await.status().as_u16();
    (account, get("/fresh").await.status().as_u16())
}

#[tokio::test]
async fn report_11_a_remembered_login_outlives_strong_protection_and_ends_in_another_browser() {
    let client = strong(SECRET);
    let token = RememberSigner::new(&SecretKey::dangerous(SECRET), &[])
        .unwrap()
        .sign("5");
    client.cookies().set("remember_token", &token);
    for _ in 0..3 {
        assert_eq!(
            visit(&client, "A").await,
            (200, 401),
            "logged in, not fresh"
        );
        assert_eq!(
            client.cookies().get("remember_token").as_ref(),
            Some(&token)
        );
    }
    assert_eq!(visit(&client, "B").await, (401, 401));
    assert!(client.cookies().names().is_empty(), "nothing is remembered");
}

#[tokio::test]
async fn a_login_that_flask_login_has_restored_is_completed_and_not_ended() {
    let serializer = config(SECRET).serializer();
    let signer = RememberSigner::new(&SecretKey::dangerous(SECRET), &[]).unwrap();
    // In JSON, and in a cookie, Python escapes what is not ASCII.
    for (id, in_json, in_cookie) in [("5", "5", "5"), ("José", r"Jos\u00e9", r"Jos\303\251")] {
        let client = strong(SECRET);
        let left_by_flask = format!(r#"{{"_fresh":false,"_user_id":"{in_json}"}}"#);
        let cookie = serializer
            .encode(&left_by_flask, client.clock().now())
            .unwrap();
        client.cookies().set("session", &cookie);
        // Without the remember cookie it is a session that nobody knows the browser of.
        let other = strong(SECRET);
        other.cookies().set("session", &cookie);
        assert_eq!(visit(&other, "A").await, (401, 401));

        let token = signer.sign(id).replacen(id, in_cookie, 1);
        client
            .cookies()
            .set("remember_token", &format!("\"{token}\""));
        assert_eq!(visit(&client, "A").await, (200, 401), "{id}");
        assert!(client.session().await["_id"].is_string());
    }
}

#[tokio::test]
async fn report_09_the_remember_cookie_and_the_csrf_token_are_signed_with_the_current_key() {
    let key = |name: &str| SecretKey::dangerous(name);
    let config = SessionConfig::flask(key("K2"))
        .fallbacks([key("K0"), key("K1")])
        .flask_login(SessionProtection::Basic);
    let client = TestClient::with_config(config.unwrap(), application);
    let ops = json!([["login_user", "5", {"remember": true}]]).to_string();
    client.get("/run").header("x-ops", &ops).await;
    let token = client.cookies().get("remember_token").unwrap();
    let alone = |name: &str| RememberSigner::new(&key(name), &[]).unwrap();
    assert_eq!(alone("K2").verify(&token), Some("5"));
    for old in ["K0", "K1"] {
        assert_eq!(alone(old).verify(&token), None);
        client.cookies().clear();
        client
            .cookies()
            .set("remember_token", &alone(old).sign("5"));
        assert_eq!(client.get("/account").await.text(), "5", "{old}");
    }

    let session = session_runtime::testing::session();
    let tokens = CsrfTokens::new(key("K2"), [key("K0"), key("K1")]);
    let token = tokens.generate(&session).unwrap();
    let validated = |tokens: CsrfTokens| tokens.validate(&session, &token).unwrap().is_ok();
    assert!(validated(CsrfTokens::new(key("K2"), [])));
    assert!(!validated(CsrfTokens::new(key("K1"), [])));
    assert!(!validated(CsrfTokens::new(key("K0"), [])));
}

#[test]
fn a_key_that_flask_login_cannot_use_is_refused() {
    let error = config("ключ")
        .flask_login(SessionProtection::Basic)
        .unwrap_err();
    assert!(error.to_string().contains("beyond Latin-1"), "{error}");
}

#[tokio::test]
async fn the_remember_cookie_is_written_as_werkzeug_writes_it_and_read_back() {
    let recorded: Value = serde_json::from_str(include_str!("data/flask/login.json")).unwrap();
    let mut seen = 0;
    for row in recorded["remember_cookies"].as_array().unwrap() {
        let (Some(secret), Some(literal)) = (row["secret"].as_str(), row["set_cookie"].as_str())
        else {
            continue;
        };
        let id = row["id"].as_str().unwrap().to_owned();
        let user = User(id.clone());
        let login = async move |session: Session| -> Result<()> {
            session.login(&user)?;
            session.remember()
        };
        let config = config(secret)
            .flask_login(SessionProtection::Basic)
            .unwrap();
        let client = TestClient::with_config(config, |sessions| {
            let login = Router::new().route("/remember", serve(login));
            login.layer(sessions.clone()).merge(application(sessions))
        });
        client.clock().set(NOW);
        let response = client.get("/remember").await;
        let lines = response.set_cookie();
        let line = lines
            .iter()
            .find(|line| line.starts_with("remember_token="));
        let value = |line: &str| line.split("; ").next().unwrap().to_owned();
        let line = line.copied().map(value);
        assert_eq!(line, Some(value(literal)), "{id}");
        client.cookies().remove("session");
        assert_eq!(client.get("/account").await.text(), id);
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}
