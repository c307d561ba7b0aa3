//! What the attributes make raises no lint in a program that denies every lint there is. Clippy judges it with the rest;
//! the test below shows that the program also runs.
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]

use axum::extract::{Json, State};
use axum::response::IntoResponse;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

const NAME: Key<String> = Key::new("name");

/// Reads in every way.
#[get("/read")]
#[public]
pub async fn read(
    #[session] missing: Option<u64>,
    #[session] result: Result<u64, SessionError>,
    #[session(default)] zero: u64,
    #[session(default = 7)] seven: u64,
    #[session(key = NAME, default)] name: String,
) -> String {
    format!("{missing:?} {} {zero} {seven} {name}", result.is_err())
}

/// Changes in every way.
///
/// # Errors
///
/// Where the session cannot be changed.
#[post("/change")]
#[session(permanent, lifetime = "15m", renew)]
#[login_required(redirect = "/login")]
pub async fn change(
    #[session(default)] visits: &mut u32,
    #[session] last: &mut Option<u32>,
    #[session(pop)] notice: Option<String>,
    #[session(set, key = NAME)] name: Slot<String>,
    State(step): State<u32>,
    session: Session,
    Json(text): Json<String>,
) -> Result<impl IntoResponse> {
    *visits += step;
    *last = Some(*visits);
    name.set(text)?;
    session.set("other", notice.is_some())?;
    Ok(visits.to_string())
}

/// Has several routes and no session.
#[route("/several", methods(GET, PUT))]
#[any("/any")]
#[csrf_exempt]
#[tracing::instrument]
pub async fn several() -> String {
    url_for!(read)
}

#[session(read_only)]
#[get("/private")]
async fn private(#[session] visits: Option<u32>) -> String {
    format!("{visits:?}")
}

#[tokio::test]
async fn a_program_that_denies_every_lint_uses_every_attribute() {
    let client = TestClient::new(|sessions| {
        routes![read, change, several, private]
            .with_sessions(sessions)
            .with_state(2)
    });
    client.login(1).await;
    assert_eq!(client.post("/change").json("Ada").await.text(), "2");
    assert_eq!(client.get("/private").await.text(), "Some(2)");
    assert_eq!(client.get("/read").await.text(), "None true 0 7 Ada");
    assert_eq!(client.put("/several").await.text(), "/read");
}
