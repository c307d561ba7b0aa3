//! Routes under a prefix.

use axum::Router;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

#[get("/profile")]
#[login_required(redirect = "/login")]
async fn profile() -> String {
    url_for!(profile, tab = "a b")
}

/// pfzetto/axum-oidc #32, maxcountryman/axum-login #153: under a nested router `next` lost the prefix.
#[tokio::test]
async fn next_and_url_for_have_the_whole_path_under_nests_of_either_kind_and_of_two_levels() {
    let ours = |sessions| {
        let routes: Routes = Routes::new().nest("/user", routes![profile]);
        routes.with_sessions(sessions)
    };
    agree(ours, "/user/profile").await;

    let axum_s = |sessions| Router::new().nest("/user", bare().with_sessions(sessions));
    agree(axum_s, "/user/profile").await;

    let ours_twice = |sessions| {
        let routes: Routes = Routes::new().nest("/b", routes![profile]);
        Routes::new().nest("/a", routes).with_sessions(sessions)
    };
    agree(ours_twice, "/a/b/profile").await;

    let axum_s_twice = |sessions| {
        let inner = Router::new().nest("/b", bare().with_sessions(sessions));
        Router::new().nest("/a", inner)
    };
    agree(axum_s_twice, "/a/b/profile").await;

    let ours_in_axum_s = |sessions| {
        let routes: Routes = Routes::new().nest("/b", routes![profile]);
        Router::new().nest("/a", routes.with_sessions(sessions))
    };
    agree(ours_in_axum_s, "/a/b/profile").await;

    let layer_outside = |sessions| {
        let router = Router::new().nest("/a", bare().without_sessions());
        router.layer(sessions)
    };
    agree(layer_outside, "/a/profile").await;
}

fn bare() -> Routes {
    routes![profile]
}

async fn agree(application: impl FnOnce(SessionLayer) -> Router, path: &str) {
    let config = SessionConfig::new(SecretKey::generate());
    let client = TestClient::with_config(config, application);
    let stranger = client
        .get(format!("{path}?c=d"))
        .header("accept", "text/html");
    let next = format!("/login?next={path}%3Fc%3Dd");
    assert_eq!(stranger.await.location(), Some(next.as_str()));

    client.login(1).await;
    let user = client.get(path).await;
    assert_eq!(user.text(), format!("{path}?tab=a%20b"));
}
