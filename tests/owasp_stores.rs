//! What is asked of sessions that the server keeps, as statements over HTTP. Each has its number of the same list in its name as
//! those of `owasp.rs`, which hold for every session.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::{TestClient, TestResponse};
use session_runtime::{AuthUser, StoredSessions};
use tokio::sync::Notify;

#[derive(Clone)]
struct User(String);

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.0.clone()
    }
}

#[derive(Clone)]
struct App {
    stored: StoredSessions,
    entered: Arc<Notify>,
    released: Arc<Notify>,
}

#[post("/login/{name}")]
async fn login(Path(name): Path<String>, session: Session) -> Result<()> {
    session.login(&User(name))
}

#[post("/renew")]
#[session(renew)]
async fn renew() {}

#[post("/logout")]
async fn logout(session: Session) -> Result<()> {
    session.logout()
}

#[get("/account")]
#[login_required]
async fn account(#[session] user_id: String) -> String {
    user_id
}

#[post("/note/{name}")]
async fn note(Path(name): Path<String>, session: Session) -> Result<()> {
    session.set(name, "noted")
}

/// Has begun before another request, and ends after it.
#[post("/slow/{name}")]
async fn slow_note(
    State(app): State<App>,
    Path(name): Path<String>,
    session: Session,
) -> Result<()> {
    app.entered.notify_one();
    app.released.notified().await;
    session.set(name, "noted")
}

#[get("/sessions")]
#[login_required]
async fn sessions(State(app): State<App>, #[session] user_id: String) -> Result<String> {
    let records = app.stored.of_user(&user_id).await?;
    Ok(format!("{records:?}"))
}

/// A visitor, and what the application knows of its sessions.
struct Site {
    visitor: TestClient,
    app: App,
}

fn site(config: SessionConfig) -> Site {
    let mut app = None;
    let visitor = TestClient::with_config(config, |layer| {
        let state = App {
            stored: layer.stored_sessions().unwrap(),
            entered: Arc::default(),
            released: Arc::default(),
        };
        app = Some(state.clone());
        routes![login, renew, logout, account, note, slow_note, sessions]
            .with_sessions(layer)
            .with_state(state)
    });
    let app = app.unwrap();
    Site { visitor, app }
}

fn config() -> SessionConfig {
    SessionConfig::new(SecretKey::generate()).store(MemoryStore::new())
}

/// The cookie's value as the browser has it.
fn token(client: &TestClient) -> String {
    client.cookies().get("__Host-session").unwrap()
}

/// A browser that has this cookie and nothing else.
fn browser_with(client: &TestClient, token: &str) -> TestClient {
    let other = client.another();
    other.cookies().set("__Host-session", token);
    other
}

async fn is_logged_in(client: &TestClient) -> bool {
    match client.get("/account").await.status() {
        StatusCode::OK => true,
        StatusCode::UNAUTHORIZED => false,
        other => panic!("/account answered {other}"),
    }
}

/// The id and the secret in a cookie's value.
fn parts(token: &str) -> (Vec<u8>, Vec<u8>) {
    let (id, secret) = token.split_once('.').unwrap();
    let bytes = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
    (bytes(id), bytes(secret))
}

#[tokio::test]
async fn owasp_04_ten_thousand_ids_of_128_bits_and_more_are_all_different() {
    let Site { visitor, .. } = site(config());
    let (mut ids, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..10_000 {
        let visitor = visitor.another();
        visitor.post("/note/a").await;
        let (id, secret) = parts(&token(&visitor));
        assert!(id.len() >= 16 && secret.len() >= 16, "{id:?}, {secret:?}");
        ids.insert(id);
        secrets.insert(secret);
    }
    assert_eq!((ids.len(), secrets.len()), (10_000, 10_000));
    // A bit that is never or always set is not random.
    for values in [ids, secrets] {
        let length = values.first().unwrap().len();
        for bit in 0..length * 8 {
            let is_set = |value: &&Vec<u8>| value[bit / 8] & (1 << (bit % 8)) != 0;
            let set = values.iter().filter(is_set).count();
            assert!(
                (4_000..6_000).contains(&set),
                "bit {bit} is set {set} times"
            );
        }
    }
}

#[tokio::test]
async fn owasp_05_the_cookie_tells_nothing_of_the_user() {
    let Site { visitor, .. } = site(config());
    visitor.post("/login/ada.lovelace").await;
    visitor.post("/note/diagnosis").await;
    let token = token(&visitor);
    let (id, secret) = parts(&token);
    let decoded = [token.into_bytes(), id, secret].concat();
    let readable = String::from_utf8_lossy(&decoded);
    for word in ["ada", "lovelace", "diagnosis", "noted", "user_id"] {
        assert!(!readable.contains(word), "{word} is in {readable}");
    }
}

#[tokio::test]
async fn owasp_06_an_id_that_the_server_did_not_issue_is_never_adopted() {
    let Site { visitor, .. } = site(config());
    visitor.post("/note/a").await;
    let issued = token(&visitor);
    let (id, secret) = issued.split_once('.').unwrap();
    let made_up = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(vec![7; bytes.len()]);
    let (other_id, other_secret) = (made_up(parts(&issued).0), made_up(parts(&issued).1));
    for sent in [
        format!("{other_id}.{secret}"),
        format!("{id}.{other_secret}"),
    ] {
        let attacker = browser_with(&visitor, &sent);
        attacker.post("/login/ada").await;
        let got = token(&attacker);
        assert_ne!(got, sent);
        assert_ne!(parts(&got).0, parts(&sent).0, "the id was adopted");
        assert!(!is_logged_in(&browser_with(&visitor, &sent)).await);
        assert!(is_logged_in(&attacker).await);
    }
}

#[tokio::test]
async fn owasp_12_after_a_logout_the_old_cookie_fails() {
    let Site { visitor, .. } = site(config());
    visitor.post("/login/ada").await;
    let old = token(&visitor);
    visitor.post("/logout").await;
    assert!(!is_logged_in(&visitor).await);
    assert!(!is_logged_in(&browser_with(&visitor, &old)).await);
}

#[tokio::test]
async fn owasp_19_after_a_renewal_the_old_cookie_works_for_reading_within_the_grace_and_then_fails()
{
    let Site { visitor, .. } = site(config());
    visitor.post("/login/ada").await;
    let old = token(&visitor);
    visitor.post("/renew").await;
    assert_ne!(token(&visitor), old);
    let slower = browser_with(&visitor, &old);
    let response = slower.get("/account").await;
    assert_eq!(
        (response.status().as_u16(), response.set_cookie()),
        (200, vec![])
    );
    let response = slower.post("/note/a").await;
    assert_eq!(
        (response.status().as_u16(), response.set_cookie()),
        (409, vec![])
    );
    visitor.clock().advance(Duration::from_secs(31));
    assert!(!is_logged_in(&slower).await);
    assert!(is_logged_in(&visitor).await);
}

#[tokio::test]
async fn owasp_21_log_out_everywhere_ends_all_sessions_at_once() {
    let Site { visitor, app } = site(config());
    let others = [visitor.another(), visitor.another()];
    for client in others.iter().chain([&visitor]) {
        client.post("/login/ada").await;
        assert!(is_logged_in(client).await);
    }
    assert_eq!(app.stored.end_all_of_user(&"ada").await.unwrap(), 3);
    for client in others.iter().chain([&visitor]) {
        assert!(!is_logged_in(client).await);
    }
}

#[tokio::test]
async fn owasp_22_the_list_of_a_users_sessions_lets_nobody_in() {
    let Site { visitor, .. } = site(config());
    visitor.post("/login/ada").await;
    let cookie = token(&visitor);
    let list = visitor.get("/sessions").await.text();
    let (id, secret) = cookie.split_once('.').unwrap();
    assert!(list.contains(id), "{list}");
    assert!(!list.contains(secret), "{list}");
    // Whatever in it looks like a secret is tried as one.
    let words = list
        .split(|character: char| !(character.is_ascii_alphanumeric() || "-_.".contains(character)));
    let mut tried = 0;
    for word in words.filter(|word| !word.is_empty()) {
        for guess in [
            word.to_owned(),
            format!("{id}.{word}"),
            format!("{word}.{id}"),
        ] {
            assert!(
                !is_logged_in(&browser_with(&visitor, &guess)).await,
                "{guess}"
            );
            tried += 1;
        }
    }
    assert!(tried > 20, "{list}");
}

#[tokio::test]
async fn owasp_23_ending_one_session_ends_that_one_alone() {
    let Site { visitor, app } = site(config());
    let (phone, stranger) = (visitor.another(), visitor.another());
    visitor.post("/login/ada").await;
    phone.post("/login/ada").await;
    stranger.post("/login/bob").await;
    let ids = app.stored.of_user(&"ada").await.unwrap();
    let phones = ids.iter().map(|record| record.id);
    let phones = phones.filter(|id| token(&phone).starts_with(&id.to_string()));
    for id in phones.collect::<Vec<_>>() {
        assert!(app.stored.end(id).await.unwrap());
    }
    assert!(!is_logged_in(&phone).await);
    assert!(is_logged_in(&visitor).await);
    assert!(is_logged_in(&stranger).await);
}

/// The file, and what has been written beside it and is not in it yet.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn owasp_28_no_text_in_a_dump_of_the_store_lets_anybody_in() {
    let folder = std::env::temp_dir().join(format!("owasp-28-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("sessions.db");
    let config = SessionConfig::new(SecretKey::generate())
        .store_at(&format!("sqlite:{}", file.display()))
        .unwrap();
    let Site { visitor, .. } = site(config);
    visitor.post("/login/ada").await;
    visitor.post("/renew").await;
    let (id, secret) = parts(&token(&visitor));
    let files = std::fs::read_dir(&folder).unwrap();
    let dump: Vec<u8> = files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let texts = |bytes: &[u8]| {
        [
            bytes.to_vec(),
            URL_SAFE_NO_PAD.encode(bytes).into_bytes(),
            bytes
                .iter()
                .flat_map(|byte| format!("{byte:02x}").into_bytes())
                .collect(),
        ]
    };
    let holds = |needle: &Vec<u8>| dump.windows(needle.len()).any(|window| window == needle);
    assert!(texts(&id).iter().any(holds), "the dump holds no session");
    assert!(
        !texts(&secret).iter().any(holds),
        "the secret is in the dump"
    );
    // Every run of bytes that is as long as a secret is tried as one.
    let own = URL_SAFE_NO_PAD.encode(&id);
    let rows = dump
        .windows(id.len())
        .enumerate()
        .filter(|(_, window)| *window == id);
    let mut tried = 0;
    for (at, _) in rows {
        for window in dump[at..(at + 300).min(dump.len())].windows(secret.len()) {
            let guess = format!("{own}.{}", URL_SAFE_NO_PAD.encode(window));
            assert!(!is_logged_in(&browser_with(&visitor, &guess)).await);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} tried");
    assert!(is_logged_in(&visitor).await);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn owasp_29_a_request_that_ends_after_the_logout_does_not_revive_the_session() {
    let Site { visitor, app } = site(config());
    visitor.post("/login/ada").await;
    let old = token(&visitor);
    let slow = tokio::spawn(browser_with(&visitor, &old).post("/slow/late").send());
    app.entered.notified().await;
    visitor.post("/logout").await;
    app.released.notify_one();
    let late: TestResponse = slow.await.unwrap();
    assert_eq!((late.status().as_u16(), late.set_cookie()), (409, vec![]));
    assert!(!is_logged_in(&browser_with(&visitor, &old)).await);
    assert!(!is_logged_in(&visitor).await);
}

#[tokio::test]
async fn owasp_30_parallel_writes_to_different_keys_both_persist() {
    let Site { visitor, app } = site(config());
    visitor.post("/note/first").await;
    let slow = tokio::spawn(visitor.post("/slow/second").send());
    app.entered.notified().await;
    assert_eq!(visitor.post("/note/third").await.status(), 200);
    app.released.notify_one();
    assert_eq!(slow.await.unwrap().status(), 200);
    assert_eq!(
        visitor.session().await,
        json!({ "first": "noted", "second": "noted", "third": "noted" })
    );
}

#[tokio::test]
async fn owasp_32_with_a_cap_one_login_more_ends_the_oldest_session() {
    let Site { visitor, .. } = site(config().sessions_per_user(NonZeroU32::new(2).unwrap()));
    let clients = [visitor.another(), visitor.another(), visitor.another()];
    for client in &clients {
        client.post("/login/ada").await;
        visitor.clock().advance(Duration::from_secs(1));
    }
    let mut alive = vec![];
    for client in &clients {
        alive.push(is_logged_in(client).await);
    }
    assert_eq!(alive, [false, true, true]);
}
