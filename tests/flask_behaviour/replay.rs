//! Sends a case's requests one after the other, and compares what comes back.

use axum::body::Body;
use axum::http::header::{AsHeaderName, CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE, VARY};
use axum::http::{HeaderMap, Request};
use session_runtime::SessionConfig;
use session_runtime::signing::{Digest, SecretKey, TokenSigner};
use tower::ServiceExt;

use crate::application::{Results, application};
use crate::differences::Steps;
use crate::expected::{Cookie, CookieValue, Outcome, names};
use crate::recording::{Case, Step};
use crate::tagged::rounded;

/// Whose session cookies the visitor sends back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    Ours,
    Flasks,
}

/// Replays the case. `differences` are by the step's number, as the recording counts: from 1.
pub async fn replay(
    case: &Case,
    config: &SessionConfig,
    differences: Steps,
    cookies: Cookies,
) -> Result<(), String> {
    let name = case
        .config
        .session_cookie_name
        .as_deref()
        .unwrap_or("session");
    let lifetime = case
        .config
        .permanent_session_lifetime
        .unwrap_or(31 * 24 * 60 * 60);
    let signer = signer(case);
    let mut sent: Vec<String> = Vec::new();
    for (at, step) in case.steps.iter().enumerate() {
        let mut expected = Outcome::recorded(step, lifetime);
        let here = differences
            .iter()
            .filter(|(steps, _)| steps.contains(&(at + 1)));
        for aspect in here.flat_map(|(_, aspects)| *aspects) {
            expected
                .differ(aspect, name)
                .map_err(|error| format!("step {}: {error}", at + 1))?;
        }
        let header = match cookies {
            Cookies::Flasks if step.request.cookie_literal.is_some() => {
                step.request.cookie_literal.clone()
            }
            _ => step
                .request
                .cookie
                .as_ref()
                .map(|text| filled(text, step, &sent)),
        };
        let (outcome, value) = respond(config, step, header, name, &signer).await?;
        if outcome != expected {
            return Err(format!(
                "step {}\nexpected {expected}\nfound    {outcome}",
                at + 1
            ));
        }
        sent.push(value.unwrap_or_else(|| flasks_value(step, name)));
    }
    Ok(())
}

/// Sends a step's request. With what came of it: the session's cookie, if the response has one.
async fn respond(
    config: &SessionConfig,
    step: &Step,
    cookie: Option<String>,
    name: &str,
    signer: &TokenSigner,
) -> Result<(Outcome, Option<String>), String> {
    let results = Results::default();
    let app = application(config, step.request.now, &step.handler.ops, &results);
    let mut request = Request::builder()
        .method(step.request.method.as_str())
        .uri(&step.request.path);
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie.into_bytes());
    }
    let response = app
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let headers = response.headers();
    let mut value = None;
    let mut cookies = Vec::new();
    for line in texts(headers, SET_COOKIE) {
        let mut parts = line.split("; ");
        let (line_name, text) = parts.next().unwrap().split_once('=').unwrap();
        let attributes = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (name.to_owned(), value.to_owned())
        });
        let is_session = line_name == name && text != "mine";
        if is_session {
            value = Some(text.to_owned());
        }
        cookies.push(Cookie {
            name: line_name.to_owned(),
            value: if is_session && !text.is_empty() {
                CookieValue::Signed(signed(signer, text, step.request.now)?)
            } else {
                CookieValue::Text(text.to_owned())
            },
            attributes: attributes.collect(),
        });
    }
    let outcome = Outcome {
        status: response.status().as_u16(),
        results: results.take().iter().map(rounded).collect(),
        cookies,
        vary: names(texts(headers, VARY)),
        cache_control: texts(headers, CACHE_CONTROL).next().map(str::to_owned),
        location: texts(headers, LOCATION).next().map(str::to_owned),
    };
    Ok((outcome, value))
}

/// What a cookie's value says, if it was signed now, with the current key.
fn signed(signer: &TokenSigner, value: &str, now: u64) -> Result<serde_json::Value, String> {
    let token = signer
        .verify(value)
        .map_err(|error| format!("{value}: {error}"))?;
    if token.signed_at != now {
        return Err(format!(
            "{value} was signed at {}, not {now}",
            token.signed_at
        ));
    }
    serde_json::from_slice(&token.payload).map_err(|error| error.to_string())
}

/// Flask's own signer, with the current key only.
fn signer(case: &Case) -> TokenSigner {
    let secret = case.config.secret_key.as_deref().unwrap_or_default();
    TokenSigner::builder(SecretKey::dangerous(secret))
        .salt("cookie-session")
        .digest(Digest::Sha1)
        .build()
}

/// The `Cookie` header with the cookies of earlier steps put in.
fn filled(text: &str, step: &Step, sent: &[String]) -> String {
    let mut header = text.to_owned();
    for (at, value) in sent.iter().enumerate() {
        let mut value = value.clone();
        for (from, to) in &step.request.cookie_edit {
            value = value.replace(from, to);
        }
        header = header.replace(&format!("<session:{}>", at + 1), &value);
    }
    header
}

/// Flask's own cookie of the step, where ours sent none.
fn flasks_value(step: &Step, name: &str) -> String {
    let session = step
        .response
        .set_cookie
        .iter()
        .rfind(|cookie| cookie.name == name);
    session.map_or(String::new(), |cookie| cookie.sent_value().to_owned())
}

fn texts(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap())
}
