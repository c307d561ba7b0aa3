//! Messages that the next page takes.

use std::sync::Arc;

use axum::extract::State;
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::testing::{Stored, TestClient};
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

#[post("/save")]
async fn save(#[session(set)] notice: Slot<String>) -> Result<Redirect> {
    notice.set("saved".to_owned())?;
    Ok(Redirect::to(&url_for!(page)))
}

#[get("/page")]
async fn page(#[session(pop)] notice: Option<String>) -> String {
    notice.unwrap_or_default()
}

#[get("/poll")]
async fn poll(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

/// Looks at the session, and answers when it is told to.
#[get("/slow-poll")]
async fn slow_poll(State(polls): State<Polls>, #[session] user_id: Option<u64>) -> String {
    polls.begun.wait().await;
    let _may_end = polls.may_end.acquire().await.unwrap();
    format!("{user_id:?}")
}

#[derive(Clone)]
struct Polls {
    begun: Arc<Barrier>,
    may_end: Arc<Semaphore>,
}

/// treefrogframework/treefrog-framework #291, dereuromark/cakephp-flash #7: a background poll that came before the page ate
/// its message.
#[tokio::test]
async fn a_poll_before_the_page_leaves_the_message_to_the_page() {
    let polls = Polls {
        begun: Arc::new(Barrier::new(51)),
        may_end: Arc::new(Semaphore::new(0)),
    };
    let state = polls.clone();
    let client = TestClient::new(|sessions| {
        let routes = routes![save, page, poll, slow_poll];
        routes.with_sessions(sessions).with_state(state)
    });
    client.login(1).await;

    // Some began before the message was there, and end after the page has been redirected to.
    let slow = in_parallel(&client, "/slow-poll");
    polls.begun.wait().await;
    let saved = client.post("/save").await;
    assert_eq!(saved.location(), Some("/page"));
    let quick = in_parallel(&client, "/poll");
    polls.may_end.add_permits(1);
    for (status, stored) in slow
        .join_all()
        .await
        .into_iter()
        .chain(quick.join_all().await)
    {
        assert_eq!((status, stored), (200, Stored::Nothing));
    }

    assert_eq!(client.get("/page").await.text(), "saved");
    assert_eq!(client.get("/page").await.text(), "", "once");
    assert_eq!(client.session().await, json!({ "user_id": 1 }));
}

/// What 50 requests at the same time were answered, and what they stored.
fn in_parallel(client: &TestClient, path: &'static str) -> JoinSet<(u16, Stored)> {
    (0..50)
        .map(|_| {
            let client = client.clone();
            async move {
                let answer = client.get(path).await;
                (answer.status().as_u16(), answer.stored().clone())
            }
        })
        .collect()
}
