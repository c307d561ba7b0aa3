//! What the gate promises, on whole requests.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::task::Poll;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::{any as wire_any, get as wire_get, post as wire_post};
use axum::{Json, Router};
use http::{Method, Request, StatusCode, header};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Gate, Key, Refusal, Routes, Session, Session as Renamed, SessionConfig, SessionError,
    SessionLayer, Slot, any, get, login_required, options, post, route, routes, session, testing,
};
use tower::ServiceExt;

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<(), SessionError> {
    user_id.set(1)
}

#[get("/account")]
#[login_required]
async fn account() -> &'static str {
    "account"
}

#[any("/signin")]
#[login_required(redirect = "/signin")]
async fn signin() {}

#[post("/rows")]
#[login_required(redirect = "/login?theme=dark")]
async fn rows() {}

#[options("/rows")]
#[login_required]
async fn may_post_rows() {}

#[route("/listed", methods(GET, OPTIONS))]
#[login_required]
async fn listed() {}

#[login_required]
async fn by_hand() {}

#[get("/flash")]
async fn flash(#[session(pop)] notice: Option<String>) -> String {
    format!("{notice:?}")
}

#[post("/flash")]
async fn flash_with_body(#[session(pop)] notice: Option<String>, Json(_): Json<u8>) -> String {
    format!("{notice:?}")
}

#[get("/notify")]
async fn notify(session: Session) -> Result<(), SessionError> {
    session.set("notice", "saved")
}

#[post("/needs")]
async fn needs(#[session] cart: u32, _: String) -> String {
    cart.to_string()
}

#[get("/both")]
async fn both(session: Session, #[session(default)] visits: &mut u32) -> Result<(), SessionError> {
    *visits += 1;
    session.set("visits", 100)
}

#[get("/looks")]
#[session(read_only)]
async fn looks(session: Renamed, by_name: Session) -> String {
    let _: &session_runtime::ReadOnlySession = &by_name;
    format!(
        "{:?}",
        session
            .set("x", 1)
            .map_err(|error| matches!(error, SessionError::ReadOnly { .. }))
    )
}

#[get("/own-cache")]
#[login_required]
async fn own_cache() -> ([(&'static str, &'static str); 1], ()) {
    ([("cache-control", "private, max-age=60")], ())
}

fn sessions() -> SessionLayer {
    let config = SessionConfig::new(SecretKey::dangerous("k"))
        .login_page("/login")
        .unwrap();
    SessionLayer::new(config)
}

fn app() -> Router {
    let routes: Routes = routes![
        login,
        account,
        signin,
        rows,
        may_post_rows,
        listed,
        flash,
        flash_with_body,
        notify,
        needs,
        both,
        looks,
        own_cache
    ];
    routes
        .without_sessions()
        .route("/by-hand", wire_any(by_hand))
        .layer(sessions())
}

/// A browser's cookie jar of one cookie.
#[derive(Default)]
struct Visitor {
    cookie: Option<String>,
}

impl Visitor {
    async fn logged_in() -> Self {
        let mut visitor = Self::default();
        visitor.get("/login", &[]).await;
        visitor
    }

    async fn get(&mut self, uri: &str, headers: &[(&str, &str)]) -> Response {
        self.send(Method::GET, uri, headers, Body::empty()).await
    }

    async fn send(
        &mut self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = app()
            .oneshot(request.body(body.into()).unwrap())
            .await
            .unwrap();
        if let Some(set) = response.headers().get(header::SET_COOKIE) {
            self.cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        response
    }
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap()
}

fn header_of<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

const PAGE: (&str, &str) = ("accept", "text/html");

/// A body that says when somebody reads it.
fn unread() -> Body {
    struct Unread;
    impl http_body::Body for Unread {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            panic!("the body was read")
        }
    }
    Body::new(Unread)
}

#[tokio::test]
async fn a_stranger_gets_what_its_client_understands() {
    let mut stranger = Visitor::default();
    let page = stranger.get("/account?x=1", &[PAGE]).await;
    assert_eq!(
        (page.status(), header_of(&page, "location")),
        (StatusCode::SEE_OTHER, Some("/login?next=/account%3Fx%3D1"))
    );
    let htmx = stranger.get("/account", &[("hx-request", "true")]).await;
    assert_eq!(
        (htmx.status(), header_of(&htmx, "hx-redirect")),
        (StatusCode::UNAUTHORIZED, Some("/login?next=/account"))
    );
    for client in [
        ("accept", "application/json"),
        ("accept", "text/event-stream"),
        ("accept", "*/*"),
    ] {
        let answer = stranger.get("/account", &[client]).await;
        assert_eq!(
            (answer.status(), header_of(&answer, "location")),
            (StatusCode::UNAUTHORIZED, None),
            "{client:?}"
        );
    }
}

#[tokio::test]
async fn a_post_is_sent_to_the_login_page_without_next_and_its_body_is_not_read() {
    let answer = Visitor::default()
        .send(Method::POST, "/rows", &[PAGE], unread())
        .await;
    assert_eq!(
        (answer.status(), header_of(&answer, "location")),
        (StatusCode::SEE_OTHER, Some("/login?theme=dark"))
    );
    let shown = [
        ("hx-request", "true"),
        ("hx-current-url", "https://a.example/list?p=2"),
    ];
    let answer = Visitor::default()
        .send(Method::POST, "/rows", &shown, unread())
        .await;
    assert_eq!(
        header_of(&answer, "hx-redirect"),
        Some("/login?theme=dark&next=/list%3Fp%3D2")
    );
}

#[tokio::test]
async fn a_guarded_login_page_is_no_endless_redirect() {
    assert_eq!(
        Visitor::default().get("/signin", &[PAGE]).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn options_passes_the_login_guard_of_a_handler_that_serves_nothing_else() {
    let answer = Visitor::default()
        .send(Method::OPTIONS, "/rows", &[], "")
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_of_several_methods_is_shut_to_every_one_of_them() {
    for uri in ["/signin", "/listed", "/by-hand"] {
        for method in [
            Method::OPTIONS,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::from_bytes(b"PURGE").unwrap(),
        ] {
            let answer = Visitor::default()
                .send(method.clone(), uri, &[], unread())
                .await;
            let shut = [StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
            assert!(shut.contains(&answer.status()), "{method} {uri}");
        }
    }
}

#[tokio::test]
async fn a_user_passes_and_the_answer_is_not_stored_unless_the_handler_says_so() {
    let mut user = Visitor::logged_in().await;
    let answer = user.get("/account", &[]).await;
    assert_eq!(
        (answer.status(), header_of(&answer, "cache-control")),
        (StatusCode::OK, Some("no-store"))
    );
    assert_eq!(header_of(&answer, "vary"), Some("Cookie"));
    assert_eq!(
        header_of(&user.get("/own-cache", &[]).await, "cache-control"),
        Some("private, max-age=60")
    );
    let refused = Visitor::default().get("/account", &[PAGE]).await;
    assert_eq!(header_of(&refused, "cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_prefetch_takes_nothing_and_a_read_is_served() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    let early = visitor
        .get("/flash", &[("sec-purpose", "prefetch;prerender")])
        .await;
    assert_eq!(
        (early.status(), header_of(&early, "cache-control")),
        (StatusCode::SERVICE_UNAVAILABLE, Some("no-store"))
    );
    assert_eq!(
        header_of(&early, "vary"),
        None,
        "the session was not looked at"
    );
    assert_eq!(
        text(visitor.get("/flash", &[]).await).await,
        "Some(\"saved\")"
    );
    assert_eq!(text(visitor.get("/flash", &[]).await).await, "None");
    let mut user = Visitor::logged_in().await;
    assert_eq!(
        user.get("/account", &[("sec-purpose", "prefetch")])
            .await
            .status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_head_request_takes_nothing() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    visitor.send(Method::HEAD, "/flash", &[], "").await;
    assert_eq!(
        text(visitor.get("/flash", &[]).await).await,
        "Some(\"saved\")"
    );
}

#[tokio::test]
async fn a_request_that_a_later_extractor_refuses_takes_nothing() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    let json = [("content-type", "application/json")];
    let refused = visitor.send(Method::POST, "/flash", &json, "no json").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        text(visitor.send(Method::POST, "/flash", &json, "1").await).await,
        "Some(\"saved\")"
    );
}

#[tokio::test]
async fn a_missing_value_refuses_the_request_before_its_body_is_read() {
    let answer = Visitor::default()
        .send(Method::POST, "/needs", &[], unread())
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_key_written_in_two_ways_is_a_conflict_and_nothing_is_saved() {
    let answer = Visitor::default().get("/both", &[]).await;
    assert_eq!(
        (answer.status(), header_of(&answer, "set-cookie")),
        (StatusCode::CONFLICT, None)
    );
}

#[tokio::test]
async fn a_read_only_route_hands_out_a_session_that_cannot_be_changed() {
    assert_eq!(
        text(Visitor::default().get("/looks", &[]).await).await,
        "Err(true)"
    );
}

#[tokio::test]
async fn without_a_layer_a_gated_handler_answers_500_and_stays_shut() {
    let bare: Router = Router::new()
        .route("/a", wire_get(account))
        .route("/rows", wire_post(rows));
    for (method, uri) in [(Method::GET, "/a"), (Method::POST, "/rows")] {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .body(unread())
            .unwrap();
        assert_eq!(
            bare.clone().oneshot(request).await.unwrap().status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }
}

#[tokio::test]
async fn a_unit_test_passes_the_same_gate() {
    let session = testing::session();
    assert_eq!(
        Gate::<account>::for_test(&session).unwrap_err(),
        Refusal::LoginRequired
    );
    assert!(
        matches!(Gate::<needs>::for_test(&session), Err(Refusal::Session(SessionError::Missing { key })) if key == "cart")
    );
    session.set("user_id", None::<u64>).unwrap();
    assert!(
        Gate::<account>::for_test(&session).is_err(),
        "null is nobody"
    );
    session.set("user_id", 1).unwrap();
    assert_eq!(account(Gate::for_test(&session).unwrap()).await, "account");
    session.set("notice", "hi").unwrap();
    drop(Gate::<flash>::for_test(&session).unwrap());
    assert!(
        session.contains::<String>("notice"),
        "a gate that nobody enters takes nothing"
    );
    assert_eq!(
        flash(Gate::for_test(&session).unwrap()).await,
        "Some(\"hi\")"
    );
    assert!(!session.contains::<String>("notice"));
}

#[get("/panics")]
async fn panics(#[session(pop)] _notice: Option<String>) -> &'static str {
    panic!("on purpose")
}

#[tokio::test]
async fn a_panic_that_is_caught_inside_the_layer_gives_back_what_was_taken() {
    use axum::middleware::{Next, from_fn};
    use axum::response::{IntoResponse, Response};
    use session_runtime::testing::TestClient;

    async fn catch(request: axum::extract::Request, next: Next) -> Response {
        match tokio::spawn(next.run(request)).await {
            Ok(response) => response,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
    let client = TestClient::new(|sessions| {
        let router: Router = routes![panics].without_sessions();
        router.layer(from_fn(catch)).layer(sessions)
    });
    client
        .set_session(serde_json::json!({"_notice": "hi"}))
        .await;
    let answer = client.get("/panics").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.set_cookie().is_empty());
    assert_eq!(client.session().await["_notice"], "hi");
}

/// Leaves at its end alone: its body is a block, and no future of its own.
#[post("/slow")]
async fn slow(#[session(default)] visits: &mut u8) {
    *visits += 1;
    tokio::task::yield_now().await;
}

#[tokio::test]
async fn a_body_that_leaves_at_its_end_alone_is_not_written_back_when_it_is_dropped() {
    let session = testing::session();
    let mut running = Box::pin(slow(Gate::for_test(&session).unwrap()));
    let polled = std::future::poll_fn(|cx| Poll::Ready(running.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    drop(running);
    assert_eq!(session.get::<u8>("visits").unwrap(), None);
    slow(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get("visits").unwrap(), Some(1));
}

/// Many values, of every kind.
#[post("/many")]
async fn many(
    #[session] a: Option<u8>,
    #[session] b: Option<u8>,
    #[session] c: Option<u8>,
    #[session(pop)] d: Option<u8>,
    #[session] e: Option<u8>,
    #[session] f: Option<u8>,
    #[session(default)] g: &mut u8,
    #[session] h: Option<u8>,
    #[session(set)] i: Slot<u8>,
    #[session(default = 9)] j: u8,
    #[session] k: Result<u8, SessionError>,
    #[session] l: Option<u8>,
    #[session(pop)] m: Option<u8>,
    #[session(default)] n: &mut u8,
    #[session] o: Option<u8>,
    #[session] p: Option<u8>,
    #[session] q: u8,
) -> Result<String, SessionError> {
    i.set(10)?;
    *g += 1;
    *n += 1;
    let options = [a, b, c, d, e, f, h, l, m, o, p];
    Ok(format!("{options:?} {j} {} {q}", k.is_ok()))
}

#[tokio::test]
async fn a_handler_has_as_many_session_values_as_it_wants() {
    let session = testing::session();
    let refused = Gate::<many>::for_test(&session);
    assert!(refused.is_err(), "the last of them is not optional");
    for key in ["a", "d", "m", "q"] {
        session.set(key, 1).unwrap();
    }
    let answer = many(Gate::for_test(&session).unwrap()).await;
    assert_eq!(
        answer.unwrap(),
        "[Some(1), None, None, Some(1), None, None, None, None, Some(1), None, None] 9 false 1"
    );
    for (key, now) in [
        ("d", None),
        ("m", None),
        ("g", Some(1)),
        ("n", Some(1)),
        ("i", Some(10)),
    ] {
        assert_eq!(session.get::<u8>(key).unwrap(), now, "{key}");
    }
}

/// Yesterday a list of names, today their number.
const CART: Key<u8> = Key::new("cart").migrate(|old| old.as_array()?.len().try_into().ok());

#[get("/cart")]
async fn cart(#[session(key = CART)] count: Option<u8>) -> String {
    format!("{count:?}")
}

#[post("/cart")]
async fn add_to_cart(
    #[session(key = CART, default = 5)] count: &mut u8,
    #[session(default = Some(7))] last: &mut Option<u8>,
) {
    *count += 1;
    *last = last.map(|last| last + 1);
}

#[post("/cart/empty")]
async fn empty_cart(#[session(pop, key = CART, default = 3)] count: u8) -> String {
    count.to_string()
}

#[tokio::test]
async fn a_key_constant_reads_the_shape_of_an_earlier_version_in_a_parameter_too() {
    let session = testing::session();
    session.set("cart", ["tea", "milk"]).unwrap();
    assert_eq!(cart(Gate::for_test(&session).unwrap()).await, "Some(2)");
    add_to_cart(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get(CART).unwrap(), Some(3));
}

#[tokio::test]
async fn a_default_that_is_written_out_stands_for_what_is_missing() {
    let session = testing::session();
    add_to_cart(Gate::for_test(&session).unwrap()).await;
    assert_eq!(session.get(CART).unwrap(), Some(6));
    assert_eq!(session.get("last").unwrap(), Some(8));
    assert_eq!(empty_cart(Gate::for_test(&session).unwrap()).await, "6");
    assert_eq!(empty_cart(Gate::for_test(&session).unwrap()).await, "3");
}
