//! What is in the sessions. Everybody stores the same keys and values, each in a text of their own.

use serde_json::{Value, json};

/// The visitor in both sessions, under `user_id`.
pub(crate) const USER: u64 = 12_345;

/// The visitor after a login.
pub(crate) const LOGGED_IN: u64 = 777;

/// The number in both sessions that a change counts up, under `visits`.
pub(crate) const VISITS: u64 = 41;

/// What a page says to who has no session.
pub(crate) const NOBODY: &str = "nobody";

/// About 50 bytes of JSON.
pub(crate) fn small() -> Vec<(&'static str, Value)> {
    vec![
        ("theme", json!("solarized")),
        ("user_id", json!(USER)),
        ("visits", json!(VISITS)),
    ]
}

/// About 2 KB of JSON: a basket, as shops have it.
pub(crate) fn big() -> Vec<(&'static str, Value)> {
    const TITLES: [&str; 14] = [
        "Walnut cutting board",
        "Cast iron skillet, 26 cm",
        "Linen tea towel",
        "Pepper mill with ceramic burr",
        "Copper measuring cups",
        "Bread knife",
        "Enamel stock pot, 8 l",
        "Olive oil, first pressing",
        "Silicone spatula",
        "Mortar and pestle in granite",
        "Kitchen scale up to 5 kg",
        "Salad spinner",
        "Rolling pin of beech",
        "Glass storage jars, six",
    ];
    // Numbers of articles do not repeat, unlike the names of their fields.
    let mut random = fastrand::Rng::with_seed(7);
    let cart: Vec<Value> = TITLES
        .iter()
        .map(|title| {
            json!({
                "article": format!("{:012x}", random.u64(..1 << 48)),
                "title": title,
                "price": random.u32(199..9_999),
                "count": random.u32(1..6),
                "added": 1_700_000_000 + random.u32(..10_000_000),
            })
        })
        .collect();
    let seen: Vec<String> = (0..28)
        .map(|_| format!("{:012x}", random.u64(..1 << 48)))
        .collect();
    vec![
        ("cart", json!(cart)),
        ("currency", json!("EUR")),
        ("email", json!("ada.lovelace@example.org")),
        ("language", json!("en-GB")),
        ("name", json!("Ada Lovelace")),
        ("seen", json!(seen)),
        ("theme", json!("dark")),
        ("user_id", json!(USER)),
        ("visits", json!(VISITS)),
    ]
}

/// A session as one JSON object.
pub(crate) fn text(session: &[(&'static str, Value)]) -> String {
    let object: serde_json::Map<String, Value> = session
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_session_has_about_50_bytes_and_a_big_one_about_2_kb() {
        let (small, big) = (text(&small()).len(), text(&big()).len());
        assert!((45..=55).contains(&small), "{small}");
        assert!((1_900..=2_100).contains(&big), "{big}");
    }
}
