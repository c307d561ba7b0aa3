//! What `routes![]` and `url_for!` promise.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, Path, State};
use axum::response::Redirect;
use http::{Request, header};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Refusal, Routes, Session, SessionConfig, SessionError, SessionLayer, UrlError, get, post,
    route, routes, url_for,
};
use tower::ServiceExt;

#[get("/users/{id}")]
async fn user(Path(id): Path<u32>) -> String {
    format!("{id} {}", url_for!(user, id = 7))
}

#[get("/home")]
async fn home() -> String {
    format!("{} {}", url_for!(user, id = 1), url_for!(home))
}

#[get("/")]
async fn root() -> String {
    url_for!(root)
}

#[get("/sibling")]
async fn sibling() -> String {
    url_for!(only_sibling)
}

#[get("/only-sibling")]
async fn only_sibling() {}

#[get("/late")]
async fn late() -> String {
    let task = async { url_for!(late) };
    tokio::spawn(task).await.unwrap()
}

#[get("/by-default")]
async fn by_default(#[session(default = url_for!(by_default))] back: String) -> String {
    back
}

/// It sees nothing of the request, so that there is no session.
#[get("/refusing")]
async fn refusing() -> session_runtime::Result<()> {
    Err(SessionError::Missing {
        key: "cart".to_owned(),
    })
}

#[get("/nowhere")]
#[expect(dead_code, reason = "it is routed nowhere")]
async fn nowhere() {}

fn sessions() -> SessionLayer {
    let config = SessionConfig::new(SecretKey::dangerous("k"))
        .login_page("/login")
        .unwrap();
    SessionLayer::new(config)
}

async fn body(app: &Router, uri: &str) -> String {
    let response = app
        .clone()
        .oneshot(Request::get(uri).body(Body::empty()).unwrap())
        .await
        .unwrap();
    String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap()
}

async fn location(app: &Router, uri: &str) -> String {
    let request = Request::get(uri)
        .header("accept", "text/html")
        .body(Body::empty())
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn several_routers_in_one_process_each_give_their_own_addresses() {
    let site = || -> Routes { routes![home] };
    let one: Router = site()
        .nest("/admin", routes![user])
        .with_sessions(sessions());
    let two: Router = site()
        .nest("/v2", Routes::new().nest("/x", routes![user]))
        .without_sessions();
    assert_eq!(body(&one, "/home").await, "/admin/users/1 /home");
    assert_eq!(body(&two, "/home").await, "/v2/x/users/1 /home");
    assert_eq!(body(&two, "/v2/x/users/3").await, "3 /v2/x/users/7");

    let both: Router = Router::new().nest("/app/tenant", one).nest("/other", two);
    assert_eq!(
        body(&both, "/app/tenant/home").await,
        "/app/tenant/admin/users/1 /app/tenant/home"
    );
    assert_eq!(
        body(&both, "/other/v2/x/users/3").await,
        "3 /other/v2/x/users/7"
    );
}

#[tokio::test]
async fn the_root_of_a_nest_is_the_prefix_itself() {
    let routes: Routes = routes![root];
    let app = Router::new().nest("/app", routes.with_sessions(sessions()));
    assert_eq!(body(&app, "/app").await, "/app");
    let routes: Routes = Routes::new().nest("/app", routes![root]);
    assert_eq!(routes.table().url_for::<root>(&[]).unwrap(), "/app");
    assert_eq!(
        body(&routes.with_sessions(sessions()), "/app").await,
        "/app"
    );
}

#[tokio::test]
async fn what_a_default_is_made_of_knows_the_router_that_serves_the_request() {
    let site = |prefix| -> Router {
        let routes: Routes = Routes::new().nest(prefix, routes![by_default]);
        routes.with_sessions(sessions())
    };
    let (one, two) = (site("/one"), site("/two"));
    let app = Router::new().nest("/app", one).merge(two);
    for address in ["/app/one/by-default", "/two/by-default"] {
        assert_eq!(body(&app, address).await, address);
    }
}

#[tokio::test]
async fn a_refusal_of_a_handler_that_sees_no_request_gets_the_applications_body_too() {
    let routes: Routes = routes![refusing];
    let page = |refusal: &Refusal| format!("page of {}", refusal.status());
    let app = routes.with_sessions(sessions().on_refusal(page));
    assert_eq!(body(&app, "/refusing").await, "page of 400 Bad Request");
}

#[tokio::test]
async fn a_sibling_router_is_found_and_a_spawned_task_finds_the_only_table() {
    let here: Routes = routes![sibling, late];
    let there: Routes = routes![only_sibling];
    let app: Router = here
        .with_sessions(sessions())
        .merge(there.without_sessions());
    assert_eq!(body(&app, "/sibling").await, "/only-sibling");
    assert_eq!(body(&app, "/late").await, "/late");
}

#[test]
fn what_is_wrong_with_a_prefix_is_said_in_a_sentence() {
    for (prefix, sentence) in [
        (
            "admin",
            "the prefix `admin` does not begin with `/`; write `/admin`",
        ),
        (
            "/:team",
            "the prefix `/:team` has a parameter as axum 0.7 wrote it; write `{team}`",
        ),
        (
            "//v2",
            "the prefix `//v2` has two `/` in a row, which browsers may read as another host; write `/v2`",
        ),
        (
            "/v2///",
            "the prefix `/v2///` has two `/` in a row, which browsers may read as another host; write `/v2/`",
        ),
    ] {
        let nested = std::panic::catch_unwind(|| Routes::<()>::new().nest(prefix, Routes::new()));
        let panic = nested.unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().unwrap(), sentence);
    }
}

#[tokio::test]
#[should_panic(expected = "`nowhere` has no address: it is not among these routes")]
async fn an_address_that_no_router_has_is_a_panic_with_a_sentence() {
    let _ = url_for!(nowhere);
}

#[test]
fn the_table_gives_addresses_as_results() {
    let routes: Routes = routes![user];
    let table = routes.table();
    assert_eq!(
        table.url_for::<user>(&[("id", &"a/b")]).unwrap(),
        "/users/a%2Fb"
    );
    assert_eq!(
        table.url_for::<home>(&[]),
        Err(UrlError::NotRouted { handler: "home" })
    );
    assert!(
        matches!(table.url_for::<user>(&[]), Err(UrlError::MissingParameter { parameter, .. }) if parameter == "id")
    );
}

#[test]
fn a_job_asks_the_routes_or_keeps_their_table() {
    let routes: Routes = Routes::new().nest("/v2", routes![user]);
    let table = routes.table();
    let by_routes = routes.url_for::<user>(&[("id", &7), ("tab", &"x")]);
    assert_eq!(by_routes.unwrap(), "/v2/users/7?tab=x");
    drop(routes);
    let job = std::thread::spawn(move || table.url_for::<user>(&[("id", &8)]));
    assert_eq!(job.join().unwrap().unwrap(), "/v2/users/8");
}

#[tokio::test]
async fn addresses_outside_a_request_are_refused_where_routers_disagree() {
    #[get("/twice")]
    async fn twice() {}
    let one: Routes = routes![twice];
    let _one: Router = one.without_sessions();
    assert_eq!(url_for!(twice), "/twice");
    let two: Router = Routes::new().nest("/x", routes![twice]).without_sessions();
    let refused = std::panic::catch_unwind(|| url_for!(twice)).unwrap_err();
    assert!(
        refused
            .downcast_ref::<String>()
            .unwrap()
            .contains("several addresses in this process, /twice and /x/twice")
    );
    drop(two);
    assert_eq!(url_for!(twice), "/twice");
}

/// What a router that cannot be built says.
fn refusal(build: impl FnOnce() -> Routes + std::panic::UnwindSafe) -> String {
    *std::panic::catch_unwind(build)
        .unwrap_err()
        .downcast()
        .unwrap()
}

#[test]
fn two_handlers_for_one_route_are_found_and_both_places_named() {
    #[get("/same/{a}")]
    async fn first() {}
    #[route("/same/{a}", methods(POST, GET))]
    async fn second() {}
    #[post("/same/{a}")]
    async fn other_method() {}
    #[get("/{b}")]
    async fn other_name() {}

    let clash = "GET /same/{a} has two handlers: `routes::first` (session-runtime/tests/routes.rs:";
    let said = refusal(|| routes![first, second]);
    assert!(
        said.starts_with(clash)
            && said.contains("`routes::second` (session-runtime/tests/routes.rs:"),
        "{said}"
    );
    let said = refusal(|| Routes::new().merge(routes![first]).merge(routes![second]));
    assert!(said.starts_with(clash), "{said}");
    let said = refusal(|| routes![first].nest("/same", routes![other_name]));
    assert!(said.starts_with("/same/{a} of `routes::first` ("), "{said}");
    assert!(
        said.ends_with("are one path; call its parameters the same in both"),
        "{said}"
    );
    let _: Routes = routes![first, other_method];
}

#[tokio::test]
async fn the_state_of_routes_is_inferred_from_handlers_or_from_use() {
    #[derive(Clone)]
    struct Db(&'static str);
    #[derive(Clone)]
    struct App(Db);
    impl FromRef<App> for Db {
        fn from_ref(app: &App) -> Self {
            app.0.clone()
        }
    }
    #[get("/part")]
    async fn part(State(db): State<Db>) -> &'static str {
        db.0
    }
    #[get("/go")]
    async fn go(_: Session) -> Redirect {
        Redirect::to(&url_for!(part))
    }
    fn generic<S: Clone + Send + Sync + 'static>() -> Router<S> {
        routes![go].with_sessions(sessions())
    }
    let app: Router = routes![part]
        .with_sessions(sessions())
        .merge(generic())
        .with_state(App(Db("pg")));
    assert_eq!(body(&app, "/part").await, "pg");
    assert_eq!(location(&app, "/go").await, "/part");
}

mod key_types {
    use super::*;

    #[get("/signed")]
    async fn signed(#[session] amount: Option<i64>) -> String {
        format!("{amount:?}")
    }

    #[get("/unsigned")]
    async fn unsigned(#[session] amount: Option<u64>) -> String {
        format!("{amount:?}")
    }

    #[get("/again")]
    async fn again(#[session(default)] amount: &mut i64) {
        *amount += 1;
    }

    /// What `routes!` cannot see: they are as large as each other.
    fn message(together: fn() -> Routes) -> String {
        let panic = std::panic::catch_unwind(together).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn one_key_of_two_types_is_refused_when_the_routes_are_put_together() {
        let ways: [fn() -> Routes; 3] = [
            || routes![signed, unsigned],
            || (routes![signed] as Routes).merge(routes![unsigned]),
            || (routes![signed] as Routes).nest("/other", routes![unsigned]),
        ];
        for together in ways {
            let message = message(together);
            for words in [
                "the session key `amount` is `i64` in `routes::key_types::signed` (session-runtime/tests/routes.rs:",
                "and `u64` in `routes::key_types::unsigned` (session-runtime/tests/routes.rs:",
                "give both one type",
            ] {
                assert!(message.contains(words), "{message}");
            }
        }
    }

    #[test]
    fn one_key_of_one_type_is_no_fault_however_it_is_bound() {
        let routes: Routes = routes![signed, again];
        let nested = Routes::new().nest("/a", routes![signed]).merge(routes);
        assert_eq!(nested.table().routes().count(), 3);
    }
}
