//! Values, their names, users and labels come back byte for byte. A store that parses what it keeps changes some of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::subject::{Subject, must_be, names, owned, sessions_of};
use crate::store::{SessionStore, Taken};

/// JSON texts that databases refuse, or write otherwise than they were given them.
const TEXTS: [&str; 30] = [
    "null",
    "true",
    "0",
    "-0",
    "-0.0",
    "1.0",
    "1.50",
    "1e5",
    "1E+5",
    "1e400",
    "123456789012345678901234567890",
    "0.1000000000000000055511151231257827",
    "\"\"",
    "\" \"",
    r#""\u0000""#,
    r#""a\u0000b""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\ud83e\udd80""#,
    r#""\u00e9 \/ \b\f\n\r\t \" \\""#,
    "\"é e\u{301} ñ 日本語 🦀 \u{202e} \u{7f} \u{2028} \u{feff}\"",
    r#""'); DROP TABLE sessions; --""#,
    "\"$1 ? :a %s {} {{0}}\"",
    "[]",
    "{}",
    "[ 1 ,\t2,\r\n 3 ]",
    r#"{"b":1,"a":2,"b":3}"#,
    r#"{"a":null,"":{"a":[null,{}]}}"#,
    r#"{" t":[["message","hello"]]}"#,
    "{ \"a\" : 1 }",
];

/// Names that mean something elsewhere, are hard to tell apart, or are no words at all.
const NAMES: [&str; 26] = [
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "_permanent",
    "__proto__",
    "a.b",
    "a:b",
    "a,b",
    "{a}",
    "$.a",
    "a%",
    "a_",
    "a*",
    "a'b",
    "a\"b",
    "a\\b",
    "'); DROP TABLE sessions; --",
    "NULL",
    "é",
    "e\u{301}",
    "日本語🦀",
    "a\nb\r\t",
    "\u{feff}\u{202e}\u{7f}",
];

/// As they were created, as they were committed, and as they are taken.
pub async fn values_come_back_byte_for_byte<S: SessionStore>(store: S) {
    let values: Vec<_> = TEXTS
        .iter()
        .enumerate()
        .map(|(number, text)| (format!("v{number:02}"), text.to_string()))
        .collect();
    every_way(store, values, "the store gives a value back in other words").await;
}

/// None is another's, whatever a database thinks of letters' case, of spaces and of accents.
pub async fn names_come_back_byte_for_byte<S: SessionStore>(store: S) {
    let values: Vec<_> = NAMES
        .iter()
        .enumerate()
        .map(|(number, name)| (name.to_string(), number.to_string()))
        .collect();
    every_way(store, values, "the store confuses or alters values' names").await;
}

/// JSON can say it, so a session can hold it.
pub async fn a_name_may_hold_the_character_zero<S: SessionStore>(store: S) {
    let values = owned(&[("\0", "1"), ("a", "2"), ("a\0", "3"), ("a\0b", "4")]);
    every_way(
        store,
        values,
        "the store confuses or alters names with a zero in them",
    )
    .await;
}

/// Each of 64 KB, with a name of 1 KB. Cookies hold 4 KB; a store is where more goes.
pub async fn values_of_64_kilobytes_come_back<S: SessionStore>(store: S) {
    let long = |letter: &str| format!("\"{}\"", letter.repeat(64 * 1024 / letter.len()));
    let values = vec![
        ("a".repeat(1024), long("a")),
        ("b".to_owned(), long("日")),
        ("c".to_owned(), long(r"\u0000")),
        ("d".to_owned(), format!("[{}1]", "1,".repeat(32 * 1024))),
    ];
    every_way(store, values, "the store alters large values").await;
}

/// And nesting, however deep.
pub async fn five_hundred_values_come_back<S: SessionStore>(store: S) {
    let mut values: Vec<_> = (0..500)
        .map(|number| (format!("name-{number:03}"), format!("[{number}]")))
        .collect();
    values.push((
        "nested".to_owned(),
        ["[".repeat(500), "]".repeat(500)].concat(),
    ));
    every_way(store, values, "the store alters some of many values").await;
}

/// `null` is a value like any other; only who removes a value removes it.
pub async fn a_null_is_a_value<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("a", "1"), ("b", "null")]).await;
    subject.set(&[("a", "null")]).await;
    must_be(
        subject.loaded().await.values,
        owned(&[("a", "null"), ("b", "null")]),
        "the store takes a null for no value",
    );
}

/// What was in the object before is not in it any more.
pub async fn an_object_is_replaced_and_not_merged<S: SessionStore>(store: S) {
    let subject = Subject::create(store, &[("cart", r#"{"apples":1,"bag":{"a":1}}"#)]).await;
    let cart = r#"{"bag":{"b":null},"pears":2}"#;
    subject.set(&[("cart", cart)]).await;
    must_be(
        subject.value("cart").await.as_deref(),
        Some(cart),
        "the store merges an object with the one before",
    );
}

/// In the session and in the list of the user's sessions.
pub async fn users_and_labels_come_back_byte_for_byte<S: SessionStore>(store: S) {
    let store = Arc::new(store);
    for text in TEXTS {
        // Nobody else's.
        let unique = format!("[{},{text}]", super::subject::random_user());
        let subject = Subject::create_with(&store, |session| {
            session.user = Some(unique.clone());
            session.label = Some(text.to_owned());
        })
        .await;
        let record = subject.loaded().await.record;
        let right = (Some(unique.clone()), Some(text.to_owned()));
        must_be(
            (record.user.clone(), record.label.clone()),
            right,
            "the store alters a user or a label",
        );
        must_be(
            sessions_of(&*store, &unique, subject.now).await,
            vec![record],
            "the store lists a user's session otherwise than it opens it",
        );
    }
}

async fn every_way<S: SessionStore>(store: S, values: Vec<(String, String)>, fault: &str) {
    let store = Arc::new(store);
    let right: BTreeMap<_, _> = values.iter().cloned().collect();
    let all: Vec<_> = right.keys().map(String::as_str).collect();

    let created = Subject::create_with(&store, |session| session.values = values.clone()).await;
    differ(&created.values().await, &right, fault, "was created");

    let committed = Subject::create_with(&store, |_| ()).await;
    committed.apply(|commit| commit.set = values.clone()).await;
    differ(&committed.values().await, &right, fault, "was committed");
    let expected = values
        .iter()
        .map(|(name, value)| (name.clone(), Some(value.clone())));
    let expected: Vec<_> = expected.collect();
    committed.apply(|commit| commit.expected = expected).await;
    committed
        .apply(|commit| commit.remove = names(&all[..all.len() / 2]))
        .await;
    let left: BTreeMap<_, _> = right.clone().into_iter().skip(all.len() / 2).collect();
    differ(&committed.values().await, &left, fault, "was left");

    let Taken::Values(taken) = created.take(&all).await else {
        return must_be(false, true, "the store does not take from a living session");
    };
    differ(&taken.into_iter().collect(), &right, fault, "was taken");
    must_be(
        created.values().await,
        BTreeMap::new(),
        "the store leaves values in a session that were taken from it",
    );
}

/// Shows the first difference alone: hundreds of values tell nobody anything.
#[track_caller]
fn differ(
    found: &BTreeMap<String, String>,
    right: &BTreeMap<String, String>,
    fault: &str,
    what: &str,
) {
    for name in right.keys().chain(found.keys()) {
        let fault = format!("{fault}: of what {what}, under the name {name:?}");
        must_be(found.get(name), right.get(name), fault);
    }
}
