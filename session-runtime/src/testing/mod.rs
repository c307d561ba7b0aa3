//! Testing an application: a client that drives its router in process, and sessions outside any request.
//!
//! This floor uses what every other floor offers and is used by none of them. It needs no socket, no task and no runtime of
//! its own, and works in whatever runs the test.
//!
//! # A whole application
//!
//! [`TestClient`] is one visitor's browser. It makes the session layer and hands it to the application, so that it can
//! give the visitor a session and show what a response stored; the [`Clock`](crate::Clock) of both is its own, and stands
//! still until the test moves it.
//!
//! ```
//! use std::time::Duration;
//!
//! use serde_json::json;
//! use session_runtime::prelude::*;
//! use session_runtime::testing::{Stored, TestClient};
//!
//! #[get("/")]
//! async fn index(#[session] user_id: Option<u64>) -> String {
//!     match user_id {
//!         Some(id) => format!("Logged in as user {id}"),
//!         None => "Not logged in".to_owned(),
//!     }
//! }
//!
//! #[post("/visit")]
//! #[login_required]
//! async fn visit(#[session(default)] visits: &mut u32) {
//!     *visits += 1;
//! }
//!
//! // The application makes its routes for the server and for tests alike.
//! fn app(sessions: SessionLayer) -> axum::Router {
//!     routes![index, visit].with_sessions(sessions)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // In a `#[tokio::test]`:
//! let client = TestClient::new(app);
//! assert_eq!(client.get("/").await.text(), "Not logged in");
//! assert_eq!(client.post("/visit").await.status(), 401);
//!
//! // Logged in by one call, or with a whole session.
//! client.login(12345).await;
//! assert_eq!(client.get("/").await.text(), "Logged in as user 12345");
//! client.set_session(json!({ "user_id": 7, "visits": 41 })).await;
//!
//! // What a response stored, and what the visitor's cookie holds after it.
//! let response = client.post("/visit").await;
//! assert_eq!(*response.stored(), Stored::Values(json!({ "user_id": 7, "visits": 42 })));
//! assert_eq!(client.session().await["visits"], 42);
//!
//! // A second visitor, and a tampered cookie.
//! let other = client.another();
//! let name = client.cookies().names().remove(0);
//! other.cookies().set(&name, "forged");
//! assert_eq!(other.get("/").await.text(), "Not logged in");
//!
//! // Two years later.
//! client.clock().advance(Duration::from_secs(2 * 365 * 24 * 3600));
//! assert_eq!(client.get("/").await.text(), "Not logged in");
//! # }
//! ```
//!
//! An application with a configuration of its own gives it to [`TestClient::with_config`].
//!
//! # A single function
//!
//! [`session`] and [`session_with`] make a session for whatever takes one, and [`values`] shows what it holds. A handler that
//! carries attributes is called with [`Gate::for_test`](crate::Gate::for_test) in front of its parameters: guards are asked,
//! and values are read and written, as in a request.
//!
//! ```
//! use serde_json::json;
//! use session_runtime::{Gate, Refusal, prelude::*, testing};
//!
//! #[post("/visit")]
//! #[login_required]
//! async fn visit(#[session(default)] visits: &mut u32) -> String {
//!     *visits += 1;
//!     format!("visit {visits}")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let session = testing::session();
//! assert_eq!(Gate::<visit>::for_test(&session).err(), Some(Refusal::LoginRequired));
//!
//! let session = testing::session_with(json!({ "user_id": 12345, "visits": 2 }))?;
//! assert_eq!(visit(Gate::for_test(&session)?).await, "visit 3");
//! assert_eq!(testing::values(&session), json!({ "user_id": 12345, "visits": 3 }));
//! # Ok(())
//! # }
//! ```

mod client;
mod exchange;
mod jar;
mod received;
mod redirect;
mod request;
mod response;
pub mod store_suite;
mod values;
mod visitor_session;

use std::fmt::Display;

#[doc(inline)]
pub use crate::__store_suite as store_suite;
pub use client::TestClient;
pub use jar::CookieJar;
pub use received::CookieRefused;
pub use request::TestRequest;
pub use response::{Stored, TestResponse};
pub use values::{ValuesError, session, session_with, values};

use values::object;

/// Ends a test that is wrong itself, with a sentence.
#[track_caller]
fn wrong(problem: &dyn Display) -> ! {
    #[expect(
        clippy::panic,
        reason = "a test fails by panicking, and this is called in tests only"
    )]
    {
        panic!("{problem}")
    }
}
