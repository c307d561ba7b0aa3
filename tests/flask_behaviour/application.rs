//! The application that a case is about: Flask's settings as ours, and the routes that its view had.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use serde_json::Value;
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, CookieSettings, Refresh, Session, SessionConfig, SessionLayer};

use crate::operation::perform;
use crate::recording::Config;

/// The same settings here, or the sentence that refuses them.
pub fn configured(flask: &Config) -> Result<SessionConfig, String> {
    let key = match &flask.secret_key {
        Some(secret) => SecretKey::dangerous(secret.as_str()),
        // There is no configuration without a key; no text at all is what comes nearest.
        None => SecretKey::new("").map_err(|error| error.to_string())?,
    };
    let mut config = SessionConfig::flask(key).fallbacks(
        flask
            .secret_key_fallbacks
            .iter()
            .map(|secret| SecretKey::dangerous(secret.as_str())),
    );
    if let Some(seconds) = flask.permanent_session_lifetime {
        config = config.permanent_lifetime(Duration::from_secs(seconds));
    }
    if flask.session_refresh_each_request == Some(false) {
        config = config.refresh(Refresh::Never);
    }
    config
        .cookie(cookie(flask)?)
        .map_err(|error| error.to_string())
}

fn cookie(flask: &Config) -> Result<CookieSettings, String> {
    let mut cookie = CookieSettings::flask();
    if let Some(name) = &flask.session_cookie_name {
        cookie = cookie.name(name);
    }
    if let Some(domain) = &flask.session_cookie_domain {
        cookie = cookie.domain(domain);
    }
    // A router does not know where it is mounted, so an application says the path itself.
    if let Some(path) = flask
        .session_cookie_path
        .as_ref()
        .or(flask.application_root.as_ref())
    {
        cookie = cookie.path(path);
    }
    if let Some(secure) = flask.session_cookie_secure {
        cookie = cookie.secure(secure);
    }
    if let Some(http_only) = flask.session_cookie_httponly {
        cookie = cookie.http_only(http_only);
    }
    if let Some(partitioned) = flask.session_cookie_partitioned {
        cookie = cookie.partitioned(partitioned);
    }
    if let Some(same_site) = &flask.session_cookie_samesite {
        let same_site: session_runtime::SameSite = same_site
            .parse()
            .map_err(|error: session_runtime::UnknownSameSite| error.to_string())?;
        cookie = cookie.same_site(same_site);
    }
    Ok(cookie)
}

/// What the handler's operations on the session gave, one after the other.
#[derive(Clone, Default)]
pub struct Results(Arc<Mutex<Vec<Value>>>);

impl Results {
    pub fn push(&self, result: Value) {
        self.lock().push(result);
    }

    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The application, for one request whose handler does `operations`.
pub fn application(
    config: &SessionConfig,
    now: u64,
    operations: &[Vec<Value>],
    results: &Results,
) -> Router {
    let (operations, results) = (operations.to_vec(), results.clone());
    let handler = move |session: Session| async move { perform(&session, &operations, &results) };
    Router::new()
        // Flask answers OPTIONS by itself, axum leaves that to the application.
        .route("/", get(handler.clone()).post(handler).options(|| async {}))
        .layer(SessionLayer::new(config.clone().clock(Clock::manual(now))))
}
