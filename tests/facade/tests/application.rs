//! `crate = path` on handlers, and `routes!` and `url_for!` without it, where only a framework depends on session-runtime.

#![deny(warnings)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use session_facade::session as web;

use axum::http::StatusCode;
use axum::http::request::Parts;
use web::testing::TestClient;
use web::{
    Guard, Key, ReadOnlySession, Routes, Session, Slot, any, csrf_exempt, get, guard,
    login_required, post, public, route, routes, session, url_for,
};

#[tokio::test]
async fn a_handler_finds_the_runtime_under_the_path_that_one_of_its_attributes_names() {
    let client = TestClient::new(|sessions| all().with_sessions(sessions));
    assert_eq!(client.get("/own").await.status(), 401);
    assert_eq!(client.get("/counted").await.status(), 401);
    assert_eq!(client.post("/login").await.text(), "/users/7?tab=new");
    for path in [
        "/guarded",
        "/guarded-below",
        "/hidden",
        "/wired",
        "/options",
    ] {
        assert_eq!(client.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(client.get("/own").await.status(), 403);
    assert_eq!(client.get("/update").await.text(), "1");
    assert_eq!(client.get("/counted").await.text(), "2");
    assert_eq!(client.get("/read-only").await.text(), "Some(7)");
}

#[test]
fn the_table_has_them_all_and_a_strict_list_knows_who_may_call() {
    let strict: Routes = routes![strict; guarded_above, guarded_below, hidden, own, user];
    assert_eq!(strict.table().routes().count(), 5);
    assert!(all().table().routes().count() > strict.table().routes().count());
}

fn all() -> Routes {
    // Wired by hand: there is a gate, and no route.
    let by_hand = axum::Router::new().route("/wired", axum::routing::get(wired));
    let routes = routes![
        guarded_above,
        guarded_below,
        hidden,
        own,
        login,
        update,
        read_only,
        counted,
        user,
        by_options
    ];
    routes.merge_public(by_hand)
}

#[login_required]
#[get("/guarded", crate = web)]
async fn guarded_above() {}

#[get("/guarded-below", crate = "session_facade::session")]
#[csrf_exempt]
#[login_required]
async fn guarded_below() {}

#[session(permanent)]
#[cfg_attr(all(), login_required, get("/hidden", crate = web))]
async fn hidden() {}

#[login_required(crate = web)]
#[session(permanent)]
async fn wired() {}

#[any("/options", crate = self::web)]
#[session(permanent, lifetime = "1h")]
async fn by_options() {}

#[guard(Nobody)]
#[login_required]
#[get("/own", crate = ::session_facade::session)]
async fn own() {}

struct Nobody;

impl<S: Sync> Guard<S> for Nobody {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

const USER_ID: Key<u64> = Key::new("user_id");

#[post("/login", crate = web)]
async fn login(#[session(set, key = USER_ID)] user: Slot<u64>) -> web::Result<String> {
    user.set(7)?;
    Ok(url_for!(user, id = 7, tab = "new"))
}

#[public]
#[get("/users/{id}", crate = web)]
async fn user() {}

#[route("/update", methods(GET, PUT), crate = web)]
async fn update(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[session(read_only)]
#[get("/read-only", crate = web)]
async fn read_only(session: Session) -> String {
    format!("{:?}", session.get::<u64>("user_id").unwrap())
}

session_facade::counter!(counted, "/counted");
