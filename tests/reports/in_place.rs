//! Values that a handler changes where they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::testing::{Stored, TestClient};

use crate::kept::either_way;

#[derive(Serialize, Deserialize)]
struct Item {
    name: String,
    qty: u32,
}

#[post("/add")]
async fn add(#[session(default)] cart: &mut Vec<Item>, name: String) -> String {
    cart.push(Item { name, qty: 1 });
    cart.len().to_string()
}

#[post("/more")]
async fn more(#[session(default)] cart: &mut Vec<Item>) {
    cart[0].qty += 1;
}

#[post("/count")]
async fn count(#[session(default)] seen: &mut BTreeMap<String, Vec<u32>>, page: String) {
    seen.entry(page).or_default().push(1);
}

#[post("/forget")]
async fn forget(#[session(key = "cart")] cart: &mut Option<Vec<Item>>) {
    if let Some(items) = cart {
        items.clear();
    }
}

#[post("/look")]
async fn look(
    #[session(default)] cart: &mut Vec<Item>,
    #[session(default)] seen: &mut BTreeMap<String, Vec<u32>>,
) -> String {
    // Changed and changed back is no change.
    cart.push(Item {
        name: String::new(),
        qty: 0,
    });
    cart.pop();
    format!("{} {}", cart.len(), seen.len())
}

fn clients() -> [(&'static str, TestClient); 2] {
    either_way().map(|(kept, config)| {
        let client = TestClient::with_config(config, |sessions| {
            routes![add, more, count, forget, look].with_sessions(sessions)
        });
        (kept, client)
    })
}

/// pallets/flask #1983 and #3682, Kludex/starlette #3474: a list or a map that was changed in place was not saved.
#[tokio::test]
async fn a_change_in_place_is_saved_however_deep_it_is() {
    for (kept, client) in clients() {
        assert_eq!(client.post("/add").body("tea").await.text(), "1");
        assert_eq!(client.post("/add").body("milk").await.text(), "2");
        client.post("/more").await;
        client.post("/count").body("home").await;
        client.post("/count").body("home").await;
        assert_eq!(
            client.session().await,
            json!({
                "cart": [{ "name": "tea", "qty": 2 }, { "name": "milk", "qty": 1 }],
                "seen": { "home": [1, 1] },
            }),
            "{kept}"
        );
        client.post("/forget").await;
        assert_eq!(client.session().await["cart"], json!([]), "{kept}");
    }
}

/// The same reports: what was borrowed to be changed and is as it was is not sent.
#[tokio::test]
async fn a_borrow_that_changes_nothing_sends_no_cookie() {
    for (kept, client) in clients() {
        for text in ["0 0", "1 0"] {
            let before = client.session().await;
            let answer = client.post("/look").await;
            assert_eq!(answer.text(), text, "{kept}");
            assert_eq!(*answer.stored(), Stored::Nothing, "{kept}");
            assert!(answer.set_cookie().is_empty(), "{kept}");
            assert_eq!(client.session().await, before, "{kept}");
            client.post("/add").body("tea").await;
        }
    }
}
