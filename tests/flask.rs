//! Real Flask and we read each other's cookies. `SESSION_TEST_PYTHON` names a Python that has `tests/python/requirements.txt`.

mod common;
#[path = "flask/login.rs"]
mod login;
mod tagged;

use std::io::Write;
use std::process::{Command, Stdio};

use common::{Server, Visitor};
use serde_json::{Value, json};
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use session_runtime::{SessionConfig, SessionLayer, flask};

const KEY: &str = "192f1a6d5ee8d0c1b2a4f7e3956c80d1a7b3";

#[test]
fn flask_reads_what_we_set_and_we_read_what_flask_set_through_one_jar() {
    let rust = Server::example("beside_flask", &[("SECRET_KEY", KEY)]);
    let flask = flask(&[]);
    for (first, second) in [(&rust, &flask), (&flask, &rust)] {
        let mut visitor = Visitor::default();
        assert!([302, 303].contains(&visitor.get(first, "/login").status));
        assert_eq!(visitor.get(second, "/").text, "Logged in as user 12345");
        assert!([302, 303].contains(&visitor.get(second, "/logout").status));
        assert_eq!(visitor.get(first, "/").text, "Not logged in");
    }
}

#[test]
fn flask_sees_the_same_data_in_the_quickstarts_cookie_if_it_signs_with_the_same_digest() {
    let rust = Server::example("quickstart", &[("SECRET_KEY", KEY)]);
    let flask = flask(&["--digest", "sha256"]);
    let mut visitor = Visitor::default();
    visitor.get(&rust, "/login");
    let dumped: Value = serde_json::from_str(&visitor.get(&flask, "/dump").text).unwrap();
    assert_eq!(dumped, json!({"_permanent": true, "user_id": 12345}));

    assert_eq!(visitor.get(&flask, "/").text, "Logged in as user 12345");
    visitor.get(&flask, "/logout");
    assert_eq!(visitor.get(&rust, "/").text, "Not logged in");
    visitor.get(&flask, "/login");
    assert_eq!(visitor.get(&rust, "/").text, "Logged in as user 12345");
}

#[tokio::test]
async fn what_we_sign_flasks_own_interface_reads() {
    let (key, old) = ("6d1f0a2c9b8e47d35a60", "0b9f3ac47e1d5c2286f7");
    let mut asked = Vec::new();
    let mut expected = Vec::new();
    for digest in ["sha1", "sha256", "sha512"] {
        for key_derivation in ["hmac", "concat", "django-concat", "none"] {
            for salt in ["cookie-session", "another salt, ü"] {
                for data in sessions() {
                    let config = SessionConfig::flask(SecretKey::new(key).unwrap())
                        .fallbacks([SecretKey::new(old).unwrap()])
                        .salt(salt)
                        .digest(digest.parse().unwrap())
                        .key_derivation(key_derivation.parse().unwrap());
                    let app = |layer: SessionLayer| axum::Router::new().layer(layer);
                    let client = TestClient::with_config(config, app);
                    client.set_session(&data).await;
                    asked.push(json!({
                        "cookie": client.cookies().get("session"), "secret": key, "fallbacks": [],
                        "salt": salt, "digest": digest, "key_derivation": key_derivation,
                    }));
                    expected.push(json!({ "data": data }));
                }
            }
        }
    }
    let read = read_by_flask(&asked);
    assert_eq!(read.len(), expected.len());
    for ((read, expected), asked) in read.iter().zip(&expected).zip(&asked) {
        assert_eq!(read, expected, "{asked}");
    }
}

#[tokio::test]
async fn what_looks_like_a_tag_is_the_same_data_to_flask() {
    for data in [
        json!({" t": [1]}),
        json!({" di": {" t__": 1}}),
        json!({"a": [{" b": "x"}, {" t": {" u": null}}], "b": {" d": 1, "c": 2}}),
    ] {
        let client = flask_client(KEY);
        client.set_session(&data).await;
        let read = read_by_flask(&[asked(&client)]);
        assert_eq!(tagged::plain(&read[0]["data"]), data, "{read:?}");
        assert_eq!(client.session().await, data);
    }
}

#[tokio::test]
async fn flask_finds_values_that_json_does_not_have() {
    let client = flask_client(KEY);
    client
        .change_session(|session| {
            let noon = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
            flask::set(
                session,
                "tuple",
                flask::Value::tuple([1.into(), flask::Value::tuple([])]),
            )?;
            flask::set(session, "bytes", flask::Value::bytes([0xff, 0xfe]))?;
            flask::set(session, "markup", flask::Value::markup("<b>"))?;
            flask::set(session, "uuid", flask::Value::uuid([1; 16]))?;
            flask::set(session, "date", flask::Value::date(noon))?;
            flask::flash(session, "saved", "info")
        })
        .await;
    assert_eq!(
        read_by_flask(&[asked(&client)]),
        [json!({"data": {
            "tuple": {" t": [1, {" t": []}]}, "bytes": {" b": "//4="}, "markup": {" m": "<b>"},
            "uuid": {" u": "01".repeat(16)}, "date": {" d": "Tue, 14 Nov 2023 22:13:20 GMT"},
            "_flashes": [{" t": ["info", "saved"]}],
        }})]
    );
}

/// A visitor of an application in Flask's settings.
fn flask_client(key: &str) -> TestClient {
    let config = SessionConfig::flask(SecretKey::new(key).unwrap());
    TestClient::with_config(config, |layer: SessionLayer| {
        axum::Router::new().layer(layer)
    })
}

/// What the script is to read: the visitor's cookie, in Flask's own settings.
fn asked(client: &TestClient) -> Value {
    json!({
        "cookie": client.cookies().get("session"), "secret": KEY, "fallbacks": [],
        "salt": "cookie-session", "digest": "sha1", "key_derivation": "hmac",
    })
}

/// Sessions of every kind of value, small and so large that they are compressed.
fn sessions() -> Vec<Value> {
    let repeated = "a word said again and again, ".repeat(40);
    let mixed: Vec<_> = (0..40)
        .map(|number| json!({"number": number, "text": format!("{number:x}-ü")}))
        .collect();
    vec![
        json!({"user_id": 12345}),
        json!({"text": "字\u{2028}ä\"\\", "null": null, "yes": true, "no": false, "float": 1.5e300, "negative": -7}),
        json!({"empty": {}, "list": [], "nested": {"a": [1, [2, {"b": [3]}]], "c": {"d": {}}}}),
        json!({"repeated": repeated}),
        json!({"mixed": mixed}),
    ]
}

fn read_by_flask(asked: &[Value]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/read_cookies.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<_> = asked.iter().map(Value::to_string).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn flask(arguments: &[&str]) -> Server {
    let app = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/flask_app.py");
    Server::start(
        Command::new(python())
            .arg(app)
            .args(arguments)
            .env("SECRET_KEY", KEY)
            .env("PORT", "0"),
    )
}

fn python() -> String {
    std::env::var("SESSION_TEST_PYTHON")
        .expect("SESSION_TEST_PYTHON must name a Python that has tests/python/requirements.txt; `cargo xtask test` sets it")
}
