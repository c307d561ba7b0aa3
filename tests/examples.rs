//! The examples as somebody starts them who has set nothing up: what is missing is said in a sentence.

mod common;

use common::{Server, Visitor, example};

#[test]
fn beside_flask_without_a_key_says_that_it_takes_flasks() {
    let out = example("beside_flask")
        .env_remove("SECRET_KEY")
        .output()
        .unwrap();
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(!out.status.success());
    assert!(
        said.contains("SECRET_KEY") && said.contains("Flask"),
        "{said}"
    );
}

#[test]
fn every_example_that_makes_a_key_says_so() {
    for name in [
        "basket",
        "cookbook",
        "login",
        "one_handler",
        "quickstart",
        "server-side",
    ] {
        // So that the server-side example leaves no file behind.
        let store = [("SESSION_STORE", "memory")];
        let warning = Server::example(name, &store).wait_for("WARN");
        assert!(warning.contains("SECRET_KEY"), "{name}: {warning}");
    }
}

/// What a store keeps does not end with the process, whoever made the key.
#[test]
fn the_server_side_example_reads_its_sessions_again_without_a_key() {
    let folder = std::env::temp_dir().join(format!("examples-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let address = format!("sqlite:{}", folder.join("sessions.db").display());
    let variables = [("SESSION_STORE", &*address)];
    let mut visitor = Visitor::default();
    visitor.get(&Server::example("server-side", &variables), "/login/ada");
    let mut again = Server::example("server-side", &variables);
    assert_eq!(visitor.get(&again, "/whoami").text, "ada");
    let warning = again.wait_for("WARN");
    assert!(warning.contains("cookie"), "{warning}");
    drop(again);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A session in a cookie has room for little, and anybody may send much.
#[test]
fn a_long_text_of_a_stranger_s_is_no_error_of_ours() {
    let long = long();
    for (name, path, fields) in [
        ("basket", "/login", format!("user={long}&next=/")),
        ("basket", &*format!("/basket/{long}"), String::new()),
        ("cookbook", "/login", format!("name={long}&next=/")),
    ] {
        let server = Server::example(name, &[]);
        let answer = Visitor::default().post_form(&server, path, &fields);
        assert!(answer.status < 500, "{name}: {}", answer.text);
    }
}

#[test]
fn a_long_title_is_no_error_of_ours_either() {
    let server = Server::example("cookbook", &[]);
    let mut ada = Visitor::default();
    ada.post_form(&server, "/login", "name=ada&next=/");
    let fields = format!("title={}&ingredients=tea", long());
    for path in ["/recipes", "/recipes/1"] {
        let answer = ada.post_form(&server, path, &fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.text);
    }
}

/// Too long for a cookie, and not to be compressed.
fn long() -> String {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.alphanumeric())
        .take(6_000)
        .collect()
}
