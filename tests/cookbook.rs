//! The cookbook as its reader meets it: served over a socket, drawn, and described on its page.

mod common;

use std::fs;
use std::path::Path;

use common::{Answer, Server, Visitor, example};

#[test]
fn a_stranger_logs_in_and_comes_back_to_where_they_were_going() {
    let server = Server::example("cookbook", &[]);
    let mut bob = Visitor::default();
    assert!(bob.get(&server, "/").text.contains("Lentil soup"));

    let page = [("Accept", "text/html")];
    let sent = bob.send(&server, "GET", "/recipes/2/edit", &page);
    assert_eq!(redirect(&sent), (303, "/login?next=/recipes/2/edit".into()));
    let login = bob.get(&server, "/login?next=/recipes/2/edit");
    assert!(login.text.contains(r#"value="/recipes/2/edit""#));
    let fields = "name=bob&next=/recipes/2/edit";
    let logged_in = bob.post_form(&server, "/login", fields);
    assert_eq!(redirect(&logged_in), (303, "/recipes/2/edit".into()));
    let form = bob.get(&server, "/recipes/2/edit");
    assert!(form.text.contains("cumin"), "{}", form.text);
}

#[test]
fn each_of_stranger_member_author_and_editor_gets_as_far_as_they_may() {
    let server = Server::example("cookbook", &[]);
    let mut visitors = ["", "eve", "bob", "ada"].map(|name| {
        let mut visitor = Visitor::default();
        if !name.is_empty() {
            visitor.post_form(&server, "/login", &format!("name={name}&next=/"));
        }
        visitor
    });
    for (path, expected) in [
        ("/", [200, 200, 200, 200]),
        ("/account", [401, 200, 200, 200]),
        ("/recipes/2/edit", [401, 403, 200, 403]),
        ("/admin", [401, 403, 403, 200]),
        ("/admin/export", [401, 403, 403, 200]),
        ("/admin/unknown", [404, 404, 404, 404]),
    ] {
        let seen = visitors
            .each_mut()
            .map(|visitor| visitor.get(&server, path).status);
        assert_eq!(seen, expected, "{path}");
    }

    let [_, eve, bob, ada] = &mut visitors;
    let draft = "title=Dal&ingredients=lentils";
    assert_eq!(eve.post_form(&server, "/recipes/2", draft).status, 403);
    assert_eq!(bob.post_form(&server, "/recipes/2", draft).status, 303);
    let page = bob.get(&server, "/recipes/2").text;
    assert!(page.contains("Dal is changed."), "{page}");
    let rejected = ada.post_form(&server, "/admin/recipes/2/reject", "");
    assert_eq!(redirect(&rejected), (303, "/admin".into()));
    assert_eq!(bob.get(&server, "/recipes/2").status, 404);
}

#[test]
fn the_picture_beside_it_is_what_it_draws_now() {
    let drawn = std::env::temp_dir().join(format!("cookbook-{}.svg", std::process::id()));
    let status = example("cookbook")
        .args(["routes", "--svg"])
        .arg(&drawn)
        .status();
    assert!(status.unwrap().success());
    let now = fs::read_to_string(&drawn).unwrap();
    fs::remove_file(&drawn).unwrap();
    assert!(
        now == read("routes.svg"),
        "draw it again: cargo run --example cookbook -- routes --svg examples/cookbook/routes.svg"
    );
}

#[test]
fn its_page_shows_the_table_that_it_prints() {
    let printed = example("cookbook").arg("routes").output().unwrap().stdout;
    let printed = String::from_utf8(printed).unwrap();
    let page = read("README.md");
    assert!(
        page.contains(&printed),
        "copy this into its README.md:\n{printed}"
    );
}

fn redirect(answer: &Answer) -> (u16, String) {
    (answer.status, answer.header("location"))
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cookbook");
    fs::read_to_string(folder.join(name)).unwrap()
}
