//! What the OWASP session management guidance, RFC 6265bis and the complaints of users of other systems ask of sessions,
//! as statements over HTTP. Each has its number of our list in its name. Those that only a store can hold are in
//! `owasp_stores.rs`, that of the back button is tried in a browser, and what is missing then is about what is not there yet.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{HeaderMap, HeaderValue};
use axum::http::{Method, Request, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::{Stored, TestClient, TestResponse};
use session_runtime::{CookieSettings, SessionError};
use tokio::sync::Notify;
use tower::ServiceExt;

const HOUR: u64 = 60 * 60;

/// With which a test holds a slow request up.
#[derive(Clone, Default)]
struct Slow {
    entered: Arc<Notify>,
    released: Arc<Notify>,
}

#[get("/about")]
async fn about() -> &'static str {
    "about"
}

#[get("/extracts")]
async fn extracts(_: Session) {}

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    user_id.map_or("nobody".to_owned(), |id| format!("user {id}"))
}

#[get("/slow")]
async fn slow(#[session] cart: Option<u32>, State(slow): State<Slow>) -> String {
    slow.entered.notify_one();
    slow.released.notified().await;
    format!("{cart:?}")
}

#[post("/cart")]
async fn fill_cart(#[session(default)] cart: &mut u32) {
    *cart += 1;
}

#[post("/cart/pay")]
async fn pay(#[session] cart: u32) -> String {
    cart.to_string()
}

#[get("/fails")]
async fn fails(session: Session) -> Result<()> {
    let _: Option<u64> = session.get("user_id")?;
    Err(SessionError::Unavailable {
        reason: "on purpose".to_owned(),
    })
}

#[post("/login")]
#[session(renew, permanent)]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<()> {
    user_id.set(12345)
}

#[post("/login/for-ten-minutes")]
#[session(renew, lifetime = "10m")]
async fn login_for_ten_minutes(#[session(set)] user_id: Slot<u64>) -> Result<()> {
    user_id.set(12345)
}

#[post("/login/until-the-browser-ends")]
#[session(renew)]
async fn login_until_the_browser_ends(
    #[session(set)] user_id: Slot<u64>,
) -> Result<[(&'static str, &'static str); 1]> {
    user_id.set(12345)?;
    Ok([("cache-control", "public, max-age=3600")])
}

#[post("/logout")]
#[session(clear)]
async fn logout() {}

#[get("/account")]
#[login_required]
async fn account() -> &'static str {
    "account"
}

fn app(sessions: SessionLayer, slow_one: Slow) -> Router {
    let inner: Routes<Slow> = Routes::new().nest("/inner", routes![account]);
    routes![
        about,
        extracts,
        index,
        slow,
        fill_cart,
        pay,
        fails,
        login,
        login_for_ten_minutes,
        login_until_the_browser_ends,
        logout,
        account
    ]
    .merge(inner)
    .with_sessions(sessions)
    .with_state(slow_one)
}

fn config() -> SessionConfig {
    SessionConfig::new(SecretKey::generate())
        .login_page("/signin")
        .unwrap()
}

fn visitor() -> TestClient {
    TestClient::with_config(config(), |sessions| app(sessions, Slow::default()))
}

/// The attributes of a response's only `Set-Cookie`, without the cookie's name and value.
fn attributes(response: &TestResponse) -> BTreeSet<String> {
    let lines = response.set_cookie();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].split("; ").skip(1).map(str::to_owned).collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The session cookie as the browser would send it.
fn cookie(client: &TestClient) -> String {
    client.cookies().header("/")
}

/// What somebody gets who sends this as the `Cookie` header: the status, and whom the index greets.
async fn sent_as(client: &TestClient, cookie: impl AsRef<[u8]>) -> (StatusCode, String) {
    let stranger = client.another();
    let cookie = String::from_utf8_lossy(cookie.as_ref()).into_owned();
    let account = stranger
        .get("/account")
        .header("cookie", &cookie)
        .await
        .status();
    let index = stranger.get("/").header("cookie", &cookie).await;
    assert_eq!(index.status(), StatusCode::OK, "{cookie}");
    (account, index.text())
}

fn anonymous() -> (StatusCode, String) {
    (StatusCode::UNAUTHORIZED, "nobody".to_owned())
}

fn logged_in() -> (StatusCode, String) {
    (StatusCode::OK, "user 12345".to_owned())
}

#[tokio::test]
async fn owasp_01_the_cookie_is_secure_http_only_lax_for_the_whole_host_and_for_no_other() {
    let client = visitor();
    let response = client.post("/login/until-the-browser-ends").await;
    assert_eq!(
        attributes(&response),
        set(&["Secure", "HttpOnly", "SameSite=Lax", "Path=/"])
    );
}

#[tokio::test]
async fn owasp_02_the_cookies_name_binds_it_to_the_host() {
    let client = visitor();
    client.post("/login").await;
    let names = client.cookies().names();
    assert!(
        matches!(&names[..], [name] if name.starts_with("__Host-")),
        "{names:?}"
    );
}

#[tokio::test]
async fn owasp_03_the_cookies_name_does_not_tell_the_framework() {
    let client = visitor();
    client.post("/login").await;
    assert_eq!(client.cookies().names(), ["__Host-session"]);
}

#[tokio::test]
async fn owasp_07_a_token_anywhere_but_in_the_cookie_is_ignored() {
    let client = visitor();
    client.post("/login").await;
    let pair = cookie(&client);
    let (name, token) = pair.split_once('=').unwrap();
    let stranger = client.another();
    for key in [name, "session", "sid", "token"] {
        let response = stranger.get(format!("/account?{key}={token}")).await;
        assert_eq!(response.status(), 401, "in the query as {key}");
        let response = stranger.post("/cart/pay").form([(key, token)]).await;
        assert_eq!(response.status(), 400, "in the body as {key}");
    }
    for (header, value) in [
        ("authorization", format!("Bearer {token}")),
        ("authorization", token.to_owned()),
        ("cookie2", pair.clone()),
        ("set-cookie", pair.clone()),
        ("x-session", token.to_owned()),
        (name, token.to_owned()),
        ("cookie", format!("other=1, {pair}")),
        ("cookie", token.to_owned()),
        ("cookie", format!("session={token}")),
        ("cookie", format!("other=\"{pair}\"")),
    ] {
        let response = stranger.get("/account").header(header, &value).await;
        assert_eq!(response.status(), 401, "{header}: {value}");
    }
    assert_eq!(sent_as(&client, &pair).await, logged_in());
}

#[tokio::test]
async fn owasp_08_any_flipped_bit_of_the_cookie_is_anonymous_and_never_an_error() {
    let client = visitor();
    client.post("/login").await;
    let pair = cookie(&client).into_bytes();
    let value = pair.iter().position(|&byte| byte == b'=').unwrap() + 1;
    let mut tried = 0;
    for at in value..pair.len() {
        for bit in 0..7 {
            let mut flipped = pair.clone();
            flipped[at] ^= 1 << bit;
            // What no header can hold does not arrive.
            if HeaderValue::from_bytes(&flipped).is_ok() {
                assert_eq!(
                    sent_as(&client, &flipped).await,
                    anonymous(),
                    "{}",
                    String::from_utf8_lossy(&flipped)
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 5 * (pair.len() - value), "{tried}");
    assert_eq!(sent_as(&client, &pair).await, logged_in());
}

#[tokio::test]
async fn owasp_09_garbage_oversized_and_many_cookies_are_anonymous_and_never_an_error() {
    let client = visitor();
    client.post("/login").await;
    let pair = cookie(&client);
    let (name, value) = pair.split_once('=').unwrap();
    let another = visitor();
    another.post("/login").await;
    let foreign = cookie(&another);
    let parts: Vec<_> = value.split('.').collect();
    let [payload, time, signature] = parts[..] else {
        panic!("{value}")
    };
    for garbage in [
        String::new(),
        ".".repeat(50),
        "=".repeat(50),
        "\"".to_owned(),
        "\"\\".to_owned(),
        "%00%ff".to_owned(),
        "{}".to_owned(),
        format!("{value}{value}"),
        format!("{value}="),
        format!(" {payload} . {time} . {signature}"),
        format!("{payload}.{time}."),
        format!("{payload}..{signature}"),
        format!("{payload}.{signature}"),
        format!(".{payload}.{time}.{signature}"),
        format!("{time}.{payload}.{signature}"),
        format!("{payload}.{}.{signature}", "_".repeat(20)),
        value.to_uppercase(),
        "A".repeat(1 << 20),
        format!("{}.{time}.{signature}", "A".repeat(1 << 20)),
    ] {
        assert_eq!(
            sent_as(&client, format!("{name}={garbage}")).await,
            anonymous(),
            "{garbage:.80}"
        );
        // The visitor's own cookie still counts beside one that somebody planted.
        for both in [
            format!("{name}={garbage}; {pair}"),
            format!("{pair}; {name}={garbage}"),
        ] {
            assert_eq!(sent_as(&client, both).await, logged_in(), "{garbage:.80}");
        }
    }
    let many = vec![foreign; 5_000].join("; ");
    assert_eq!(sent_as(&client, many).await, anonymous());
}

#[tokio::test]
async fn owasp_10_login_changes_the_cookie_and_the_old_one_is_not_logged_in() {
    let client = visitor();
    client.post("/cart").await;
    let before = cookie(&client);
    let response = client.post("/login").await;
    assert_eq!(
        *response.stored(),
        Stored::Values(json!({ "cart": 1, "user_id": 12345 }))
    );
    assert_ne!(cookie(&client), before);
    assert_eq!(sent_as(&client, before).await, anonymous());
    assert_eq!(sent_as(&client, cookie(&client)).await, logged_in());
}

#[tokio::test]
async fn owasp_13_logout_expires_the_cookie_with_the_attributes_it_was_set_with() {
    let settings = [
        CookieSettings::new(),
        CookieSettings::new()
            .domain("example.com")
            .path("/")
            .partitioned(true),
        CookieSettings::flask(),
    ];
    for settings in settings {
        let config = config().cookie(settings).unwrap();
        let client = TestClient::with_config(config, |sessions| app(sessions, Slow::default()));
        let login = client.post("/login/until-the-browser-ends").await;
        let logout = client.post("/logout").await;
        let end = set(&["Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Max-Age=0"]);
        assert_eq!(attributes(&logout), &attributes(&login) | &end);
        assert!(client.cookies().names().is_empty());
    }
}

#[tokio::test]
async fn owasp_15_a_get_to_a_logout_that_was_declared_as_post_does_not_log_out() {
    let client = visitor();
    client.post("/login").await;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT] {
        let response = client.request(method, "/logout").await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(*response.stored(), Stored::Nothing);
    }
    assert_eq!(client.get("/").await.text(), "user 12345");
}

#[tokio::test]
async fn owasp_16_an_idle_session_ends_whatever_the_client_did_to_its_cookie() {
    for (path, lifetime) in [
        ("/login", 31 * 24 * HOUR),
        ("/login/for-ten-minutes", HOUR / 6),
        ("/login/until-the-browser-ends", 24 * HOUR),
    ] {
        let client = visitor();
        client.post(path).await;
        let pair = cookie(&client);
        client.clock().advance(Duration::from_secs(lifetime));
        assert_eq!(sent_as(&client, &pair).await, logged_in(), "{path}");
        client.clock().advance(Duration::from_secs(1));
        assert_eq!(sent_as(&client, &pair).await, anonymous(), "{path}");
    }
}

#[tokio::test]
async fn owasp_17_an_absolute_lifetime_ends_a_session_despite_constant_activity() {
    let config = config().absolute_lifetime(Duration::from_secs(10 * HOUR));
    let client = TestClient::with_config(config, |sessions| app(sessions, Slow::default()));
    client.post("/login").await;
    let end = client.clock().now() + 10 * HOUR;
    assert_eq!(client.cookies().expires("__Host-session"), Some(end));
    for _ in 1..20 {
        client.clock().advance(Duration::from_secs(HOUR / 2));
        assert_eq!(client.post("/cart").await.status(), StatusCode::OK);
        assert_eq!(client.get("/").await.text(), "user 12345");
    }
    let pair = cookie(&client);
    client.clock().set(end);
    assert_eq!(sent_as(&client, &pair).await, logged_in());
    client.clock().set(end + 1);
    assert_eq!(sent_as(&client, &pair).await, anonymous());
}

#[tokio::test]
async fn owasp_18_the_cookie_never_outlives_the_session() {
    for path in ["/login", "/login/for-ten-minutes"] {
        let client = visitor();
        let name = "__Host-session";
        client.post(path).await;
        // Once as it was set, and once as it is sent again when its life is extended.
        for _ in 0..2 {
            let pair = cookie(&client);
            let expires = client.cookies().expires(name).unwrap();
            let now = client.clock().now();
            client.clock().set(expires);
            assert_eq!(sent_as(&client, &pair).await, logged_in(), "{path}");
            client.clock().set(expires + 1);
            assert_eq!(sent_as(&client, &pair).await, anonymous(), "{path}");
            client.clock().set(now + (expires - now) / 2);
            assert!(client.get("/").await.set_cookie().len() == 1, "{path}");
        }
    }
}

#[tokio::test]
async fn owasp_25_whatever_sets_the_cookie_is_not_to_be_stored() {
    let client = visitor();
    let mut responses = vec![
        client.post("/cart").await,
        client.post("/login/until-the-browser-ends").await,
    ];
    client.clock().advance(Duration::from_secs(12 * HOUR));
    responses.push(client.get("/").await);
    responses.push(client.post("/logout").await);
    let flask = SessionConfig::flask(SecretKey::generate());
    let client = TestClient::with_config(flask, |sessions| app(sessions, Slow::default()));
    responses.push(client.post("/login").await);
    responses.push(client.get("/about").await);
    for response in responses {
        assert_eq!(response.set_cookie().len(), 1);
        assert_eq!(response.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn owasp_27_the_cookie_is_never_set_for_plain_http() {
    let client = visitor();
    let mut lines = Vec::new();
    for path in ["/cart", "/login", "/login/for-ten-minutes", "/logout"] {
        lines.push(attributes(&client.post(path).await));
    }
    for attributes in lines {
        assert!(attributes.contains("Secure"), "{attributes:?}");
    }
    // Nor can the name be had without the attribute.
    let plain = CookieSettings::new().secure(false).name("__Host-session");
    assert!(config().cookie(plain).is_err());
}

#[tokio::test]
async fn owasp_33_vary_is_on_every_answer_that_depended_on_the_session_and_on_no_other() {
    let page = ("accept", "text/html");
    let prefetch = ("sec-purpose", "prefetch");
    let plain = ("accept", "*/*");
    for (method, path, header, status, varies) in [
        (Method::GET, "/", plain, 200, true),
        (Method::HEAD, "/", plain, 200, true),
        (Method::GET, "/", prefetch, 200, true),
        (Method::GET, "/account", plain, 401, true),
        (Method::GET, "/account", page, 303, true),
        (Method::GET, "/inner/account", page, 303, true),
        (Method::POST, "/cart", plain, 200, true),
        (Method::POST, "/cart/pay", plain, 400, true),
        (Method::GET, "/fails", plain, 503, true),
        (Method::POST, "/login", plain, 200, true),
        (Method::GET, "/about", plain, 200, false),
        (Method::GET, "/extracts", plain, 200, false),
        (Method::GET, "/nowhere", plain, 404, false),
        (Method::GET, "/login", plain, 405, false),
    ] {
        let response = visitor()
            .request(method.clone(), path)
            .header(header.0, header.1)
            .await;
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        assert_eq!(
            response.header("vary") == Some("Cookie"),
            varies,
            "{method} {path} {header:?}"
        );
    }
    let user = visitor();
    user.post("/login").await;
    assert_eq!(user.get("/account").await.header("vary"), Some("Cookie"));
    assert_eq!(user.get("/about").await.header("vary"), None);
}

#[tokio::test]
async fn owasp_35_next_never_leads_to_another_site() {
    let router = app(SessionLayer::new(config()), Slow::default());
    let ask = async |uri: &str, headers: &[(&str, &str)]| -> Option<Response> {
        // What is no address does not arrive.
        let uri: Uri = uri.parse().ok()?;
        let mut request = Request::get(uri).body(Body::empty()).ok()?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).ok()?;
            request.headers_mut().insert(
                axum::http::HeaderName::from_bytes(name.as_bytes()).ok()?,
                value,
            );
        }
        Some(router.clone().oneshot(request).await.unwrap())
    };
    let addresses = [
        "/account",
        "/account?next=//evil.example",
        "/account?next=https://evil.example&x=%0d%0aLocation:%20https://evil.example",
        "//evil.example/account",
        "/\\evil.example/account",
        "http://evil.example/account",
        "http://user@evil.example//account",
        "/inner/account?/../..//evil.example",
        "/account?\\\\evil.example",
        "/account#//evil.example",
    ];
    let mut seen = 0;
    for uri in addresses {
        let Some(response) = ask(uri, &[("accept", "text/html")]).await else {
            continue;
        };
        if let Some(to) = login_address(response.headers(), "location") {
            assert_stays(&to, uri);
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
    for shown in [
        "https://evil.example/account",
        "https://shop.example//evil.example",
        "https://shop.example/\\evil.example",
        "//evil.example/x",
        "/\\evil.example",
        "javascript://evil.example/%0aalert(1)",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:evil.example",
        "evil.example",
        "\\\\evil.example",
        "?x",
        "",
    ] {
        let headers = [("hx-request", "true"), ("hx-current-url", shown)];
        let response = ask("/account", &headers).await.unwrap();
        assert_eq!(response.status(), 401);
        let to = login_address(response.headers(), "hx-redirect").unwrap();
        assert_stays(&to, shown);
    }
}

/// The address in this header, which is the login page's.
fn login_address(headers: &HeaderMap, header: &str) -> Option<String> {
    let to = headers.get(header)?.to_str().unwrap().to_owned();
    assert!(to == "/signin" || to.starts_with("/signin?"), "{to}");
    Some(to)
}

/// That `next`, decoded, is a path that a browser reads as one on this site.
fn assert_stays(login_address: &str, asked: &str) {
    let Some((_, next)) = login_address.split_once("next=") else {
        return;
    };
    assert!(!next.contains(['&', '#', '\r', '\n']), "{login_address}");
    let mut decoded = Vec::new();
    let mut rest = next.as_bytes();
    while let [first, more @ ..] = rest {
        if let (b'%', [a, b, after @ ..]) = (first, more) {
            let digits = String::from_utf8(vec![*a, *b]).unwrap();
            decoded.push(u8::from_str_radix(&digits, 16).unwrap());
            rest = after;
        } else {
            decoded.push(*first);
            rest = more;
        }
    }
    // Browsers drop tabs and line ends, and take a backslash for a slash.
    decoded.retain(|byte| !b"\t\r\n".contains(byte));
    assert!(
        decoded.starts_with(b"/") && !matches!(decoded.get(1), Some(b'/' | b'\\')),
        "{asked} -> {login_address}"
    );
}

#[tokio::test]
async fn owasp_36_a_slow_request_that_only_reads_does_not_undo_a_newer_write() {
    let held = Slow::default();
    let client = TestClient::with_config(config(), |sessions| app(sessions, held.clone()));
    client.post("/cart").await;
    let reading = tokio::spawn(client.get("/slow").send());
    held.entered.notified().await;
    client.post("/cart").await;
    held.released.notify_one();
    let read = reading.await.unwrap();
    assert_eq!(read.text(), "Some(1)");
    assert_eq!(*read.stored(), Stored::Nothing);
    assert_eq!(client.session().await, json!({ "cart": 2 }));
}
