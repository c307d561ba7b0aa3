//! The same work by hand, for this application alone: a token of its own, nothing configurable, and the best crates for
//! each step. What is wrong with a cookie is the same to it, and it refuses the same as a library has to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use memchr::memchr;
use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::Sha256;

use super::{Contender, Role, axum_alone};
use crate::app::served;
use crate::data::{self, LOGGED_IN, NOBODY};
use crate::visit::COOKIE;

pub(super) const CONTENDER: Contender = Contender {
    id: "hand-written",
    name: "a hand-written handler, best crates",
    role: Role::HandWritten,
    base_line: axum_alone::ID,
    app: || Box::new(served(router())),
};

/// In seconds.
pub(super) const LIFETIME: u64 = 24 * 60 * 60;
pub(super) const LEEWAY: u64 = 30;

/// What the cookie's line ends with.
const ATTRIBUTES: &str = "; HttpOnly; SameSite=Lax; Secure; Path=/";

fn router() -> Router {
    let key: [u8; 32] = std::array::from_fn(|_| fastrand::u8(..));
    let mac = Hmac::new_from_slice(&key).expect("HMAC takes a key of any length");
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(read))
        .route("/change", post(change))
        .route("/login", post(login))
        .route("/fill/small", post(fill_small))
        .route("/fill/big", post(fill_big))
        .with_state(Arc::new(Sealer { mac }))
}

async fn read(State(sealer): State<Arc<Sealer>>, request: Request) -> String {
    let payload = cookie(request.headers()).and_then(|token| sealer.open(token));
    match payload.as_deref().and_then(user_id) {
        Some(user) => user.to_string(),
        None => NOBODY.to_owned(),
    }
}

async fn change(State(sealer): State<Arc<Sealer>>, request: Request) -> impl IntoResponse {
    let payload = cookie(request.headers()).and_then(|token| sealer.open(token));
    let payload = payload.unwrap_or_else(|| b"{}".to_vec());
    // Borrowed, as no key of this application needs an escape.
    let mut session: BTreeMap<&str, &RawValue> =
        serde_json::from_slice(&payload).unwrap_or_default();
    let visits = session.get("visits");
    let visits: u64 = visits.map_or(0, |raw| raw.get().parse().unwrap_or(0)) + 1;
    let text = visits.to_string();
    let raw: &RawValue = serde_json::from_str(&text).expect("a number is JSON");
    session.insert("visits", raw);
    let payload = serde_json::to_vec(&session).expect("texts and raw values are JSON");
    ([(header::SET_COOKIE, sealer.seal(&payload))], text)
}

async fn login(State(sealer): State<Arc<Sealer>>) -> impl IntoResponse {
    #[derive(serde::Serialize)]
    struct Session {
        user_id: u64,
    }
    let session = Session { user_id: LOGGED_IN };
    let payload = serde_json::to_vec(&session).expect("a struct is JSON");
    ([(header::SET_COOKIE, sealer.seal(&payload))], "welcome")
}

async fn fill_small(State(sealer): State<Arc<Sealer>>) -> impl IntoResponse {
    let payload = data::text(&data::small());
    [(header::SET_COOKIE, sealer.seal(payload.as_bytes()))]
}

async fn fill_big(State(sealer): State<Arc<Sealer>>) -> impl IntoResponse {
    let payload = data::text(&data::big());
    [(header::SET_COOKIE, sealer.seal(payload.as_bytes()))]
}

/// The value of our cookie. Nothing is made of the others.
fn cookie(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get_all(header::COOKIE).iter().find_map(|value| {
        let mut rest = value.as_bytes();
        loop {
            let end = memchr(b';', rest);
            let (pair, next) = rest.split_at(end.unwrap_or(rest.len()));
            let pair = pair.trim_ascii_start();
            if let Some(value) = pair.strip_prefix(COOKIE.as_bytes())
                && let Some(value) = value.strip_prefix(b"=")
            {
                return Some(value);
            }
            rest = next.get(1..)?;
        }
    })
}

/// Makes and checks `payload.seconds.signature`, with base64 around payload and signature.
struct Sealer {
    /// Has taken its key in, and is copied for each token.
    mac: Hmac<Sha256>,
}

impl Sealer {
    fn open(&self, token: &[u8]) -> Option<Vec<u8>> {
        let (signed, signature) = rsplit_dot(token)?;
        let mut bytes = [0; 32];
        let signature = URL_SAFE_NO_PAD.decode(signature, bytes.as_mut_slice().as_out());
        let mac = self.mac.clone().chain_update(signed);
        // In constant time.
        mac.verify_slice(signature.ok()?).ok()?;

        let (payload, seconds) = rsplit_dot(signed)?;
        let signed_at: u64 = str::from_utf8(seconds).ok()?.parse().ok()?;
        let now = now();
        let is_alive = signed_at <= now + LEEWAY && now.saturating_sub(signed_at) <= LIFETIME;
        is_alive.then_some(())?;
        URL_SAFE_NO_PAD.decode_to_vec(payload).ok()
    }

    fn seal(&self, payload: &[u8]) -> HeaderValue {
        let line = sealed(&self.mac, payload);
        HeaderValue::try_from(line).expect("base64 and digits may stand in a header")
    }
}

/// How long the token of a payload is.
pub(super) fn token_length(payload: &[u8]) -> usize {
    URL_SAFE_NO_PAD.encoded_length(payload.len()) + 1 + 10 + 1 + 43
}

/// The whole `Set-Cookie`, made in one buffer.
pub(super) fn sealed(mac: &Hmac<Sha256>, payload: &[u8]) -> String {
    let length = COOKIE.len() + 1 + token_length(payload) + ATTRIBUTES.len();
    let mut text = String::with_capacity(length);
    text.push_str(COOKIE);
    text.push('=');
    let start = text.len();
    URL_SAFE_NO_PAD.encode_append(payload, &mut text);
    text.push('.');
    text.push_str(&now().to_string());
    let mac = mac.clone().chain_update(&text[start..]);
    text.push('.');
    URL_SAFE_NO_PAD.encode_append(mac.finalize().into_bytes(), &mut text);
    text.push_str(ATTRIBUTES);
    text
}

pub(super) fn rsplit_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = text.iter().rposition(|&byte| byte == b'.')?;
    Some((&text[..dot], &text[dot + 1..]))
}

pub(super) fn now() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed();
    since.map_or(0, |since| since.as_secs())
}

/// The number under `user_id`. What stands behind it is not read.
pub(super) fn user_id(payload: &[u8]) -> Option<u64> {
    struct Find<'a>(&'a mut Option<u64>);

    impl<'de> Visitor<'de> for Find<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<&'de str>()? {
                if key == "user_id" {
                    *self.0 = Some(map.next_value()?);
                    return Ok(());
                }
                map.next_value::<IgnoredAny>()?;
            }
            Err(A::Error::custom("there is no user"))
        }
    }

    let mut found = None;
    // serde_json complains of what is left over, and by then the number is found.
    let _ = serde_json::Deserializer::from_slice(payload).deserialize_map(Find(&mut found));
    found
}
