//! Requests for one session at the same time: values, updates, locks, and what is taken.

use crate::app::{App, app, together};
use crate::site::{in_cookie, stored};

#[tokio::test]
async fn parallel_writes_of_different_keys_are_all_kept() {
    let App { client, .. } = app(stored());
    client.get("/login/1").await;
    let writes = (0..200).map(|n| client.put(format!("/key/k{n}/{n}")));
    for response in together(writes).await {
        assert_eq!(response.status(), 200);
    }
    let keys = client.get("/keys").await;
    assert_eq!(keys.text().split(' ').count(), 201);
}

#[tokio::test]
async fn parallel_updates_are_all_counted() {
    let App { client, .. } = app(stored());
    client.get("/login/1").await;
    let mut answers: Vec<u32> = together((0..100).map(|_| client.post("/visit")))
        .await
        .iter()
        .map(|response| response.text().parse().unwrap())
        .collect();
    answers.sort_unstable();
    assert_eq!(answers, (1..=100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_locked_route_has_the_session_for_itself() {
    let App { client, .. } = app(stored());
    client.get("/login/1").await;
    for response in together((0..50).map(|_| client.post("/locked/2"))).await {
        assert_eq!(response.status(), 200);
    }
    assert_eq!(client.post("/locked/0").await.text(), "100");
}

#[tokio::test]
#[should_panic = "a session in a cookie cannot be locked"]
async fn a_cookie_session_cannot_be_locked() {
    let _ = app(in_cookie());
}

#[tokio::test]
async fn of_parallel_takes_one_gets_the_message() {
    for path in ["/flash", "/take"] {
        let App { client, .. } = app(stored());
        client.get("/login/1").await;
        client.put("/key/notice/saved").await;
        let polls = (0..50).map(|_| client.get("/whoami"));
        together(polls).await;
        let takes = together((0..50).map(|_| client.get(path))).await;
        let got = takes.iter().filter(|take| take.text() == "saved").count();
        assert_eq!(got, 1, "{path}");
        assert!(takes.iter().all(|take| take.status() == 200));
        assert_eq!(client.get("/keys").await.text(), "user_id");
    }
}

#[tokio::test]
async fn a_head_request_and_a_page_fetched_ahead_take_nothing() {
    let App { client, .. } = app(stored());
    client.get("/login/1").await;
    client.put("/key/notice/saved").await;
    for path in ["/flash", "/take"] {
        client.head(path).await;
        let ahead = client.get(path).header("sec-purpose", "prefetch").await;
        assert_eq!(ahead.status(), 503, "{path}");
    }
    assert_eq!(client.get("/flash").await.text(), "saved");
}
