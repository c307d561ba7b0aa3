//! Which browser a request comes from, as far as Flask-Login tells browsers apart.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::header::USER_AGENT;
use http::{HeaderName, Request};

use crate::flask;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

pub(super) fn identifier<B>(request: &Request<B>) -> String {
    let header = |name: HeaderName| request.headers().get(name).map(|value| value.as_bytes());
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip().to_string());
    flask::identifier(header(X_FORWARDED_FOR), peer.as_deref(), header(USER_AGENT))
}
