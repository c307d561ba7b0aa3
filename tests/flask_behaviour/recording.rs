//! The recording, as it is written.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub config: Config,
    pub steps: Vec<Step>,
}

/// Flask's settings, under Flask's names. What is not named has its default.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub struct Config {
    pub secret_key: Option<String>,
    #[serde(default)]
    pub secret_key_fallbacks: Vec<String>,
    pub permanent_session_lifetime: Option<u64>,
    pub session_refresh_each_request: Option<bool>,
    pub application_root: Option<String>,
    pub session_cookie_name: Option<String>,
    pub session_cookie_domain: Option<String>,
    pub session_cookie_path: Option<String>,
    pub session_cookie_secure: Option<bool>,
    pub session_cookie_httponly: Option<bool>,
    pub session_cookie_samesite: Option<String>,
    pub session_cookie_partitioned: Option<bool>,
}

#[derive(Deserialize)]
pub struct Step {
    pub request: Request,
    pub handler: Handler,
    pub response: Response,
}

#[derive(Deserialize)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub now: u64,
    pub cookie: Option<String>,
    pub cookie_literal: Option<String>,
    #[serde(default)]
    pub cookie_edit: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub struct Handler {
    pub ops: Vec<Vec<Value>>,
    pub results: Vec<Value>,
}

#[derive(Deserialize)]
pub struct Response {
    pub status: u16,
    pub set_cookie: Vec<SetCookie>,
    pub vary: Vec<String>,
    pub cache_control: Option<String>,
    pub location: Option<String>,
}

#[derive(Deserialize)]
pub struct SetCookie {
    pub name: String,
    pub value: String,
    pub attributes: Vec<(String, Value)>,
    pub payload_text: Option<String>,
    pub literal: String,
}

impl SetCookie {
    /// The value as Flask sent it.
    pub fn sent_value(&self) -> &str {
        let (_, rest) = self.literal.split_once('=').unwrap();
        rest.split(';').next().unwrap()
    }
}

pub fn cases() -> Vec<Case> {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../data/flask/behaviour.json")).unwrap();
    assert_eq!(cases.len(), 112);
    cases
}
