//! The login guard: in any order of attributes, under nests, for every kind of client.

use axum::Router;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

/// An application around the given layer.
type App = fn(SessionLayer) -> Router;

#[get("/profile")]
#[login_required(redirect = "/login")]
async fn profile() -> String {
    url_for!(profile)
}

/// pfzetto/axum-oidc #32, maxcountryman/axum-login pull request 153.
#[tokio::test]
async fn under_a_nest_next_and_url_for_have_the_prefix_two_levels_deep_as_well() {
    let apps: [(&str, App); 4] = [
        ("/user/profile", |sessions| {
            Routes::new()
                .nest("/user", routes![profile])
                .with_sessions(sessions)
        }),
        ("/user/profile", |sessions| {
            Router::new().nest("/user", routes![profile].with_sessions(sessions))
        }),
        ("/a/b/profile", |sessions| {
            Routes::new()
                .nest("/a", Routes::new().nest("/b", routes![profile]))
                .with_sessions(sessions)
        }),
        ("/a/b/profile", |sessions| {
            Router::new().nest(
                "/a",
                Routes::new()
                    .nest("/b", routes![profile])
                    .with_sessions(sessions),
            )
        }),
    ];
    for (path, app) in apps {
        let client = TestClient::new(app);
        let stranger = client.get(path).header(BROWSER.0, BROWSER.1).await;
        assert_eq!(
            stranger.location(),
            Some(format!("/login?next={path}").as_str())
        );
        client.login(1).await;
        assert_eq!(client.get(path).await.text(), path);
    }
}

/// HyphaApp/hypha #4530, Screenly/Anthias pull request 3306, pretalx pull request 2635: what a browser's page, htmx and an API
/// client are told.
#[tokio::test]
async fn only_a_page_view_is_redirected_and_a_script_is_told_401() {
    let client = TestClient::new(|sessions| routes![profile].with_sessions(sessions));
    let page = client
        .get("/profile?b=1&c=%26")
        .header(BROWSER.0, BROWSER.1)
        .await;
    assert_eq!(
        (page.status().as_u16(), page.location()),
        (303, Some("/login?next=/profile%3Fb%3D1%26c%3D%2526"))
    );
    let htmx = client
        .get("/profile")
        .header("hx-request", "true")
        .header(BROWSER.0, BROWSER.1)
        .await;
    assert_eq!(
        (htmx.status().as_u16(), htmx.header("hx-redirect")),
        (401, Some("/login?next=/profile"))
    );
    for accept in ["application/json", "text/event-stream", "*/*"] {
        let answer = client.get("/profile").header("accept", accept).await;
        assert_eq!(
            (answer.status().as_u16(), answer.location()),
            (401, None),
            "{accept}"
        );
    }
}
