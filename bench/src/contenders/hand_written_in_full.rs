//! The handler by hand with the duties of a library: a layer, because headers are set when the handler is done, and an
//! extractor. Everyone in a request sees one session, which is opened where somebody looks at it and saved once. It is for
//! this application alone still: one token, nothing configurable, and no session but its own.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{CACHE_CONTROL, COOKIE as COOKIES, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use memchr::memchr;
use pin_project_lite::pin_project;
use serde_json::value::RawValue;
use sha2::Sha256;
use tower::Service;
use tower::layer::layer_fn;
use tracing::{debug, error, info, warn};

use super::hand_written::{LEEWAY, LIFETIME, now, rsplit_dot, sealed, token_length, user_id};
use super::{Contender, Role, axum_alone};
use crate::app::served;
use crate::data::{self, LOGGED_IN, NOBODY};
use crate::visit::COOKIE;

pub(super) const CONTENDER: Contender = Contender {
    id: "hand-written-in-full",
    name: "the same by hand with our duties",
    role: Role::HandWrittenInFull,
    base_line: axum_alone::ID,
    app: || Box::new(served(router())),
};

/// How many cookies of our name are tried.
const MOST_COOKIES: usize = 16;

/// What browsers keep of a cookie's name and value, in bytes.
const MAX_SIZE: usize = 4096;

// Constants, since a value is checked byte by byte where it is made.
const THE_COOKIE: HeaderValue = HeaderValue::from_static("Cookie");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const PAGES_FETCHED_AHEAD: HeaderValue =
    HeaderValue::from_static(r#""prefetchCache", "prerenderCache""#);

const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

fn router() -> Router {
    let key: [u8; 32] = std::array::from_fn(|_| fastrand::u8(..));
    let sealer = Arc::new(Sealer::new(&key, &[]));
    let layer = layer_fn(move |inner| Sessions {
        inner,
        sealer: sealer.clone(),
    });
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(read))
        .route("/change", post(change))
        .route("/login", post(login))
        .route("/fill/small", post(fill_small))
        .route("/fill/big", post(fill_big))
        .layer(layer)
}

async fn read(session: Session) -> String {
    match session.user() {
        Some(user) => user.to_string(),
        None => NOBODY.to_owned(),
    }
}

async fn change(session: Session) -> Result<String, TooLate> {
    Ok(session.count("visits")?.to_string())
}

async fn login(session: Session) -> Result<&'static str, TooLate> {
    session.log_in(LOGGED_IN)?;
    Ok("welcome")
}

async fn fill_small(session: Session) -> Result<(), TooLate> {
    session.replace(data::text(&data::small()).into_bytes())
}

async fn fill_big(session: Session) -> Result<(), TooLate> {
    session.replace(data::text(&data::big()).into_bytes())
}

/// The session of one request; clones are the same session.
#[derive(Clone)]
struct Session(Arc<Shared>);

struct Shared {
    sealer: Arc<Sealer>,
    /// Whether a `HEAD` request has it, whose changes are dropped.
    saves_nothing: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_opened: bool,
    /// Empty where there is no session.
    payload: Vec<u8>,
    /// How long ago it was sealed, in seconds.
    age: u64,
    is_changed: bool,
    is_login_changed: bool,
    /// The response's head is made.
    is_closed: bool,
    /// A handler panicked.
    is_abandoned: bool,
    is_fetched_ahead: bool,
}

/// The session was changed when its cookie could not be sent any more.
struct TooLate;

impl IntoResponse for TooLate {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let Some(session) = parts.extensions.get::<Self>() else {
            error!("the session's layer is missing");
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        };
        session.open(parts);
        Ok(session.clone())
    }
}

impl Session {
    fn new(sealer: &Arc<Sealer>, method: &Method) -> Self {
        Self(Arc::new(Shared {
            sealer: sealer.clone(),
            saves_nothing: method == Method::HEAD,
            state: Mutex::default(),
        }))
    }

    fn open(&self, parts: &Parts) {
        let mut state = self.lock();
        if state.is_opened {
            return;
        }
        state.is_opened = true;
        state.is_fetched_ahead = is_fetched_ahead(&parts.method, &parts.headers);
        let mut newest: Option<Opened> = None;
        for token in cookies(&parts.headers).take(MOST_COOKIES) {
            match self.0.sealer.open(token) {
                // Of several sealed in one second, the one that the browser has had for the shortest time.
                Ok(opened) if newest.as_ref().is_none_or(|known| opened.age <= known.age) => {
                    newest = Some(opened);
                }
                Ok(_) => {}
                Err(reason) => reason.log(),
            }
        }
        if let Some(Opened { payload, age }) = newest {
            state.payload = payload;
            state.age = age;
        }
    }

    fn user(&self) -> Option<u64> {
        user_id(&self.lock().payload)
    }

    fn log_in(&self, user: u64) -> Result<(), TooLate> {
        let mut state = self.changeable()?;
        state.is_login_changed = user_id(&state.payload) != Some(user);
        state.set("user_id", &user.to_string());
        Ok(())
    }

    /// Counts a number up.
    fn count(&self, key: &'static str) -> Result<u64, TooLate> {
        let mut state = self.changeable()?;
        let mut values = values(&state.payload);
        let number: u64 = values
            .get(key)
            .map_or(0, |raw| raw.get().parse().unwrap_or(0))
            + 1;
        let text = number.to_string();
        let payload = with(&mut values, key, &text);
        state.change(payload);
        Ok(number)
    }

    fn replace(&self, payload: Vec<u8>) -> Result<(), TooLate> {
        let mut state = self.changeable()?;
        state.is_login_changed = user_id(&state.payload) != user_id(&payload);
        state.change(payload);
        Ok(())
    }

    fn changeable(&self) -> Result<MutexGuard<'_, State>, TooLate> {
        let state = self.lock();
        if state.is_closed {
            warn!("the session was changed after the response had begun; nothing is saved");
            return Err(TooLate);
        }
        Ok(state)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the request: saves the session, and lets the response say so.
    fn finish(&self, response: &mut Response) {
        let mut state = self.lock();
        state.is_closed = true;
        if !state.is_opened {
            return;
        }
        if state.is_changed && state.is_fetched_ahead {
            *response = StatusCode::SERVICE_UNAVAILABLE.into_response();
        } else if state.must_save() && !self.0.saves_nothing {
            match self.0.sealer.seal(&state.payload) {
                Some(cookie) => {
                    let headers = response.headers_mut();
                    headers.append(SET_COOKIE, cookie);
                    headers.insert(CACHE_CONTROL, NO_STORE);
                    if state.is_login_changed {
                        headers.append(CLEAR_SITE_DATA, PAGES_FETCHED_AHEAD);
                    }
                }
                None => {
                    error!("the session's cookie would be larger than browsers keep");
                    *response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                }
            }
        }
        response.headers_mut().append(VARY, THE_COOKIE);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.lock().is_abandoned = true;
        }
    }
}

impl State {
    fn set(&mut self, key: &'static str, text: &str) {
        self.change(if self.payload.is_empty() {
            ["{\"", key, "\":", text, "}"].concat().into_bytes()
        } else {
            with(&mut values(&self.payload), key, text)
        });
    }

    fn change(&mut self, payload: Vec<u8>) {
        self.payload = payload;
        self.is_changed = true;
    }

    /// A session that did not change is sent again after a tenth of its life.
    fn must_save(&self) -> bool {
        let is_old = !self.payload.is_empty() && self.age >= LIFETIME / 10;
        (self.is_changed || is_old) && !self.is_abandoned && !self.is_fetched_ahead
    }
}

/// Borrowed, as no key of this application needs an escape.
fn values(payload: &[u8]) -> BTreeMap<&str, &RawValue> {
    serde_json::from_slice(payload).unwrap_or_default()
}

fn with<'a>(values: &mut BTreeMap<&'a str, &'a RawValue>, key: &'a str, text: &'a str) -> Vec<u8> {
    let raw: &RawValue = serde_json::from_str(text).expect("a number is JSON");
    values.insert(key, raw);
    serde_json::to_vec(values).expect("texts and raw values are JSON")
}

fn is_fetched_ahead(method: &Method, headers: &HeaderMap) -> bool {
    let purpose = (method == Method::GET).then(|| headers.get(SEC_PURPOSE));
    purpose.flatten().is_some_and(|purpose| {
        let mut purposes = purpose.as_bytes().split(|byte| matches!(byte, b';' | b','));
        purposes.any(|purpose| matches!(purpose.trim_ascii(), b"prefetch" | b"prerender"))
    })
}

/// The values of all cookies of our name, on all lines.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(COOKIES).iter().flat_map(|line| {
        let mut rest = Some(line.as_bytes());
        std::iter::from_fn(move || {
            loop {
                let line = rest?;
                let end = memchr(b';', line);
                let (pair, next) = line.split_at(end.unwrap_or(line.len()));
                rest = next.get(1..);
                let value = pair.trim_ascii().strip_prefix(COOKIE.as_bytes());
                if let Some(value) = value.and_then(|value| value.strip_prefix(b"=")) {
                    return Some(value);
                }
            }
        })
    })
}

/// Makes and checks `payload.seconds.signature`, with base64 around payload and signature.
struct Sealer {
    /// Have taken their keys in, and are copied for each token. The first one seals.
    mac: Hmac<Sha256>,
    fallbacks: Vec<Hmac<Sha256>>,
}

/// What a token holds.
struct Opened {
    payload: Vec<u8>,
    age: u64,
}

/// Why a cookie opens no session.
enum Rejected {
    Foreign,
    Malformed,
    Expired,
    FromTheFuture,
}

impl Rejected {
    fn log(&self) {
        match self {
            Self::Foreign => warn!("a session's cookie was sealed with another key, or altered"),
            Self::Malformed => info!("a session's cookie is malformed"),
            Self::Expired => debug!("a session has expired"),
            Self::FromTheFuture => warn!("a session's cookie comes from the future"),
        }
    }
}

impl Sealer {
    fn new(key: &[u8], fallbacks: &[&[u8]]) -> Self {
        let mac = |key: &[u8]| Hmac::new_from_slice(key).expect("HMAC takes a key of any length");
        Self {
            mac: mac(key),
            fallbacks: fallbacks.iter().map(|key| mac(key)).collect(),
        }
    }

    fn open(&self, token: &[u8]) -> Result<Opened, Rejected> {
        let (signed, signature) = rsplit_dot(token).ok_or(Rejected::Malformed)?;
        let mut bytes = [0; 32];
        let signature = URL_SAFE_NO_PAD
            .decode(signature, bytes.as_mut_slice().as_out())
            .map_err(|_| Rejected::Foreign)?;
        let verifies = |mac: &Hmac<Sha256>| {
            let mac = mac.clone().chain_update(signed);
            // In constant time.
            mac.verify_slice(signature).is_ok()
        };
        if !verifies(&self.mac) && !self.fallbacks.iter().any(verifies) {
            return Err(Rejected::Foreign);
        }
        let (payload, signed_at) = rsplit_dot(signed).ok_or(Rejected::Malformed)?;
        let signed_at = str::from_utf8(signed_at).ok();
        let signed_at: u64 = signed_at
            .and_then(|seconds| seconds.parse().ok())
            .ok_or(Rejected::Malformed)?;
        let now = now();
        if signed_at > now + LEEWAY {
            return Err(Rejected::FromTheFuture);
        }
        let age = now.saturating_sub(signed_at);
        if age > LIFETIME {
            return Err(Rejected::Expired);
        }
        let payload = URL_SAFE_NO_PAD.decode_to_vec(payload);
        let payload = payload.map_err(|_| Rejected::Malformed)?;
        Ok(Opened { payload, age })
    }

    /// The whole `Set-Cookie`; nothing if browsers would not keep it.
    fn seal(&self, payload: &[u8]) -> Option<HeaderValue> {
        if COOKIE.len() + token_length(payload) > MAX_SIZE {
            return None;
        }
        let mut line = HeaderValue::try_from(sealed(&self.mac, payload)).ok()?;
        line.set_sensitive(true);
        Some(line)
    }
}

/// Gives each request a session, and ends it with the response.
#[derive(Clone)]
struct Sessions<S> {
    inner: S,
    sealer: Arc<Sealer>,
}

impl<S: Service<Request, Response = Response>> Service<Request> for Sessions<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Finishing<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let session = Session::new(&self.sealer, request.method());
        request.extensions_mut().insert(session.clone());
        Finishing {
            inner: self.inner.call(request),
            session,
        }
    }
}

pin_project! {
    struct Finishing<F> {
        #[pin]
        inner: F,
        session: Session,
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for Finishing<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        this.session.finish(&mut response);
        Poll::Ready(Ok(response))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(headers: HeaderMap, key: &[u8], fallbacks: &[&[u8]]) -> Session {
        let request = Request::new(());
        let (mut parts, ()) = request.into_parts();
        parts.headers = headers;
        let session = Session::new(&Arc::new(Sealer::new(key, fallbacks)), &Method::GET);
        session.open(&parts);
        session
    }

    fn cookie(key: &[u8]) -> HeaderMap {
        let line = Sealer::new(key, &[]).seal(br#"{"user_id":7}"#).unwrap();
        HeaderMap::from_iter([(COOKIES, line)])
    }

    #[test]
    fn a_fallback_key_opens_and_a_strangers_does_not() {
        assert_eq!(session(cookie(b"old"), b"new", &[b"old"]).user(), Some(7));
        assert_eq!(session(cookie(b"old"), b"new", &[]).user(), None);
    }

    #[test]
    fn all_in_a_request_see_one_session_until_it_ends() {
        let session = session(cookie(b"key"), b"key", &[]);
        let other = session.clone();
        assert!(session.log_in(8).is_ok());
        assert_eq!(other.user(), Some(8));
        let mut response = Response::default();
        session.finish(&mut response);
        assert!(response.headers().contains_key(SET_COOKIE));
        assert!(other.log_in(9).is_err());
    }

    #[test]
    fn after_a_panic_nothing_is_saved() {
        let session = session(HeaderMap::new(), b"key", &[]);
        let handle = session.clone();
        let handler = std::thread::spawn(move || {
            assert!(handle.log_in(7).is_ok());
            panic!("as a handler does");
        });
        assert!(handler.join().is_err());
        let mut response = Response::default();
        session.finish(&mut response);
        assert!(!response.headers().contains_key(SET_COOKIE));
    }

    #[test]
    fn what_browsers_would_not_keep_is_no_cookie() {
        let sealer = Sealer::new(b"key", &[]);
        assert!(sealer.seal(&[b' '; 2_900]).is_some());
        assert!(sealer.seal(&[b' '; 3_100]).is_none());
    }

    #[test]
    fn what_is_fetched_ahead_changes_nothing() {
        let mut headers = cookie(b"key");
        headers.insert(
            SEC_PURPOSE,
            HeaderValue::from_static("prefetch;anonymous-client-ip"),
        );
        let session = session(headers, b"key", &[]);
        assert!(session.log_in(8).is_ok());
        let mut response = Response::default();
        session.finish(&mut response);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!response.headers().contains_key(SET_COOKIE));
    }
}
