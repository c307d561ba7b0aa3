//! What the attributes make raises no lint, for a user who denies them all.
//!
//! Clippy has to run over this program for it to mean anything, as `cargo xtask test` does. It uses every attribute and
//! every binding, public, crate-wide and private, on functions and in modules.

#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    single_use_lifetimes,
    trivial_casts,
    unused_qualifications,
    unused_results,
    let_underscore_drop,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::default_numeric_fallback,
    clippy::exhaustive_structs,
    clippy::str_to_string,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::wildcard_enum_match_arm
)]

use axum::extract::{Json, Path, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use session_runtime::{Guard, ReadOnlySession};

/// Who is logged in.
const USER_ID: Key<u64> = Key::new("user_id");

/// Keys elsewhere.
mod keys {
    use session_runtime::Key;

    /// What is in the basket.
    pub const CART: Key<Vec<String>> = Key::new("cart");
}

/// Asks for nothing.
#[get("/")]
#[public]
async fn index() -> &'static str {
    "Welcome"
}

/// Reads in every way.
#[get("/read/{id}")]
#[session(read_only)]
pub async fn read(
    Path(id): Path<u64>,
    #[session] name: Option<String>,
    #[session] age: Result<u8, SessionError>,
    #[session(default)] visits: u32,
    #[session(default = 7)] rating: u64,
    #[session(key = "uid")] other: Option<u64>,
    #[session(key = USER_ID)] user: Option<u64>,
    #[session(key = keys::CART, default)] cart: Vec<String>,
    #[session(key = "pair", default)] (left, right): (u8, u8),
    State(step): State<u32>,
) -> String {
    format!(
        "{id} {name:?} {age:?} {visits} {rating} {other:?} {user:?} {cart:?} {left} {right} {step}"
    )
}

/// Needs a value.
#[get("/needs")]
async fn needs(#[session] name: String) -> String {
    name
}

/// Updates in every way.
#[post("/update")]
#[session(renew, permanent)]
pub(crate) async fn update(
    #[session(default)] visits: &mut u32,
    #[session] name: &mut Option<String>,
    #[session(default = vec![1])] numbers: &mut Vec<u8>,
    #[session(key = USER_ID, default)] user: &mut u64,
    Json(new): Json<String>,
) -> impl IntoResponse {
    *visits += 1;
    *name = Some(new);
    numbers.push(2);
    *user += 1;
    visits.to_string()
}

/// Returns early, and with `?`.
///
/// # Errors
///
/// If the session cannot be changed.
#[patch("/update")]
#[login_required]
pub async fn update_or_not(
    session: Session,
    #[session(default)] visits: &mut u32,
) -> Result<StatusCode> {
    if *visits > 10 {
        return Ok(StatusCode::CONFLICT);
    }
    *visits += 1;
    session.set("seen", true)?;
    Ok(StatusCode::OK)
}

/// Takes in every way.
#[delete("/take")]
#[session(clear)]
async fn take(
    #[session(pop)] notice: Option<String>,
    #[session(pop, default)] count: u64,
    #[session(pop, key = USER_ID)] user: Option<u64>,
) -> String {
    format!("{notice:?} {count} {user:?}")
}

/// Writes.
#[put("/write")]
#[session(lifetime = "10m")]
async fn write(
    #[session(set)] theme: Slot<String>,
    #[session(set, key = USER_ID)] user: Slot<u64>,
) -> Result<()> {
    theme.set("dark".to_owned())?;
    user.set(1)
}

/// On several methods, guarded, with a page to go to.
#[route("/several", methods(GET, POST))]
#[login_required(redirect = "/login")]
#[csrf_exempt]
async fn several(method: Method) -> String {
    format!("{method} {}", url_for!(read, id = 3_u32, page = 2_u32))
}

/// Lets those in who have an age.
struct HasAge(u8);

impl<S: Sync> Guard<S> for HasAge {
    type Refusal = StatusCode;

    async fn check(
        &self,
        session: &ReadOnlySession,
        _: &mut Parts,
        _: &S,
    ) -> core::result::Result<(), StatusCode> {
        match session.get::<u8>("age") {
            Ok(Some(age)) if age >= self.0 => Ok(()),
            _ => Err(StatusCode::FORBIDDEN),
        }
    }
}

/// Behind guards of the application's own, which are private here.
#[get("/own")]
#[guard(HasAge(18))]
#[login_required]
pub async fn own(#[session] age: u8) -> String {
    age.to_string()
}

/// Looks through a handle.
#[get("/look")]
#[session(read_only)]
async fn look(session: Session) -> Result<String> {
    Ok(format!("{:?}", session.get::<u8>("age")?))
}

/// On every other method.
#[head("/head")]
#[options("/options")]
#[any("/any")]
async fn whatever() {}

mod admin {
    //! Handlers of a module, seen from outside it.

    use session_runtime::prelude::*;

    /// Guarded, with nothing to await.
    #[login_required]
    #[get("/admin")]
    pub async fn panel(#[session] user_id: u64) -> String {
        user_id.to_string()
    }
}

fn client() -> TestClient {
    TestClient::new(|sessions| {
        let routes = routes![
            index,
            read,
            needs,
            update,
            update_or_not,
            take,
            write,
            several,
            whatever,
            own,
            look,
            admin::panel
        ];
        routes.with_sessions(sessions).with_state(1)
    })
}

/// `routes![strict; …]` raises no lint either, and the program's handlers do what they say.
#[tokio::test]
async fn a_program_under_the_strictest_lints_runs_as_any_other() {
    let strict: Routes = routes![strict; index, admin::panel];
    assert_eq!(strict.table().routes().count(), 2);

    let client = client();
    assert_eq!(client.put("/write").await.status(), 200);
    assert_eq!(client.post("/update").json("Ada").await.text(), "1");
    assert_eq!(client.patch("/update").await.status(), 200);
    let read = client.get("/read/3").await;
    assert_eq!(
        read.text(),
        r#"3 Some("Ada") Err(Missing { key: "age" }) 2 7 None Some(2) [] 0 0 1"#
    );
    assert_eq!(client.get("/needs").await.text(), "Ada");
    let several = client.get("/several").await;
    assert_eq!(several.text(), "GET /read/3?page=2");
    assert_eq!(client.get("/admin").await.text(), "2");
    assert_eq!(client.get("/own").await.status(), 403);
    assert_eq!(client.get("/look").await.text(), "None");
    assert_eq!(client.delete("/take").await.text(), "None 0 Some(2)");
    assert_eq!(client.get("/admin").await.status(), 401);
}
