//! Bare axum: the routes with their answers and without sessions.

use std::hint::black_box;

use axum::Router;
use axum::routing::{get, post};

use super::{Contender, Role};
use crate::app::served;
use crate::data::{USER, VISITS};

pub(super) const ID: &str = "axum";

pub(super) const CONTENDER: Contender = Contender {
    id: ID,
    name: "bare axum",
    role: Role::BaseLine,
    base_line: ID,
    app: || Box::new(served(router())),
};

pub(super) fn router() -> Router {
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(async || black_box(USER).to_string()))
        .route(
            "/change",
            post(async || (black_box(VISITS) + 1).to_string()),
        )
        .route("/login", post(async || "welcome"))
}
