//! What this application promises: who gets where, and that nothing of it changes unseen.

use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use session_runtime::{SessionConfig, assert_audit_clean, assert_contract};

use crate::{app, routes};

/// A visitor who is not logged in. Ada (1) is an editor and wrote the pancakes (1), Bob (2) the lentil soup (2), Eve (3)
/// nothing.
fn stranger() -> TestClient {
    let config = SessionConfig::new(SecretKey::generate()).login_page("/login");
    TestClient::with_config(config.unwrap(), app)
}

async fn member(name: &str) -> TestClient {
    let client = stranger();
    let answer = client.post("/login").form([("name", name), ("next", "/")]);
    assert_eq!(answer.await.location(), Some("/"));
    client
}

#[test]
fn what_the_routes_do_to_the_session_is_what_was_reviewed() {
    assert_contract!("examples/cookbook/session-contract.json", routes());
}

#[test]
fn nothing_in_the_routes_is_strange() {
    assert_audit_clean!(routes());
}

#[test]
fn every_route_is_guarded_or_public_on_purpose() {
    for route in routes().table().routes() {
        assert!(route.is_guarded() || route.is_public(), "{}", route.path());
    }
}

#[tokio::test]
async fn a_stranger_reads_and_shops_and_is_sent_to_the_login_page_for_the_rest() {
    let stranger = stranger();
    for open in ["/", "/recipes/2", "/shopping", "/login"] {
        assert_eq!(stranger.get(open).await.status(), 200, "{open}");
    }
    for page in ["/account", "/recipes/new", "/recipes/2/edit", "/admin"] {
        let answer = stranger.get(page).header("accept", "text/html").await;
        let login = format!("/login?next={page}");
        assert_eq!(answer.location(), Some(&*login), "{page}");
    }
    for action in ["/recipes", "/recipes/2", "/recipes/2/remove", "/logout"] {
        assert_eq!(stranger.post(action).await.status(), 401, "{action}");
    }
    let reject = stranger.post("/admin/recipes/2/reject").await;
    assert_eq!(reject.status(), 401);
    assert!(stranger.get("/").await.text().contains("Lentil soup"));
}

#[tokio::test]
async fn the_login_page_leads_back_but_never_to_another_site() {
    let client = stranger();
    let page = client.get("/login?next=/recipes/new").await.text();
    assert!(
        page.contains(r#"name="next" value="/recipes/new""#),
        "{page}"
    );
    for (next, leads_to) in [("/recipes/new", "/recipes/new"), ("//evil.example", "/")] {
        let form = [("name", "bob"), ("next", next)];
        let answer = client.post("/login").form(form).await;
        assert_eq!(answer.location(), Some(leads_to));
    }
}

#[tokio::test]
async fn whom_nobody_knows_is_told_so_and_keeps_the_way_back() {
    let client = stranger();
    let form = [("name", "<mallory>"), ("next", "/recipes/new")];
    let answer = client.post("/login").form(form).await;
    let back = "/login?next=%2Frecipes%2Fnew";
    assert_eq!(answer.location(), Some(back));
    let page = client.get(back).await.text();
    assert!(
        page.contains("Nobody here is called &#60;mallory&#62;."),
        "{page}"
    );
    assert!(
        page.contains(r#"name="next" value="/recipes/new""#),
        "{page}"
    );
    assert_eq!(client.get("/account").await.status(), 401);
}

#[tokio::test]
async fn only_the_author_of_a_recipe_changes_it() {
    let draft = [("title", "Dal"), ("ingredients", "lentils")];
    for other in ["ada", "eve"] {
        let other = member(other).await;
        let refused = other.get("/recipes/2/edit").await;
        assert_eq!(refused.status(), 403);
        assert!(refused.text().contains("somebody else"));
        assert_eq!(other.post("/recipes/2").form(draft).await.status(), 403);
        assert_eq!(other.post("/recipes/2/remove").await.status(), 403);
        assert_eq!(other.get("/recipes/9/edit").await.status(), 404);
        assert_eq!(other.get("/recipes/soup/edit").await.status(), 404);
    }
    let bob = member("bob").await;
    assert!(bob.get("/recipes/2/edit").await.text().contains("cumin"));
    let changed = bob.post("/recipes/2").form(draft).follow_redirects().await;
    let page = changed.text();
    assert!(
        page.contains("Dal is changed.") && page.contains("<h1>Dal</h1>"),
        "{page}"
    );
    let page = bob.get("/recipes/2").await.text();
    assert!(!page.contains("is changed"), "shown once: {page}");
    bob.post("/recipes/2/remove").await;
    assert_eq!(bob.get("/recipes/2").await.status(), 404);
}

#[tokio::test]
async fn a_recipe_belongs_to_who_wrote_it() {
    let eve = member("eve").await;
    let draft = [("title", "Tea"), ("ingredients", "tea, water")];
    let written = eve.post("/recipes").form(draft).await;
    assert_eq!(written.location(), Some("/recipes/3"));
    assert!(eve.get("/account").await.text().contains("Tea"));
    assert_eq!(eve.get("/recipes/3/edit").await.status(), 200);
}

#[tokio::test]
async fn only_editors_see_the_group_and_a_path_that_it_does_not_have_is_nobody_s() {
    let (bob, ada) = (member("bob").await, member("ada").await);
    for page in ["/admin", "/admin/export"] {
        assert_eq!(bob.get(page).await.status(), 403, "{page}");
        assert_eq!(ada.get(page).await.status(), 200, "{page}");
    }
    assert_eq!(bob.post("/admin/recipes/1/reject").await.status(), 403);
    assert_eq!(bob.get("/admin/unknown").await.status(), 404);
    let reject = ada.post("/admin/recipes/2/reject").follow_redirects().await;
    assert!(reject.text().contains("Recipe 2 is rejected."));
    assert_eq!(ada.get("/recipes/2").await.status(), 404);
}

#[tokio::test]
async fn the_shopping_list_survives_the_login_and_ends_with_the_logout() {
    let client = stranger();
    for _ in 0..2 {
        client.post("/shopping/1").await;
    }
    assert_eq!(client.post("/shopping/9").await.status(), 404);
    let form = [("name", "eve"), ("next", "/")];
    client.post("/login").form(form).await;
    let list = client.get("/shopping").await.text();
    assert_eq!(list.matches("flour, milk, eggs").count(), 1, "{list}");

    let bye = client.post("/logout").follow_redirects().await;
    assert!(bye.text().contains("You are logged out."));
    assert!(!client.get("/shopping").await.text().contains("flour"));
    assert_eq!(client.get("/account").await.status(), 401);
}

#[tokio::test]
async fn who_is_done_shopping_has_an_empty_list() {
    let client = stranger();
    client.post("/shopping/2").await;
    let done = client.post("/shopping/done").follow_redirects().await;
    assert!(done.text().contains("Enjoy your meal."));
    assert!(!client.get("/shopping").await.text().contains("lentils"));
    let again = client.post("/shopping/done").follow_redirects().await;
    assert!(again.text().contains("nothing to shop for"));
}
