//! The quickstart as its reader meets it: started, over a socket.

mod common;

use common::{Server, Visitor};

#[test]
fn logging_in_greets_and_logging_out_forgets() {
    let server = Server::example("quickstart", &[]);
    let mut visitor = Visitor::default();
    assert_eq!(visitor.get(&server, "/").text, "Not logged in");

    let login = visitor.get(&server, "/login");
    assert_eq!(
        (login.status, login.header("location").as_str()),
        (303, "/")
    );
    assert_eq!(visitor.get(&server, "/").text, "Logged in as user 12345");

    let logout = visitor.get(&server, "/logout");
    assert_eq!(
        (logout.status, logout.header("location").as_str()),
        (303, "/")
    );
    assert!(visitor.jar.is_empty(), "the cookie is deleted");
    assert_eq!(visitor.get(&server, "/").text, "Not logged in");
}

#[test]
fn the_cookie_outlives_the_browser_by_an_hour_and_works_over_plain_http() {
    let server = Server::example("quickstart", &[]);
    let login = Visitor::default().get(&server, "/login");
    let cookie = login.header("set-cookie");
    let attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    assert!(cookie.starts_with("session="), "{cookie}");
    assert!(
        attributes.contains(&"HttpOnly") && attributes.contains(&"SameSite=Lax"),
        "{cookie}"
    );
    assert!(!attributes.contains(&"Secure"), "{cookie}");

    let date = |text: &str| httpdate::parse_http_date(text).unwrap();
    let expires = attributes
        .iter()
        .find_map(|attribute| attribute.strip_prefix("Expires="))
        .unwrap();
    let life = date(expires).duration_since(date(&login.header("date")));
    let life = life.unwrap().as_secs();
    assert!((3599..=3601).contains(&life), "{life} s");
}

#[test]
fn it_prints_its_address_and_why_sessions_end_with_it() {
    let mut server = Server::example("quickstart", &[]);
    let warning = server.wait_for("WARN");
    assert!(warning.contains("SECRET_KEY"), "{warning}");
}

#[test]
fn asked_for_its_routes_it_prints_the_table_that_the_readme_shows() {
    let (printed, _) = routes(&[]);
    assert!(printed.starts_with("METHOD"), "{printed}");
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert!(
        readme.contains(&printed),
        "copy this into README.md:\n{printed}"
    );
}

#[test]
fn asked_for_its_routes_as_json_it_prints_json_and_nothing_else() {
    let (printed, _) = routes(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["routes"][1]["path"], "/login");
    assert_eq!(json["routes"][1]["file"], "examples/quickstart.rs");
}

#[test]
fn asked_for_a_picture_of_its_routes_it_writes_one() {
    let file = std::env::temp_dir().join(format!("quickstart-{}.svg", std::process::id()));
    let (printed, _) = routes(&["--svg", file.to_str().unwrap()]);
    let picture = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(printed, "");
    assert!(picture.starts_with("<svg") && picture.contains("/logout"));
}

#[test]
fn asked_for_its_routes_in_another_form_it_says_which_there_are() {
    let (printed, said) = routes(&["--xml"]);
    assert_eq!(printed, "");
    assert!(
        said.contains("routes --xml") && said.contains("--json"),
        "{said}"
    );
}

/// What the quickstart prints and what it complains of, when it is called with `routes` and these arguments.
fn routes(arguments: &[&str]) -> (String, String) {
    let out = common::example("quickstart")
        .arg("routes")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr))
}

/// rwf2/Rocket #2721, maxcountryman/flask-login #388 and #392: where each process made a key of its own, users were logged
/// out at random.
#[test]
fn a_cookie_of_another_process_is_empty_unless_both_have_one_key() {
    let mut visitor = Visitor::default();
    visitor.get(&Server::example("quickstart", &[]), "/login");
    let mut other = Server::example("quickstart", &[]);
    let answer = visitor.get(&other, "/");
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (200, "Not logged in")
    );
    let warning = other.wait_for("another key");
    assert!(
        warning.contains("altered") && warning.contains("SECRET_KEY"),
        "{warning}"
    );

    let key = [("SECRET_KEY", "1e2c81d14f9f4cf5a8a9e2a9d5b7d3f0")];
    visitor.get(&Server::example("quickstart", &key), "/login");
    let mut other = Server::example("quickstart", &key);
    assert_eq!(visitor.get(&other, "/").text, "Logged in as user 12345");
    assert!(!other.printed().contains("WARN"), "{}", other.printed());
}
