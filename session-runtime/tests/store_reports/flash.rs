//! Messages that are shown once, beside requests that are not for them.

use session_runtime::flask;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::{TestClient, TestRequest, TestResponse};

#[post("/save")]
async fn save(session: Session) -> Result<Redirect> {
    flask::flash(&session, "saved", "info")?;
    session.set("theme", "dark")?;
    Ok(Redirect::to(&url_for!(page)))
}

#[get("/page")]
async fn page(#[session(pop)] notice: Option<String>, session: Session) -> Result<String> {
    let messages = flask::flashes(&session)?;
    let messages = messages.into_iter().map(|(_, text)| text);
    Ok(messages.chain(notice).collect())
}

#[post("/notice")]
async fn notice(#[session(set)] notice: Slot<String>) -> Result<()> {
    notice.set("saved".to_owned())
}

#[get("/poll")]
async fn poll(#[session] theme: Option<String>) -> String {
    theme.unwrap_or_default()
}

fn client() -> TestClient {
    let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
    TestClient::with_config(config, |sessions| {
        routes![save, page, notice, poll].with_sessions(sessions)
    })
}

async fn fifty(request: impl Fn() -> TestRequest) -> Vec<TestResponse> {
    let running: Vec<_> = (0..50)
        .map(|_| tokio::spawn(request().into_future()))
        .collect();
    let mut answers = Vec::new();
    for request in running {
        answers.push(request.await.unwrap());
    }
    answers
}

/// treefrogframework/treefrog-framework #291, dereuromark/cakephp-flash #7: a poll that came before the page ate the message.
#[tokio::test]
async fn a_poll_before_the_page_leaves_the_message_to_the_page() {
    let client = client();
    assert_eq!(client.post("/save").await.location(), Some("/page"));
    for answer in fifty(|| client.get("/poll")).await {
        assert_eq!(
            (answer.text().as_str(), answer.set_cookie().len()),
            ("dark", 0)
        );
    }
    assert_eq!(client.get("/page").await.text(), "saved");
    assert_eq!(client.get("/page").await.text(), "");
}

#[tokio::test]
async fn of_fifty_parallel_pages_one_has_the_message() {
    let client = client();
    client.post("/save").await;
    client.get("/page").await;
    client.post("/notice").await;
    let answers = fifty(|| client.get("/page")).await;
    let with_message = answers.iter().filter(|answer| answer.text() == "saved");
    assert_eq!(with_message.count(), 1);
    assert!(answers.iter().all(|answer| answer.status() == 200));
}
