//! The application without sessions: the base line.

use axum::Router;
use axum::routing::{get, post};

pub(super) fn router() -> Router {
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(async || "1".to_owned()))
        .route("/write", post(async || "1".to_owned()))
        .route("/visit", post(async || "1".to_owned()))
}
