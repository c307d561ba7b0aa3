//! Real Flask and we read each other's cookies. `SESSION_TEST_PYTHON` names a Python that has `tests/python/requirements.txt`.

mod common;

use std::process::Command;

use common::{Server, Visitor};

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
    let dumped: serde_json::Value =
        serde_json::from_str(&visitor.get(&flask, "/dump").text).unwrap();
    assert_eq!(
        dumped,
        serde_json::json!({"_permanent": true, "user_id": 12345})
    );

    assert_eq!(visitor.get(&flask, "/").text, "Logged in as user 12345");
    visitor.get(&flask, "/logout");
    assert_eq!(visitor.get(&rust, "/").text, "Not logged in");
    visitor.get(&flask, "/login");
    assert_eq!(visitor.get(&rust, "/").text, "Logged in as user 12345");
}

fn flask(arguments: &[&str]) -> Server {
    let python = std::env::var("SESSION_TEST_PYTHON")
        .expect("SESSION_TEST_PYTHON must name a Python that has tests/python/requirements.txt; `cargo xtask test` sets it");
    let app = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/flask_app.py");
    Server::start(
        Command::new(python)
            .arg(app)
            .args(arguments)
            .env("SECRET_KEY", KEY)
            .env("PORT", "0"),
    )
}
