//! Changes that get lost, and readers that undo them.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::testing::{Stored, TestClient};

#[derive(Serialize, Deserialize)]
struct Item {
    name: String,
    qty: u32,
}

#[post("/cart/{name}")]
async fn add(
    axum::extract::Path(name): axum::extract::Path<String>,
    #[session(default)] cart: &mut Vec<Item>,
) {
    match cart.first_mut() {
        Some(first) if first.name == name => first.qty += 1,
        _ => cart.push(Item { name, qty: 1 }),
    }
}

#[get("/cart")]
async fn cart(#[session(default)] cart: &mut Vec<Item>) -> String {
    cart.len().to_string()
}

/// pallets/flask #1983 and #3682, Kludex/starlette pull request 3474.
#[tokio::test]
async fn a_list_or_struct_that_is_changed_in_place_is_saved_and_one_that_is_only_borrowed_is_not_sent()
 {
    let client = TestClient::new(|sessions| routes![add, cart].with_sessions(sessions));
    client.post("/cart/tea").await;
    client.post("/cart/tea").await;
    client.post("/cart/milk").await;
    let kept = json!([{"name": "tea", "qty": 2}, {"name": "milk", "qty": 1}]);
    assert_eq!(client.session().await["cart"], kept);
    let looked = client.get("/cart").await;
    assert_eq!(
        (looked.text().as_str(), looked.stored()),
        ("2", &Stored::Nothing)
    );
    assert!(looked.set_cookie().is_empty());
}

/// A body that does something when it is first asked for a chunk.
struct Late<F>(Option<F>);

impl<F: FnOnce() -> String + Unpin> Stream for Late<F> {
    type Item = std::result::Result<String, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(|chunk| Ok(chunk())))
    }
}

#[get("/late")]
async fn late(session: Session) -> Body {
    Body::from_stream(Late(Some(move || {
        let set = session.set("late", 1).unwrap_err();
        let popped = session.pop::<String>("flash").unwrap_err();
        format!("{set}; {popped}")
    })))
}

/// alexedwards/scs #215.
#[tokio::test]
async fn a_change_after_the_body_has_begun_is_an_error_and_the_next_request_sees_the_old_values() {
    let client = TestClient::new(|sessions| routes![late].with_sessions(sessions));
    client.set_session(json!({"flash": "saved"})).await;
    let text = client.get("/late").await.text();
    let sentence = "`GET /late` changed the session after the response had begun";
    assert_eq!(text.matches(sentence).count(), 2, "{text}");
    assert_eq!(client.session().await, json!({"flash": "saved"}));
}

#[post("/save")]
async fn save(#[session(set)] flash: Slot<String>) -> Result<Redirect> {
    flash.set("saved".to_owned())?;
    Ok(Redirect::to("/page"))
}

#[get("/poll")]
async fn poll(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[get("/page")]
async fn page(#[session(pop)] flash: Option<String>) -> String {
    flash.unwrap_or_default()
}

/// treefrogframework/treefrog-framework #291, dereuromark/cakephp-flash #7.
#[tokio::test]
async fn fifty_polls_before_the_redirected_page_do_not_eat_its_message() {
    let client = TestClient::new(|sessions| routes![save, poll, page].with_sessions(sessions));
    client.post("/save").await;
    let polls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.get("/poll").send()))
        .collect();
    for poll in polls {
        assert_eq!(poll.await.unwrap().stored(), &Stored::Nothing);
    }
    assert_eq!(client.get("/page").await.text(), "saved");
    assert_eq!(client.get("/page").await.text(), "");
}
