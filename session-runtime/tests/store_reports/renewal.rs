//! A new secret is a new secret, whatever else the handler does.

use axum::extract::Path;
use proptest::prelude::*;
use serde_json::{Value, json};
use session_runtime::flask;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::TestClient;

/// Something that a handler may do with the session.
type Step = fn(&Session) -> Result<()>;

/// All of them, a letter each.
const STEPS: [(char, Step); 6] = [
    ('r', Session::renew),
    ('s', |session| session.set("theme", "light")),
    ('p', |session| session.pop::<String>("theme").map(drop)),
    ('l', |session| session.set_permanent(true)),
    ('f', |session| flask::flash(session, "saved", "info")),
    ('c', Session::clear),
];

#[post("/mark")]
async fn mark(#[session(set)] marked: Slot<bool>) -> Result<()> {
    marked.set(true)
}

#[post("/apply/{steps}")]
async fn apply(session: Session, Path(steps): Path<String>) -> Result<()> {
    // A path has something in it, also where there is nothing to do.
    for letter in steps.trim_start_matches('-').chars() {
        let (_, step) = STEPS.iter().find(|(known, _)| *known == letter).unwrap();
        step(&session)?;
    }
    Ok(())
}

fn client() -> TestClient {
    let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
    TestClient::with_config(config, |sessions| {
        routes![apply, mark].with_sessions(sessions)
    })
}

fn cookie(client: &TestClient) -> Option<String> {
    client.cookies().get("__Host-session")
}

/// The session that is left, and whether its secret is another than before.
async fn after(steps: &str) -> (Value, bool) {
    let client = client();
    client
        .set_session(json!({ "theme": "dark", "count": 1 }))
        .await;
    let before = cookie(&client).unwrap();
    let answer = client.post(format!("/apply/-{steps}")).await;
    assert_eq!(answer.status(), 200, "{steps}: {}", answer.text());
    let is_new = cookie(&client).as_ref() != Some(&before);
    let left = client.session().await;
    let thief = client.another();
    thief.cookies().set("__Host-session", &before);
    if is_new {
        let late = thief.post("/mark").await;
        assert_eq!(
            late.status(),
            409,
            "{steps}: the secret before writes no more"
        );
    }
    (left, is_new)
}

async fn holds(steps: &str) {
    let (left, is_new) = after(steps).await;
    let (same, _) = after(&steps.replace('r', "")).await;
    assert_eq!(left, same, "{steps}: renewing loses and adds nothing");
    if steps.contains('r') {
        assert!(is_new, "{steps}: the secret is a new one");
    }
}

/// All orders of all of them.
fn orders(rest: &[char], steps: String, found: &mut Vec<String>) {
    if rest.is_empty() {
        found.push(steps.clone());
    }
    for (at, step) in rest.iter().enumerate() {
        let mut rest = rest.to_vec();
        rest.remove(at);
        orders(&rest, format!("{steps}{step}"), found);
    }
}

/// actix/actix-extras #244, poem-web/poem #196: setting a value after asking for a renewal cancelled the renewal.
#[tokio::test]
async fn nothing_that_a_handler_does_cancels_a_renewal_in_whatever_order() {
    let mut found = Vec::new();
    orders(&STEPS.map(|(step, _)| step), String::new(), &mut found);
    assert_eq!(found.len(), 720);
    for steps in found {
        holds(&steps).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nor_does_what_it_does_more_than_once(steps in "[rsplfc]{1,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(holds(&steps));
    }
}
